// Options of esbuild for tests and benches.
import { ownAead } from './own-aead.mjs';

/** @type {import('esbuild').BuildOptions} */
export const testBundle = {
	outExtension: { '.js': '.mjs' },
	bundle: true,
	packages: 'external',
	platform: 'node',
	target: 'node20',
	format: 'esm',
	logLevel: 'warning',
	plugins: [ownAead],
};
