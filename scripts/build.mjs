// Builds the product: extension, engine worker (one chunk per protocol), playground, command line and the webview's pages.
import { rm, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build, context } from 'esbuild';
import { amqplibStream } from './lib/amqplib-stream.mjs';
import { requireBanner } from './lib/bundle.mjs';
import { commonJsChunks } from './lib/common-js-chunks.mjs';
import { kafkaStream } from './lib/kafka-stream.mjs';
import { bundledPackages, noticesOf } from './lib/notices.mjs';
import { ownAead } from './lib/own-aead.mjs';

const production = process.argv.includes('--production');
const option = (name) => process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const dist = option('outdir') ?? 'dist';
/** Path of the file with the notices of the bundled libraries; none without the option. */
const notices = option('notices');
const common = {
	bundle: true,
	minify: production,
	sourcemap: production ? false : 'linked',
	logLevel: 'warning',
	legalComments: 'none',
	define: { 'process.env.NODE_ENV': '"production"' },
};
/** @type {import('esbuild').BuildOptions[]} */
export const targets = [
	{
		...common,
		entryPoints: ['src/extension.ts'],
		outdir: dist,
		chunkNames: 'host/[name]-[hash]',
		platform: 'node',
		target: 'node20',
		external: ['vscode'],
		plugins: [commonJsChunks],
		// The main entry of some packages (jsonc-parser) is a CommonJS build whose requires the bundler cannot see.
		mainFields: ['module', 'main'],
	},
	{
		...common,
		entryPoints: {
			worker: 'src/engine/worker.ts',
			compare: 'src/compare/worker.ts',
			simulation: 'src/simulation/worker.ts',
			playground: 'src/playground/main.ts',
			cli: 'src/cli.ts',
		},
		outdir: `${dist}/engine`,
		outExtension: { '.js': '.mjs' },
		platform: 'node',
		target: 'node20',
		format: 'esm',
		splitting: true,
		mainFields: ['module', 'main'],
		banner: { js: requireBanner },
		plugins: [ownAead, amqplibStream, kafkaStream],
	},
	{
		...common,
		entryPoints: { panel: 'webview/panel.ts', form: 'webview/form.ts' },
		outdir: `${dist}/webview`,
		platform: 'browser',
		target: 'es2022',
		format: 'esm',
		tsconfig: 'webview/tsconfig.json',
		// Command lines and programs of the protocols (protocols/<name>/files/tools.ts): the pages never load them.
		external: ['./tools'],
		// The icon font.
		loader: { '.ttf': 'file' },
		assetNames: '[name]',
	},
];

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	await rm(dist, { recursive: true, force: true });
	if (process.argv.includes('--watch')) {
		for (const target of targets) await (await context(target)).watch();
		console.log('watching');
	} else {
		const built = await Promise.all(targets.map((target) => build({ ...target, metafile: true })));
		if (notices) await writeFile(notices, await noticesOf(bundledPackages(built.map(({ metafile }) => metafile))));
	}
}
