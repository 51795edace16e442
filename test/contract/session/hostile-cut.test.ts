import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import test from 'node:test';
import { withDeadline } from '../../../src/base/deadline';
import { FailureError } from '../../../src/base/failure';
import type { ResolvedProfile } from '../../../src/model/profile/profile';
import type { Adapter } from '../../../src/protocols/adapter';
import { adapter as mqtt } from '../../../src/protocols/mqtt/adapter';
import { adapter as websocket } from '../../../src/protocols/websocket/adapter';
import { type Cut, splits, truncations } from '../../support/hostile/cut';
import type { Dialogue } from '../../support/hostile/hostile';
import { mqttDialogue } from '../../support/hostile/mqtt';
import { closeFrame, frame, websocketDialogue } from '../../support/hostile/websocket';
import { listen } from '../../support/net/listen';
import { eventually } from '../../support/run/eventually';
import { connect, handles, isSentence, resolved } from '../suite/attempt';

interface Subject {
	name: string;
	adapter: Adapter;
	dialogue: Dialogue;
	/** The step whose answer is the first packet, once the client has said what it waits for. */
	step: string;
	profile(port: number): ResolvedProfile;
	/** What follows the handshake, and what is received of it. */
	packets: Buffer[];
	payloads: string[];
}

const subjects: Subject[] = [
	{
		name: 'WebSocket',
		adapter: websocket,
		dialogue: websocketDialogue,
		step: 'upgrade',
		profile: (port) => resolved('websocket', `ws://127.0.0.1:${port}/`, { perMessageDeflate: false }),
		packets: [
			frame(Buffer.from('a😀')),
			frame(Buffer.from('b'), { fin: false }),
			frame(Buffer.from('?'), { opcode: 9 }),
			frame(Buffer.from('c'), { opcode: 0 }),
			frame(Buffer.from('00ff', 'hex'), { opcode: 2 }),
			closeFrame(1001, 'bye'),
		],
		payloads: ['61f09f9880', '6263', '00ff'],
	},
	{
		name: 'MQTT',
		adapter: mqtt,
		dialogue: mqttDialogue,
		step: 'connack',
		profile: (port) => resolved('mqtt', `mqtt://127.0.0.1:${port}`, { mqttVersion: '5' }),
		packets: [
			// Topic "a/b", no properties, "a😀"; then QoS 1 with a packet id.
			Buffer.from('300b0003612f620061f09f9880', 'hex'),
			Buffer.from('320900016100070000ff00', 'hex'),
		],
		payloads: ['61f09f9880', '00ff00'],
	},
];

for (const subject of subjects) {
	test(`${subject.name}: the stream split at every byte is received whole`, { concurrency: 8 }, async (t) => {
		const before = handles();
		const count = [...splits(await stream(subject))].length;
		assert.ok(count > 20);
		await Promise.all(
			Array.from({ length: count }, (_, at) =>
				t.test(`split after ${at + 1}`, () => serve(subject, (packets) => [...splits(packets)][at] as Cut, true)),
			),
		);
		await eventually('no handle left', () => assert.ok(handles() <= before));
	});

	test(`${subject.name}: every packet cut at every byte ends with a reason`, { concurrency: 8 }, async (t) => {
		const before = handles();
		const names = [...truncations(await stream(subject), ['fin'])].map(({ name }) => name);
		await Promise.all(
			names.map((name, at) =>
				t.test(name, () => serve(subject, (packets) => [...truncations(packets, ['fin'])][at] as Cut, false)),
			),
		);
		await eventually('no handle left', () => assert.ok(handles() <= before));
	});
}

/** All packets of the server with an answer of the usual length. */
async function stream(subject: Subject): Promise<Buffer[]> {
	let packets: Buffer[] = [];
	await serve(
		subject,
		(all) => {
			packets = all;
			return { name: '', chunks: [Buffer.concat(all)], ending: 'fin' };
		},
		true,
	);
	return packets;
}

/** One attempt at a server that sends what `cut` makes of its packets. `whole`: all of it must be received. */
async function serve(subject: Subject, cut: (packets: Buffer[]) => Cut, whole: boolean): Promise<void> {
	const step = subject.dialogue().find(({ name }) => name === subject.step);
	assert.ok(step);
	const server = createServer({ noDelay: true }, (socket) => {
		let received = Buffer.alloc(0);
		socket.on('error', () => {});
		socket.on('data', async (bytes) => {
			received = Buffer.concat([received, bytes]);
			const length = step.takes(received);
			if (length === undefined) return;
			const asked = received.subarray(0, length);
			socket.removeAllListeners('data').resume();
			const { chunks, ending } = cut([step.answer(asked), ...subject.packets]);
			for (const chunk of chunks) {
				socket.write(chunk);
				// Long enough for the other side to read it by itself.
				await new Promise((resolve) => setTimeout(resolve, 5));
			}
			if (whole) await new Promise((resolve) => setTimeout(resolve, 50));
			if (whole || ending === 'fin') socket.end();
		});
	});
	const port = await listen(server);
	try {
		const attempt = connect({ adapter: subject.adapter, profile: subject.profile(port), deadline: 2000 });
		const { link, recorded } = await withDeadline(attempt, 4000, () => new Error('The attempt did not settle.'));
		const failure = await withDeadline(link.ended, 8000, () => new Error('The link did not end.'));
		assert.ok(failure && isSentence(failure.message), failure?.message);
		const got = recorded.messages.map(({ payload }) => payload.toString('hex'));
		if (whole) assert.deepEqual(got, subject.payloads);
		else assert.deepEqual(got, subject.payloads.slice(0, got.length), 'nothing that was not sent');
		link.destroy();
	} catch (error) {
		if (whole || !(error instanceof FailureError)) throw error;
		assert.ok(isSentence(error.failure.message), error.failure.message);
	} finally {
		await eventually('no socket left', async () => {
			const count = await new Promise<number>((resolve) => server.getConnections((_, number) => resolve(number)));
			assert.equal(count, 0);
		});
		await new Promise((resolve) => server.close(resolve));
	}
}
