// Options of esbuild for tests and benches.
import { amqplibStream } from './amqplib-stream.mjs';
import { kafkaStream } from './kafka-stream.mjs';
import { ownAead } from './own-aead.mjs';

// CommonJS libraries call `require` for modules of Node; an ES module has no `require`.
export const requireBanner =
	"import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** @type {import('esbuild').BuildOptions} */
export const testBundle = {
	outExtension: { '.js': '.mjs' },
	bundle: true,
	packages: 'external',
	platform: 'node',
	// The first version with import attributes, which the icon font's table of names needs.
	target: 'node20.10',
	format: 'esm',
	logLevel: 'warning',
	banner: { js: requireBanner },
	plugins: [ownAead, amqplibStream, kafkaStream],
};
