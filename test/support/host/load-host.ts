import { createRequire } from 'node:module';
import { build } from 'esbuild';

/** Bundles one file of the host and loads it on the given editor. */
export async function loadHost<T>(entry: string, vscode: object): Promise<T> {
	const { outputFiles } = await build({
		entryPoints: [entry],
		bundle: true,
		write: false,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		external: ['vscode'],
		mainFields: ['module', 'main'],
		logLevel: 'error',
	});
	const require = createRequire(import.meta.url);
	const module = { exports: {} };
	const load = new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '');
	load(module, module.exports, (name: string) => (name === 'vscode' ? vscode : require(name)));
	return module.exports as T;
}
