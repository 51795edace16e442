// CommonJS in chunks that are loaded at their first use. esbuild splits only ES modules, and VS Code loads an extension
// fastest as CommonJS, so each chunk is built as an ES module and rewritten.
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
						// A native `import()` bypasses the loader through which the editor provides `vscode`.
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
 * esbuild turns a namespace import of a CommonJS module into a copy with a getter for each name. For `vscode`, which has
 * hundreds of names, once per importing file, that took longer than all other loading.
 */
function withoutCopies(text) {
	return text.replace(/\bimport\s*\*\s*as\s+([\w$]+)\s+from\s*"vscode"/g, 'var $1=require("vscode")');
}
