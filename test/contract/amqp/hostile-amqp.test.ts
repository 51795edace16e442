import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import test from 'node:test';
import { withDeadline } from '../../../src/base/deadline';
import { FailureError } from '../../../src/base/failure';
import { adapter } from '../../../src/protocols/amqp/adapter';
import { amqpDialogue, deliver, frame, header, message } from '../../support/hostile/amqp';
import { listen } from '../../support/net/listen';
import { eventually } from '../../support/run/eventually';
import { certificate } from '../../support/servers/certificate';
import { connect, handles, isSentence, resolved } from '../suite/attempt';
import { hostile } from '../suite/hostile';

const common = {
	adapter,
	dialogue: amqpDialogue,
	impatient: { heartbeat: 1, 'management.url': 'none' },
	subscription: { target: 'exchange/orders/#' },
	// Allowed, ended with the channel only, or shown as what it is.
	harmless: [
		'open: a header named __proto__',
		'open: headers nested 200 deep',
		'open: headers of an unknown type',
		'open: a channel closed with a hostile text',
		'open: a cancelled consumer',
		'open: ten thousand heartbeats',
	],
};

hostile({ ...common, name: 'AMQP', profile: (port) => resolved('amqp', `amqp://127.0.0.1:${port}`) });
hostile({
	...common,
	name: 'AMQP over TLS',
	tls: true,
	profile: (port) => resolved('amqp', `amqps://127.0.0.1:${port}`, { 'tls.ca': certificate().file }),
});

/** Of four bytes, of none, and in three frames. */
const payloads = ['f09f9880', '', '610062ff63'];
const messages = Buffer.concat([
	message(1, Buffer.from('f09f9880', 'hex')),
	message(1, Buffer.alloc(0)),
	deliver(1, 3),
	header(1, 5),
	...['6100', '62ff', '63'].map((part) => frame(3, 1, Buffer.from(part, 'hex'))),
]);

interface Cut {
	/** Bytes of all that the server says. */
	after: number;
	then: 'fin' | 'pause';
}

/** A tap at a server that says everything right, and cuts its own words at one byte. Resolves with how many it had. */
async function serve(cut: Cut, whole: boolean): Promise<number> {
	let said = 0;
	const server = createServer({ noDelay: true }, (socket) => {
		const steps = amqpDialogue().filter(({ name }) => name !== 'tcp' && name !== 'open');
		let received = Buffer.alloc(0);
		let writing = Promise.resolve();
		socket.on('error', () => {});
		socket.on('data', (chunk) => {
			received = Buffer.concat([received, chunk]);
			for (let next = steps[0]; next; next = steps[0]) {
				const length = next.takes(received);
				if (length === undefined) return;
				const answer = next.answer(received.subarray(0, length));
				received = received.subarray(length);
				steps.shift();
				const bytes = steps.length === 0 ? Buffer.concat([answer, messages]) : answer;
				writing = writing.then(() => write(socket, bytes));
				if (steps.length === 0) writing = writing.then(() => end(socket));
			}
		});
	});

	async function write(socket: Socket, bytes: Buffer): Promise<void> {
		const from = said;
		said += bytes.length;
		if (cut.after < from || cut.after >= said) {
			socket.write(bytes);
			return;
		}
		socket.write(bytes.subarray(0, cut.after - from));
		if (cut.then === 'fin') socket.end();
		// Long enough for the other side to read the first part by itself.
		await new Promise((resolve) => setTimeout(resolve, 5));
		if (cut.then === 'pause') socket.write(bytes.subarray(cut.after - from));
	}

	async function end(socket: Socket): Promise<void> {
		await new Promise((resolve) => setTimeout(resolve, 30));
		socket.end();
	}

	const port = await listen(server);
	try {
		const profile = resolved('amqp', `amqp://127.0.0.1:${port}`, { 'management.url': 'none' });
		const attempt = connect({ adapter, profile, deadline: 4000 });
		const { link, recorded } = await withDeadline(attempt, 8000, () => new Error('The attempt did not settle.'));
		const subscribing = link.subscribe?.(common.subscription).catch((error: unknown) => {
			if (whole || !(error instanceof FailureError)) throw error;
		});
		const failure = await withDeadline(link.ended, 8000, () => new Error('The link did not end.'));
		await withDeadline(subscribing ?? Promise.resolve(), 2000, () => new Error('Subscribing did not settle.'));
		assert.ok(failure && isSentence(failure.message), failure?.message);
		const got = recorded.messages.map(({ payload }) => payload.toString('hex'));
		assert.deepEqual(got, whole ? payloads : payloads.slice(0, got.length));
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
	return said;
}

for (const then of ['pause', 'fin'] as const)
	test(`AMQP: what the server says, ${then === 'fin' ? 'cut' : 'split'} at every byte`, {
		concurrency: 8,
	}, async (t) => {
		const before = handles();
		const length = await serve({ after: Number.POSITIVE_INFINITY, then }, true);
		assert.ok(length > 300, `${length} bytes`);
		await Promise.all(
			Array.from({ length }, (_, after) =>
				t.test(`after ${after}`, async () => void (await serve({ after, then }, then === 'pause'))),
			),
		);
		await eventually('no handle left', () => assert.ok(handles() <= before));
	});
