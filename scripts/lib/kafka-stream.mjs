// @platformatic/kafka opens its sockets itself. Its `tls.connect` is replaced by one that returns the stream of the options,
// so that the guard of src/protocols/kafka/wire stands between socket and library; its plain `net.createConnection` fails.
// Only the wire of the package is bundled: its clients, registries and their validation (more than half of its code) are
// not used. Only the library as imported by src is changed: test peers and benches import the original.
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { root } from './root.mjs';

const entry = createRequire(join(root, 'package.json')).resolve('@platformatic/kafka');
const dist = dirname(entry);
const wasm = createRequire(entry).resolve('@platformatic/wasm-utils/bundled');

/** Modules by the end of their import, and what stands for them. */
const standIns = {
	'node:net': `export const createConnection = () => { throw new Error('Sockets are opened by the adapter.'); };`,
	'node:tls': 'export const connect = (port, host, { open }) => open(host, port);',
	// The name and version by which brokers know the client.
	'clients/base/options.js': `export const clientSoftwareName = 'messaging-workbench'; export const clientSoftwareVersion = '1';`,
	'ajv/dist/2020.js': 'export class Ajv2020 { addKeyword() {} }',
	debug: 'export default () => () => {};',
};
const library = `
// Node 20 lacks it.
Promise.withResolvers ??= function () {
	let resolve, reject;
	const promise = new this((...both) => ([resolve, reject] = both));
	return { promise, resolve, reject };
};
export { Connection } from './network/connection.js';
export * from './protocol/index.js';
export * from './apis/index.js';
export * from './errors.js';
export * from './clients/consumer/consumer-protocol.js';
`;

/** @type {import('esbuild').Plugin} */
export const kafkaStream = {
	name: 'kafka-stream',
	setup(build) {
		// By path, since tests are bundled with `packages: 'external'`.
		build.onResolve({ filter: /^@platformatic\/kafka$/ }, ({ importer }) =>
			importer.startsWith(join(root, 'src')) ? { path: 'library', namespace: 'kafka-stream' } : undefined,
		);
		build.onResolve({ filter: /^@platformatic\/wasm-utils$/ }, ({ importer }) =>
			importer.startsWith(dist + sep) ? { path: wasm } : undefined,
		);
		build.onResolve({ filter: /^@node-rs\/crc32$/ }, ({ path }) => ({ path, external: true }));
		build.onResolve(
			{ filter: /^(node:net|node:tls|debug|ajv\/dist\/2020\.js|\.\..*clients\/base\/options\.js)$/ },
			(asked) => {
				const name = asked.path.replace(/^(\.\.\/)+/, '');
				return asked.importer.startsWith(dist + sep) ? { path: name, namespace: 'kafka-stream' } : undefined;
			},
		);
		build.onLoad({ filter: /.*/, namespace: 'kafka-stream' }, ({ path }) => ({
			contents: path === 'library' ? library : standIns[path],
			resolveDir: dist,
		}));
	},
};
