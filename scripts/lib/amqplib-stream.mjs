// amqplib opens its socket itself. Its `net.connect` is replaced by one that returns the stream in the options, so that
// the guard of src/protocols/amqp/wire stands between the socket and the library. Only the library as imported by src is
// changed: test peers and benches import the original.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './root.mjs';

const entry = createRequire(join(root, 'package.json')).resolve('amqplib');
const standIn = `
exports.isIP = require('node:net').isIP;
exports.connect = (options, connected) => {
	process.nextTick(connected);
	return options.stream;
};`;

/** @type {import('esbuild').Plugin} */
export const amqplibStream = {
	name: 'amqplib-stream',
	setup(build) {
		// By path, since tests are bundled with `packages: 'external'`.
		build.onResolve({ filter: /^amqplib$/ }, ({ importer }) =>
			importer.startsWith(join(root, 'src')) ? { path: entry } : undefined,
		);
		build.onResolve({ filter: /^node:net$/ }, ({ importer }) =>
			/[\\/]amqplib[\\/]lib[\\/]connect\.js$/.test(importer) ? { path: 'net', namespace: 'amqplib-stream' } : undefined,
		);
		build.onLoad({ filter: /^net$/, namespace: 'amqplib-stream' }, () => ({ contents: standIn }));
	},
};
