import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../src/base/failure';
import { adapter } from '../../../src/protocols/amqp1/adapter';
import { storedMessage } from '../../../src/protocols/amqp1/describe/stored-message';
import { resend } from '../../../src/protocols/amqp1/files/logged';
import { eventually } from '../../support/run/eventually';
import { type ProtonBroker, startProton } from '../../support/servers/amqp1/proton';
import { connect, type Recorded, resolved, type TestLink } from '../suite/attempt';

const brokers = { c: startProton('c'), python: startProton('python') };
test.after(async () => {
	for (const broker of Object.values(brokers)) await (await broker).stop();
});

async function open(broker: Promise<ProtonBroker>): Promise<{ link: TestLink; recorded: Recorded }> {
	return connect({ adapter, profile: resolved('amqp1', `amqp://127.0.0.1:${(await broker).port}`) });
}

const text = (link: TestLink, target: string, payload: string, values = {}) =>
	link.send({ verb: 'send', target, values, payload: Buffer.from(payload) });

const plainValues = {
	...{ body: 'data', subject: 'Ü', messageId: '(ulong) 18446744073709551615', durable: true },
	correlationId: '(uuid) 01234567-89ab-cdef-0123-456789abcdef',
	...{ ttl: 600_000, priority: 9, groupId: 'g', groupSequence: 4_294_967_295, userId: 'me' },
	...{ contentType: 'text/plain', contentEncoding: 'utf-8', replyTo: 'r', replyToGroupId: 'rg' },
	...{ created: '2026-01-31T12:00:00.001Z', to: 'somewhere' },
	properties: [
		['long', '(long) -9223372036854775808'],
		['ulong', '(ulong) 18446744073709551615'],
		['int', '(int) 5'],
		['ubyte', '(ubyte) 255'],
		['float', '(float) 1.5'],
		['double', '(double) 0.1'],
		['timestamp', '(timestamp) 2026-01-31T12:00:00Z'],
		['symbol', '(symbol) s'],
		['char', '(char) 😀'],
		['binary', '(binary) 00ff'],
		['null', '(null)'],
		['text', '(string) (int) 5'],
	] as [string, string][],
	annotations: [
		['x-opt-a', '(list) [1, "(ulong) 2"]'],
		['(ulong) 7', '(array) symbol ["a", "b"]'],
	] as [string, string][],
};

for (const [name, broker] of Object.entries(brokers)) {
	test(`Proton in ${name}: every type is sent, received and sent again unchanged`, async () => {
		const { link, recorded } = await open(broker);
		await link.subscribe?.({ target: `types-${name}`, mode: 'consume' });
		const bodies: Record<string, string> = {
			data: 'bytes',
			text: 'a text 😀',
			binary: 'binary',
			value:
				'{"a": 1, "b": ["(symbol) x", 1.5, null, true], "(ulong) 7": "(uuid) 01234567-89ab-cdef-0123-456789abcdef"}',
			sequence: '[1, "b", "(ulong) 3"]',
		};
		for (const [body, payload] of Object.entries(bodies)) {
			recorded.messages.length = 0;
			const values = { ...plainValues, body };
			const receipt = await text(link, `types-${name}`, payload, values);
			assert.equal(receipt.proof, 'acknowledged', receipt.text);
			await eventually('received', () => assert.equal(recorded.messages.length, 1));
			const [first] = recorded.messages;
			assert.ok(first);
			assert.equal(first.payload.toString(), payload);
			const again = resend(first);
			assert.equal(again.lost, undefined);
			for (const [key, value] of Object.entries(values)) assert.deepEqual(again.values[key], value, key);
			await text(link, `types-${name}`, payload, again.values);
			await eventually('received again', () => assert.equal(recorded.messages.length, 2));
			assert.deepEqual(storedMessage(recorded.messages[1]?.meta), storedMessage(first.meta));
		}
		link.destroy();
	});

	test(`Proton in ${name}: browsing is refused and takes nothing; settling by hand is offered where it is possible`, async () => {
		const { link, recorded } = await open(broker);
		const target = `q-${name}`;
		for (const payload of ['a', 'b']) await text(link, target, payload);
		await assert.rejects(
			async () => link.subscribe?.({ target, mode: 'browse' }),
			(error) => error instanceof FailureError && error.failure.code === 'no-browsing',
		);
		assert.equal(recorded.messages.length, 0);
		await link.subscribe?.({ target, mode: 'receive' });
		await eventually('received', () => assert.equal(recorded.messages.length, 2));
		if (name === 'c') {
			// It settles each message as it sends it.
			assert.deepEqual(recorded.settlements, [
				[0, { open: false, text: 'settled by the sender' }],
				[1, { open: false, text: 'settled by the sender' }],
			]);
			link.destroy();
			return;
		}
		const act = (action: string, seq: number) =>
			link.act?.({
				...{ action, values: {}, progress() {}, signal: new AbortController().signal },
				messages: [{ seq, ...(recorded.messages[seq] as Recorded['messages'][number]) }],
			});
		await act('accept', 0);
		await act('release', 1);
		await link.unsubscribe?.({ target, mode: 'receive' });
		link.destroy();
	});
}

for (const [name, broker] of Object.entries(brokers))
	test(`Proton in ${name}: receive and release ends, and says what cannot be released`, async () => {
		const { link, recorded } = await open(broker);
		const target = `release-${name}`;
		for (const payload of ['a', 'b', 'c']) await text(link, target, payload);
		await link.subscribe?.({ target, mode: 'release' });
		await eventually('ended', () => assert.ok(recorded.changes.at(-1)?.finished));
		assert.equal(recorded.messages.length, 3);
		const finished = recorded.changes.at(-1)?.finished;
		const [note] = recorded.notes;
		if (name === 'c') {
			assert.equal(finished, `Received 3 from "${target}" and released 0.`);
			assert.match(note ?? '', /^The server sent 3 of them settled/);
		} else {
			// The broker forgets what it has sent, whatever the outcome is.
			assert.equal(finished, `Received 3 from "${target}" and released them.`);
			assert.equal(note, undefined);
		}
		link.destroy();
	});

test('a request is answered over the reply address that the server makes', async () => {
	const [asking, answering] = [await open(brokers.python), await open(brokers.python)];
	await answering.link.subscribe?.({ target: 'rpc', mode: 'consume' });
	const receipt = asking.link.send(
		{ verb: 'request', target: 'rpc', values: { body: 'text' }, payload: Buffer.from('2 + 2') },
		{ seq: 7, progress() {}, signal: new AbortController().signal },
	);
	await eventually('asked', () => assert.equal(answering.recorded.messages.length, 1));
	const question = answering.recorded.messages[0];
	assert.ok(question);
	const { replyTo, correlationId } = resend(question).values;
	await text(answering.link, String(replyTo), '4', { correlationId });
	assert.equal((await receipt).proof, 'answered', (await receipt).text);
	assert.deepEqual(
		asking.recorded.messages.map(({ payload, answers }) => [payload.toString(), answers]),
		[['4', 7]],
	);
	asking.link.destroy();
	answering.link.destroy();
});
