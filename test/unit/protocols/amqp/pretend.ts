import { connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { type Connection, openConnection } from '../../../../src/protocols/amqp/wire/connection';
import type { Login } from '../../../../src/protocols/amqp/wire/library';
import { writeTable } from '../../../../src/protocols/amqp/wire/table';
import { method } from '../../../support/hostile/amqp';
import { listen } from '../../../support/net/listen';
import { eventually } from '../../../support/run/eventually';

/** One frame that the client sent; `id` is `class << 16 | method`, 0 for content. */
export interface Sent {
	type: number;
	channel: number;
	id: number;
	bytes: Buffer;
}

export interface Pretended {
	connection: Connection;
	/** Everything that the client sent since the handshake, heartbeats excepted. */
	sent: Sent[];
	/** connection.tune-ok and connection.open. */
	tuned: Buffer;
	opened: Buffer;
	say(...bytes: Buffer[]): void;
	/** Resolves when the client has sent so many methods of a kind. */
	arrived(id: number, count?: number): Promise<Sent[]>;
}

export interface Tune {
	frameMax?: number;
	heartbeat?: number;
	login?: Partial<Login>;
	/** Requests that stay without an answer, by id. */
	silentOn?: readonly number[];
}

type Answer = (channel: number) => Buffer;
/** How a server answers what succeeds, by class and method of the request. */
const answers: Record<number, Answer> = {
	1310730: (channel) => method(channel, 20, 11, (to) => to.long('')),
	1310760: (channel) => method(channel, 20, 41),
	2621450: (channel) => method(channel, 40, 11),
	2621470: (channel) => method(channel, 40, 31),
	2621480: (channel) => method(channel, 40, 51),
	3276810: (channel) => method(channel, 50, 11, (to) => to.short('q').uint32(3).uint32(1)),
	3276820: (channel) => method(channel, 50, 21),
	3276850: (channel) => method(channel, 50, 51),
	3932170: (channel) => method(channel, 60, 11),
	3932180: (channel) => method(channel, 60, 21, (to) => to.short(`consumer-${channel}`)),
	5570570: (channel) => method(channel, 85, 11),
};

/** A connection to a server that says yes to everything and otherwise says what the test says. */
export async function pretend(t: TestContext, { frameMax = 131_072, heartbeat = 0, login, silentOn = [] }: Tune = {}) {
	const sent: Sent[] = [];
	const handshake: Buffer[] = [];
	let client: Socket | undefined;
	const server = createServer((socket) => {
		client = socket;
		let received = Buffer.alloc(0);
		let greeted = false;
		socket.on('error', () => {});
		socket.on('data', (chunk) => {
			received = Buffer.concat([received, chunk]);
			if (!greeted) {
				greeted = true;
				received = received.subarray(8);
				socket.write(
					method(0, 10, 10, (to) => {
						writeTable(to.uint8(0).uint8(9), []);
						to.long('PLAIN EXTERNAL').long('en_US');
					}),
				);
			}
			while (received.length >= 8 && received.length >= received.readUInt32BE(3) + 8) {
				const bytes = received.subarray(0, received.readUInt32BE(3) + 8);
				received = received.subarray(bytes.length);
				answer(socket, bytes);
			}
		});
	});

	function answer(socket: Socket, bytes: Buffer): void {
		const type = bytes[0] as number;
		const channel = bytes.readUInt16BE(1);
		const id = type === 1 ? bytes.readUInt32BE(7) : 0;
		if (type === 8) return;
		if (channel === 0) handshake.push(bytes);
		else sent.push({ type, channel, id, bytes });
		if (id === 0x0a000b) socket.write(method(0, 10, 30, (to) => to.uint16(0).uint32(frameMax).uint16(heartbeat)));
		else if (id === 0x0a0028) socket.write(method(0, 10, 41, (to) => to.short('')));
		else if (id === 0x0a0032) socket.write(method(0, 10, 51));
		else if (answers[id] && !silentOn.includes(id)) socket.write(answers[id](channel));
	}

	const port = await listen(server);
	const socket = connect(port, '127.0.0.1');
	const connection = await openConnection({
		...{ socket, error: () => undefined, peer: { host: '127.0.0.1', port }, signal: new AbortController().signal },
		...{ limit: 1024 * 1024, greeted() {}, blocked() {} },
		...{ mechanism: 'PLAIN', user: 'u', password: 'p', vhost: '/', heartbeat: 0, connectionName: 'test', ...login },
	});
	t.after(() => {
		connection.end();
		client?.destroy();
		server.close();
	});
	const [, tuned, opened] = handshake as [Buffer, Buffer, Buffer];
	const pretended: Pretended = {
		...{ connection, sent, tuned, opened },
		say: (...bytes) => void client?.write(Buffer.concat(bytes)),
		arrived: (id, count = 1) =>
			eventually(`${count} of ${id.toString(16)}`, () => {
				const found = sent.filter((one) => one.id === id);
				if (found.length < count) throw new Error(`${found.length} have arrived.`);
				return found;
			}),
	};
	return pretended;
}
