import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../src/base/failure';
import { adapter } from '../../../src/protocols/amqp1/adapter';
import { eventually } from '../../support/run/eventually';
import { startServerProcess } from '../../support/run/server-process';
import { connect, type Recorded, resolved, type TestLink } from '../suite/attempt';

const server = startServerProcess('test/support/servers/amqp1/amqp1-server.mjs', {});
test.after(async () => (await server).stop());

async function open(values = {}): Promise<{ link: TestLink; recorded: Recorded }> {
	return connect({ adapter, profile: resolved('amqp1', `amqp://127.0.0.1:${(await server).port}`), values });
}

const fill = async (address: string, messages: object[]) => (await server).ask('fill', { address, messages });
const count = async (address: string) => (await server).ask<number>('count', { address });
const act = (link: TestLink, action: string, messages: Recorded['messages'], seqs: number[], values = {}) =>
	link.act?.({
		...{ action, values, progress() {}, signal: new AbortController().signal },
		messages: seqs.map((seq) => ({ seq, ...(messages[seq] as Recorded['messages'][number]) })),
	});

test('browsing leaves the messages, each time', async () => {
	await fill('queue/browse', [{ body: 'a' }, { body: 'b' }]);
	const { link, recorded } = await open();
	for (const _ of [1, 2]) {
		recorded.messages.length = 0;
		await link.subscribe?.({ target: 'queue/browse', mode: 'browse' });
		await eventually('received', () => assert.equal(recorded.messages.length, 2));
		await link.unsubscribe?.({ target: 'queue/browse', mode: 'browse' });
	}
	assert.equal(await count('queue/browse'), 2);
	link.destroy();
});

test('browsing is refused, with nothing read, by servers that do not grant it or are not known to keep messages', async () => {
	for (const options of [{ copies: false }, { product: 'another' }, { product: 'RabbitMQ' }]) {
		const other = await startServerProcess('test/support/servers/amqp1/amqp1-server.mjs', options);
		try {
			await other.ask('fill', { address: 'queue/q', messages: [{ body: 'a' }] });
			const at = resolved('amqp1', `amqp://127.0.0.1:${other.port}`);
			const { link, recorded } = await connect({ adapter, profile: at });
			await assert.rejects(
				async () => link.subscribe?.({ target: 'queue/q', mode: 'browse' }),
				(error) => error instanceof FailureError && error.failure.code === 'no-browsing',
			);
			assert.equal(recorded.messages.length, 0);
			assert.equal(await other.ask('count', { address: 'queue/q' }), 1, JSON.stringify(options));
			link.destroy();
			if (options.product !== 'another') continue;
			const trusting = await connect({ adapter, profile: at, values: { trustBrowsing: true } });
			await trusting.link.subscribe?.({ target: 'queue/q', mode: 'browse' });
			await eventually('received', () => assert.equal(trusting.recorded.messages.length, 1));
			trusting.link.destroy();
		} finally {
			await other.stop();
		}
	}
});

test('a server that delivers what it promises to copy is stopped as soon as a message comes again', async () => {
	const liar = await startServerProcess('test/support/servers/amqp1/amqp1-server.mjs', {
		...{ product: 'another', copies: 'promised' },
	});
	try {
		const count = () => liar.ask<number>('count', { address: 'queue/q' });
		const fillUp = (from: number, to: number) =>
			liar.ask('fill', {
				address: 'queue/q',
				messages: Array.from({ length: to - from }, (_, at) => ({ body: `message ${from + at}` })),
			});
		await fillUp(0, 3);
		const { link, recorded } = await connect({
			...{ adapter, profile: resolved('amqp1', `amqp://127.0.0.1:${liar.port}`), values: { trustBrowsing: true } },
		});
		await link.subscribe?.({ target: 'queue/q', mode: 'browse' });
		await eventually('received', () => assert.equal(recorded.messages.length, 3));
		await link.unsubscribe?.({ target: 'queue/q', mode: 'browse' });
		await eventually('all are back', async () => assert.equal(await count(), 3));
		assert.equal(recorded.messages.length, 3);
		await fillUp(3, 1010);
		recorded.messages.length = 0;
		await link.subscribe?.({ target: 'queue/q', mode: 'browse' });
		await eventually('stopped', () => assert.equal(recorded.changes.at(-1)?.failure?.code, 'not-kept'));
		await eventually('all are back again', async () => assert.equal(await count(), 1010));
		assert.equal(
			new Set(recorded.messages.map(({ payload }) => payload.toString())).size,
			recorded.messages.length - 1,
		);
		link.destroy();
	} finally {
		await liar.stop();
	}
});

test('receive and release puts every message back, and ends', async () => {
	await fill('queue/release', [{ body: 'a' }, { body: 'b' }, { body: 'c' }]);
	const { link, recorded } = await open();
	await link.subscribe?.({ target: 'queue/release', mode: 'release' });
	await eventually('released', async () => {
		assert.deepEqual(
			recorded.changes.map(({ finished }) => finished),
			['Received 3 from "queue/release" and released them.'],
		);
		assert.equal(await count('queue/release'), 3);
	});
	assert.deepEqual(
		recorded.messages.map(({ payload }) => payload.toString()),
		['a', 'b', 'c'],
	);
	// None was delivered over this link again, though the server delivers at once what it gets back.
	assert.deepEqual(
		await (await server).ask('settlements', { address: 'queue/release' }),
		['a', 'b', 'c'].map(() => ({ outcome: 'released' })),
	);
	link.destroy();
});

test('each outcome arrives as it was chosen, and only once', async () => {
	await fill(
		'queue/settle',
		['a', 'b', 'c', 'd', 'e', 'f'].map((body) => ({ body })),
	);
	const { link, recorded } = await open();
	const { messages, settlements } = recorded;
	await link.subscribe?.({ target: 'queue/settle', mode: 'receive', credit: 4 });
	await eventually('received', () => assert.equal(messages.length, 4));
	assert.deepEqual(link.states?.(), ['unsettled']);
	assert.equal((await act(link, 'accept', messages, [0, 1]))?.text, 'Settled 2 messages: accepted.');
	await act(link, 'reject', messages, [2], { condition: 'app:wrong', description: 'no good' });
	await eventually('more credit brings more', () => assert.equal(messages.length, 6));
	await act(link, 'modify', messages, [3], { failed: true, undeliverable: true });
	await assert.rejects(async () => act(link, 'accept', messages, [0]), /waits for an outcome/);
	await act(link, 'settle-all', messages, [], { outcome: 'accepted' });
	const expected = [
		{ outcome: 'accepted' },
		{ outcome: 'accepted' },
		{ outcome: 'rejected', condition: 'app:wrong', description: 'no good' },
		{ outcome: 'modified', delivery_failed: true, undeliverable_here: true },
		{ outcome: 'accepted' },
		{ outcome: 'accepted' },
	];
	await eventually('outcomes', async () => {
		assert.deepEqual(await (await server).ask('settlements', { address: 'queue/settle' }), expected);
	});
	assert.deepEqual(
		settlements
			.filter(([, state]) => !state.open)
			.map(([seq, { text }]) => [seq, text])
			.slice(0, 4),
		[
			[0, 'accepted'],
			[1, 'accepted'],
			[2, 'rejected: app:wrong: no good'],
			[3, 'modified: delivery failed, undeliverable here'],
		],
	);
	link.destroy();
});

test('what is not settled goes back when receiving is stopped', async () => {
	await fill('queue/back', [{ body: 'a' }]);
	const { link, recorded } = await open();
	await link.subscribe?.({ target: 'queue/back', mode: 'receive' });
	await eventually('received', () => assert.equal(recorded.messages.length, 1));
	await link.unsubscribe?.({ target: 'queue/back', mode: 'receive' });
	assert.deepEqual(recorded.settlements.at(-1), [
		0,
		{ open: false, text: 'not settled: receiving was stopped, and the server delivers it again' },
	]);
	assert.deepEqual(link.states?.(), []);
	link.destroy();
});

test('the outcome of a sent message is told with its reason', async () => {
	const { link } = await open();
	const send = (subject: string, values = {}) =>
		link.send({ verb: 'send', target: 'topic/x', values: { subject, ...values }, payload: Buffer.from('x') });
	const proofs: Record<string, [string, RegExp]> = {
		fine: ['acknowledged', /^accepted by the server in/],
		reject: ['refused', /rejected the message: app:bad: rejected on purpose\./],
		release: ['refused', /released/],
		modify: ['refused', /modified\): delivery failed, undeliverable here/],
	};
	for (const [subject, [proof, text]] of Object.entries(proofs)) {
		const receipt = await send(subject);
		assert.equal(receipt.proof, proof, subject);
		assert.match(receipt.text, text);
	}
	assert.equal((await send('fine', { settled: true })).proof, 'handed-over');
	link.destroy();
});

test('a request has the answer of its own', async () => {
	const { link, recorded } = await open();
	const answers = await Promise.all(
		[1, 2, 3].map((seq) =>
			link.send(
				{ verb: 'request', target: 'topic/rpc', values: { body: 'text' }, payload: Buffer.from(`question ${seq}`) },
				{ seq, progress() {}, signal: new AbortController().signal },
			),
		),
	);
	assert.deepEqual(
		answers.map(({ proof }) => proof),
		['answered', 'answered', 'answered'],
	);
	assert.deepEqual(
		recorded.messages.map(({ payload, answers: of }) => [of, payload.toString()]).sort(),
		[1, 2, 3].map((seq) => [seq, `question ${seq}`]),
	);
	const late = await link.send({
		...{ verb: 'request', target: 'topic/rpc', payload: Buffer.alloc(0) },
		values: { subject: 'fine', timeout: 1 },
	});
	assert.equal(late.proof, 'acknowledged');
	assert.match(late.text, /no answer arrived within 1 s/);
	const unsent = await link.send({
		...{ verb: 'request', target: 'topic/full', payload: Buffer.alloc(0), values: { timeout: 1 } },
	});
	assert.deepEqual(
		[unsent.proof, unsent.text],
		['refused', 'The message was not sent: the server had not given credit for it.'],
	);
	const lost = link.send({
		...{ verb: 'request', target: 'topic/rpc', payload: Buffer.alloc(0), values: { subject: 'fine', timeout: 25 } },
	});
	const state = await (await server).ask<[address: string][]>('state', {});
	const [[address] = ['']] = state.filter(([one]) => one.startsWith('temporary/'));
	await (await server).ask('detach', { address });
	assert.match((await lost).text, /ended the receiving from "a reply address": it was deleted/);
	link.destroy();
});

test('a link that the server ends is told with its address and its reason', async () => {
	const { link, recorded } = await open();
	await link.subscribe?.({ target: 'topic/gone', mode: 'browse' });
	await (await server).ask('detach', { address: 'topic/gone' });
	await eventually('told', () => {
		assert.equal(recorded.changes.length, 1);
		assert.match(recorded.changes[0]?.failure?.message ?? '', /"topic\/gone": it was deleted\./);
		assert.equal(recorded.changes[0]?.failure?.end?.code, 'amqp:resource-deleted');
	});
	assert.equal(
		(await link.send({ verb: 'send', target: 'topic/x', values: {}, payload: Buffer.alloc(0) })).proof,
		'acknowledged',
	);
	link.destroy();
});

test('a filter that the server ignores is named', async () => {
	const { link } = await open();
	const plain = await link.subscribe?.({ target: 'topic/f', mode: 'browse', selector: "a = 'b'" });
	assert.equal(plain?.reduced, undefined, plain?.detail);
	link.destroy();
});
