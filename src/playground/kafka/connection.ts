import type { Socket } from 'node:net';
import type { Api, Call } from './apis/api';
import type { Cluster, Node } from './cluster';
import { Malformed, Reader } from './wire/reader';
import { Writer } from './wire/writer';

/** Answers a request, or `undefined` for none. Throwing ends the connection. */
export type Serve = (api: Api, request: unknown, call: Call, socket: Socket) => unknown;

/**
 * Serves one client. Requests are answered one after the other, as Kafka does; a fetch that waits for messages delays those
 * behind it. Invalid input ends this connection only.
 */
export function serveConnection(
	socket: Socket,
	{ apis, cluster, node, serve }: { apis: ReadonlyMap<number, Api>; cluster: Cluster; node: Node; serve: Serve },
): void {
	const ended = new AbortController();
	const { limits } = cluster;
	let received: Buffer = Buffer.alloc(0);
	let isBusy = false;
	socket.on('data', (chunk: Buffer) => {
		received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
		void next();
	});
	socket.on('error', () => socket.destroy());
	socket.on('close', () => ended.abort());

	async function next(): Promise<void> {
		if (isBusy) return;
		isBusy = true;
		try {
			while (!socket.destroyed) {
				const frame = takeFrame();
				if (!frame) break;
				await answer(frame);
			}
		} catch {
			socket.destroy();
		} finally {
			isBusy = false;
			socket.resume();
		}
	}

	/** The next request, or undefined until it is complete. */
	function takeFrame(): Buffer | undefined {
		if (received.length < 4) return undefined;
		const length = received.readInt32BE();
		if (length < 8 || length > limits.request) throw new Malformed('The request is too long.');
		if (received.length < 4 + length) return undefined;
		const frame = received.subarray(4, 4 + length);
		received = received.subarray(4 + length);
		// The client waits for this answer before more is read.
		if (received.length > limits.request) socket.pause();
		return frame;
	}

	async function answer(frame: Buffer): Promise<void> {
		const key = frame.readInt16BE(0);
		const version = frame.readInt16BE(2);
		const correlationId = frame.readInt32BE(4);
		const api = apis.get(key);
		if (!api) throw new Malformed('Unknown request.');
		const isKnown = version >= api.versions[0] && version <= api.versions[1];
		const isVersions = api.name === 'ApiVersions';
		if (!isKnown && !isVersions) throw new Malformed('Unknown version of a request.');
		const isFlexible = version >= api.flexible;
		const reader = new Reader(frame, version, isFlexible);
		reader.at = 8;
		// The client id of the header is never compact (KIP-482).
		const idLength = reader.int16();
		const clientId = idLength < 0 ? '' : reader.take(idLength).toString();
		if (isFlexible) reader.tags(() => false);
		const request = isKnown ? api.request.read(reader) : api.request.absent();
		const clientHost = socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
		const call: Call = { cluster, node, version, clientId, clientHost, signal: ended.signal };
		const response = await serve(api, request, call, socket);
		if (response === undefined || socket.destroyed) return;
		const responseVersion = isKnown ? version : 0;
		const writer = new Writer(responseVersion, responseVersion >= api.flexible);
		writer.int32(correlationId);
		// The answer to ApiVersions has the old header, so that a client of any version can read it (KIP-511).
		if (writer.flexible && !isVersions) writer.unsigned(0);
		api.response.write(writer, response);
		const body = writer.done();
		const head = Buffer.alloc(4);
		head.writeInt32BE(body.length);
		socket.cork();
		socket.write(head);
		socket.write(body);
		socket.uncork();
		if (socket.writableLength > limits.output) socket.destroy();
	}
}
