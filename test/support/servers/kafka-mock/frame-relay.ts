import { connect, createServer, type Socket } from 'node:net';
import { listen } from '../../net/listen';

/** What is sent on instead of a request or an answer, whose first four bytes are the length. `api`: the key of the request. */
export interface Changes {
	request?(api: number, frame: Buffer): Buffer;
	answer?(api: number, frame: Buffer): Buffer;
}

export interface FrameRelay {
	readonly port: number;
	close(): Promise<void>;
}

/** Stands between clients and one Kafka broker on this machine, and changes what they send. */
export async function startFrameRelay(to: number, { request, answer }: Changes): Promise<FrameRelay> {
	const sockets = new Set<Socket>();
	const server = createServer({ noDelay: true }, (near) => {
		const far = connect({ port: to, host: '127.0.0.1', noDelay: true });
		/** The requests that are not answered, by correlation id. */
		const asked = new Map<number, number>();
		forward(near, far, (frame) => {
			const api = frame.readInt16BE(4);
			asked.set(frame.readInt32BE(8), api);
			return request?.(api, frame) ?? frame;
		});
		forward(far, near, (frame) => answer?.(asked.get(frame.readInt32BE(4)) ?? -1, frame) ?? frame);
		for (const socket of [near, far]) {
			sockets.add(socket);
			socket.on('error', () => {});
			socket.on('close', () => {
				sockets.delete(socket);
				near.destroy();
				far.destroy();
			});
		}
	});
	const port = await listen(server);
	return {
		port,
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Passes whole frames, each changed. */
function forward(from: Socket, into: Socket, change: (frame: Buffer) => Buffer): void {
	let rest: Buffer = Buffer.alloc(0);
	from.on('data', (chunk: Buffer) => {
		rest = Buffer.concat([rest, chunk]);
		while (rest.length >= 4 && rest.length >= rest.readInt32BE(0) + 4) {
			const end = rest.readInt32BE(0) + 4;
			into.write(change(Buffer.from(rest.subarray(0, end))));
			rest = rest.subarray(end);
		}
	});
}

/** A frame of these parts, with their length in front. */
export function frameOf(...parts: Buffer[]): Buffer {
	const frame = Buffer.concat([Buffer.alloc(4), ...parts]);
	frame.writeInt32BE(frame.length - 4);
	return frame;
}
