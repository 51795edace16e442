// CommonJS in chunks that are loaded with their first use. esbuild splits only ES modules, and VS Code loads an
// extension fastest as CommonJS: so each chunk is built as the one and rewritten as the other.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { transform } from 'esbuild';

/** @type {import('esbuild').Plugin} */
export const commonJsChunks = {
	name: 'common-js-chunks',
	setup({ initialOptions: options, onEnd }) {
		const { minify = false, sourcemap, target } = options;
		Object.assign(options, { format: 'esm', splitting: true, write: false });
		if (sourcemap) options.sourcemap = 'inline';
		onEnd(async ({ outputFiles = [] }) => {
			await Promise.all(
				outputFiles.map(async ({ path, text }) => {
					const { code } = await transform(withoutCopies(text), {
						format: 'cjs',
						platform: 'node',
						target,
						minify,
						sourcemap: sourcemap ? 'inline' : false,
						sourcefile: path,
						legalComments: 'none',
						// A native `import()` would leave the loader through which the editor hands out `vscode`.
						supported: { 'dynamic-import': false },
					});
					await mkdir(dirname(resolve(path)), { recursive: true });
					await writeFile(path, code);
				}),
			);
		});
	},
};

/**
 * A namespace import of a CommonJS module becomes a copy of it with a getter for each name. Of the hundreds of names of
 * `vscode`, once for each importing file, that took longer than everything else that happens on loading.
 */
function withoutCopies(text) {
	return text.replace(/\bimport\s*\*\s*as\s+([\w$]+)\s+from\s*"vscode"/g, 'var $1=require("vscode")');
}
