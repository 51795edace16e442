import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { headers as createHeaders } from '@nats-io/transport-node';
import type { ActResult } from '../../../src/model/contracts/browse';
import { defaultLimits } from '../../../src/model/contracts/session';
import type { Values } from '../../../src/model/profile/field';
import type { Subscription } from '../../../src/model/profile/profile';
import { adapter } from '../../../src/protocols/nats/adapter';
import { placeOf } from '../../../src/protocols/nats/describe/place';
import { natsProperties } from '../../../src/protocols/nats/describe/properties';
import { values as loggedValues } from '../../../src/protocols/nats/files/logged';
import { deafSink } from '../../../src/protocols/shared/null-sink';
import { eventually } from '../../support/run/eventually';
import { type Received, type Recorded, resolved, type TestLink } from '../suite/attempt';
import { withServer } from './with-server';

const act = (link: TestLink, action: string, node: string | undefined, values: Values = {}, messages: never[] = []) =>
	link.act?.({
		action,
		node,
		values,
		messages,
		progress() {},
		signal: new AbortController().signal,
	}) as Promise<ActResult>;
const ask = async (link: TestLink, action: string, node: string, values: Values = {}) =>
	(await link.ask?.({ kind: 'act', request: { id: '1', action, node, values } }))?.detail;
const bodies = ({ messages }: Recorded) => messages.map(({ payload }) => payload.toString());
const sequenceOf = ({ flags, meta }: Received) => placeOf(flags, meta as Uint8Array)?.sequence;
const children = async (link: TestLink, parent?: string) => (await link.browse?.(parent, 0, 1000))?.nodes ?? [];
const described = (nodes: Awaited<ReturnType<typeof children>>, name: string) =>
	nodes.find((node) => node.name === name)?.description;
const text = (value: string): Values[string] => ({ format: 'text', text: value });

test('JetStream', async (t) => {
	const { peer, api, open, server } = await withServer(t);
	const stream = (name: string, more: object = {}) =>
		api(`STREAM.CREATE.${name}`, { name, subjects: [`${name}.>`], storage: 'memory', ...more });
	const fill = async (name: string, count: number) => {
		for (let at = 1; at <= count; at++) peer.publish(`${name}.${at % 3}`, `${at}`);
		await peer.flush();
	};

	/** Reads until the messages are those. */
	async function reads(context: TestContext, subscription: Subscription, expected: string[]): Promise<Recorded> {
		const { link, recorded } = await open();
		context.after(() => link.destroy());
		await link.subscribe?.({ mode: 'stream', ...subscription });
		await eventually('read', () => assert.deepEqual(bodies(recorded), expected));
		return recorded;
	}

	for (const allowDirect of [false, true]) {
		const name = allowDirect ? 'DIRECT' : 'LEADER';
		await t.test(`reads a stream ${allowDirect ? 'directly' : 'by its leader'}, from every start`, async (context) => {
			await stream(name, { allow_direct: allowDirect });
			await fill(name, 10);
			const between = new Date();
			await eventually('a later time', () => assert.ok(Date.now() > between.getTime() + 2));
			const later = new Date().toISOString();
			await eventually('a later time', () => assert.ok(new Date().toISOString() > later));
			peer.publish(`${name}.0`, '11');
			peer.publish(`${name}.9`, '12');
			await peer.flush();
			for (const seq of [4, 9]) await api(`STREAM.MSG.DELETE.${name}`, { seq });
			const all = ['1', '2', '3', '5', '6', '7', '8', '10', '11', '12'];
			const cases: [Partial<Subscription>, string[]][] = [
				[{ from: 'first' }, all],
				[{ from: 'first', count: 3 }, all.slice(0, 3)],
				[{ from: 'newest', count: 4 }, all.slice(-4)],
				[{}, all],
				[{ from: 'sequence', sequence: '8' }, ['8', '10', '11', '12']],
				[{ from: 'time', time: later }, ['11', '12']],
				[{ from: 'last' }, ['11', '10', '8', '12']],
				[{ from: 'last', filter: `${name}.1` }, ['10']],
				[{ from: 'newest', count: 2, filter: `${name}.2` }, ['5', '8']],
				[{ from: 'newest', count: 2, filter: `${name}.7` }, []],
				[{ from: 'first', filter: `${name}.1` }, ['1', '7', '10']],
			];
			for (const [subscription, expected] of cases)
				await reads(context, { target: name, follow: false, ...subscription }, expected);
			const info = (await api(`STREAM.INFO.${name}`)) as unknown as { state: { consumer_count: number } };
			assert.equal(info.state.consumer_count, 0, 'no consumer was created');
		});
	}

	await t.test('shows place, headers and payload of a stored message exactly', async (context) => {
		await stream('EXACT');
		const block = createHeaders();
		for (const [key, value] of [
			['b', '1'],
			['b', '2'],
			['a', 'ä😀'],
		] as const)
			block.append(key, value);
		const payload = Buffer.from([0, 255, 10, 13]);
		peer.publish('EXACT.x', payload, { headers: block });
		await peer.flush();
		const { link, recorded } = await open();
		context.after(() => link.destroy());
		await link.subscribe?.({ target: 'EXACT', mode: 'stream' });
		await eventually('read', () => assert.equal(recorded.messages.length, 1));
		const [message] = recorded.messages as [Received];
		assert.ok(message.payload.equals(payload));
		assert.equal(message.target, 'EXACT.x');
		assert.deepEqual(loggedValues(message.flags, message.meta).values.headers, [
			['b', '1'],
			['b', '2'],
			['a', 'ä😀'],
		]);
		const labels = natsProperties(message.flags, message.meta as Uint8Array).map(({ label }) => label);
		assert.deepEqual(labels, ['Stream', 'Sequence', 'Stored', 'b', 'b', 'a']);
	});

	await t.test('follows new messages until the stream is deleted', async (context) => {
		await stream('FOLLOW');
		await fill('FOLLOW', 2);
		const { link, recorded } = await open();
		context.after(() => link.destroy());
		await link.subscribe?.({ target: 'FOLLOW', mode: 'stream', from: 'first' });
		await eventually('the first', () => assert.deepEqual(bodies(recorded), ['1', '2']));
		await fill('FOLLOW', 3);
		await eventually('the new ones', () => assert.deepEqual(bodies(recorded), ['1', '2', '1', '2', '3']));
		await api('STREAM.DELETE.FOLLOW');
		await eventually('the end', () => assert.match(recorded.changes.at(-1)?.failure?.message ?? '', /was deleted/));
	});

	await t.test('goes on where it was after a reconnect, and starts anew after its end', async (context) => {
		await stream('AGAIN');
		await fill('AGAIN', 2);
		const memory = new Map<string, unknown>();
		const subscription = { target: 'AGAIN', mode: 'stream', from: 'first' };
		const read = async (expected: string[]) => {
			const got: string[] = [];
			const link = await adapter.connect({
				profile: resolved('nats', `nats://127.0.0.1:${server.port}`),
				...{ secrets: {}, limits: defaultLimits, signal: new AbortController().signal, memory, step() {}, found() {} },
				sink: { ...deafSink, message: ({ payload }) => got.push(Buffer.from(payload).toString()) },
			});
			context.after(() => link.destroy());
			const granted = await link.subscribe?.(subscription, 'id');
			await eventually('read', () => assert.deepEqual(got, expected));
			await eventually('remembered', () => assert.ok(memory.size > 0));
			return { link, detail: granted?.detail };
		};
		const first = await read(['1', '2']);
		first.link.destroy();
		await fill('AGAIN', 3);
		const second = await read(['1', '2', '3']);
		assert.equal(second.detail, 'going on from sequence 3');
		await second.link.unsubscribe?.(subscription, 'id');
		await read(['1', '2', '1', '2', '3']);
	});

	await t.test('refuses a stream that does not exist, by name', async (context) => {
		const { link } = await open();
		context.after(() => link.destroy());
		await assert.rejects(async () => link.subscribe?.({ target: 'NONE', mode: 'stream' }), /There is no stream "NONE"/);
	});

	await t.test(
		'the receipt of a stored message names stream, sequence and duplicate; conditions are refused',
		async (context) => {
			await stream('STORE');
			const { link } = await open();
			context.after(() => link.destroy());
			const send = (values: Values, target = 'STORE.x') =>
				link.send({ verb: 'stream', target, values, payload: Buffer.from('x') });
			assert.match((await send({ messageId: '1' })).text, /^stored in "STORE" as 1 in/);
			assert.match((await send({ messageId: '1' })).text, /^duplicate: already stored in "STORE" as 1 /);
			const wrong = await send({ expectedSequence: '7' });
			assert.deepEqual([wrong.proof, /wrong last sequence: 1/.test(wrong.text)], ['refused', true], wrong.text);
			assert.equal((await send({ expectedSequence: '1', expectedStream: 'STORE' })).proof, 'acknowledged');
			assert.equal((await send({ expectedSubjectSequence: '1' })).proof, 'refused');
			assert.equal((await send({ expectedSubjectSequence: '0' }, 'STORE.y')).proof, 'acknowledged');
			const nowhere = await send({}, 'no.stream');
			assert.equal(nowhere.proof, 'refused');
			assert.match(nowhere.text, /no stream has the subject "no\.stream"/);
		},
	);

	await t.test('lists streams, consumers, subjects, buckets, keys and objects with their counts', async (context) => {
		await stream('TREE');
		await fill('TREE', 4);
		await api('CONSUMER.DURABLE.CREATE.TREE.worker', {
			stream_name: 'TREE',
			config: { durable_name: 'worker', ack_policy: 'explicit' },
		});
		const { link } = await open();
		context.after(() => link.destroy());
		assert.deepEqual(
			(await children(link)).slice(0, 3).map(({ name }) => name),
			['Streams', 'Key-value buckets', 'Object stores'],
		);
		assert.match(
			described(await children(link, 'streams'), 'TREE') ?? '',
			/^4 messages · \d+ bytes · 1–4 · 1 consumer$/,
		);
		assert.equal(described(await children(link, 'stream:TREE'), 'worker'), '4 pending');
		assert.equal(described(await children(link, 'subjects:TREE'), 'TREE.1'), '2 messages');
	});

	await t.test('creates, edits, purges and deletes streams and consumers, with the counts first', async (context) => {
		const { link } = await open();
		context.after(() => link.destroy());
		const maxAge = '7776000';
		const created = await act(link, 'create-stream', undefined, {
			name: 'ORDERS',
			subjects: ['orders.>'],
			maxAge,
			storage: 'memory',
		});
		assert.equal(created.text, 'Created the stream "ORDERS".');
		for (let at = 0; at < 5; at++) peer.publish(at < 2 ? 'orders.a' : 'orders.b', 'x');
		await peer.flush();
		const node = 'stream:ORDERS';
		assert.match((await ask(link, 'edit-stream', node)) ?? '', /^It has 5 messages/);
		await act(link, 'edit-stream', node, { maxMessages: '100', config: '{"description":"all orders"}' });
		const { config } = (await api('STREAM.INFO.ORDERS')) as unknown as { config: Record<string, unknown> };
		assert.deepEqual(
			[config.max_msgs, config.description, config.max_age, config.subjects],
			[100, 'all orders', 7776e12, ['orders.>']],
		);
		await act(link, 'create-consumer', node, { name: 'worker', filter: 'orders.b' });
		assert.match(
			(await ask(link, 'delete-consumer', 'consumer:ORDERS/worker')) ?? '',
			/^3 messages pending and 0 unack/,
		);
		assert.match((await act(link, 'delete-consumer', 'consumer:ORDERS/worker')).text, /^Deleted the consumer/);
		assert.match(
			(await ask(link, 'purge', node, { keep: '2' })) ?? '',
			/^3 messages are deleted for good; the newest 2 stay/,
		);
		assert.match((await ask(link, 'purge', 'subject:ORDERS/orders.a')) ?? '', /^2 messages of "orders.a" are deleted/);
		await act(link, 'delete-message', node, { sequence: '5' });
		assert.equal(
			(await act(link, 'purge', node, { sequence: '3' })).text,
			'Purged 2 messages from the stream "ORDERS".',
		);
		assert.match((await ask(link, 'delete-stream', node)) ?? '', /^It has 2 messages \(\d+ bytes\) and 0 consumers/);
		assert.equal((await act(link, 'delete-stream', node)).text, 'Deleted the stream "ORDERS".');
		await assert.rejects(act(link, 'purge', node), /stream not found/);
	});

	await t.test('puts, creates, deletes, purges and watches keys', async (context) => {
		const { link, recorded } = await open();
		context.after(() => link.destroy());
		await act(link, 'create-bucket', undefined, { name: 'lamps', history: 3, storage: 'memory' });
		const bucket = 'bucket:KV_lamps';
		assert.match((await act(link, 'kv-create', bucket, { key: 'hall', value: text('on') })).text, /as revision 1\.$/);
		await assert.rejects(act(link, 'kv-create', bucket, { key: 'hall', value: text('x') }), /exists already/);
		await act(link, 'kv-put', bucket, { key: 'hall', value: text('off') });
		await assert.rejects(
			act(link, 'kv-put', bucket, { key: 'hall', value: text('x'), revision: '1' }),
			/wrong last sequence/,
		);
		await act(link, 'kv-put', bucket, { key: 'attic', value: text('dim') });
		await link.subscribe?.({ target: 'lamps', mode: 'kv' });
		await eventually('the values', () => assert.deepEqual(bodies(recorded), ['dim', 'off']));
		assert.deepEqual(
			(await children(link, bucket)).map(({ name, description }) => [name, description]),
			[
				['attic', undefined],
				['hall', '2 revisions'],
			],
		);
		const large = act(link, 'kv-put', bucket, { key: 'hall', value: text('x'.repeat(2_000_000)) });
		await assert.rejects(
			large,
			/2,000,000 bytes .* the server accepts 1,048,576/,
			'the server would end the connection',
		);
		await act(link, 'kv-delete', 'key:lamps/hall');
		await eventually('the change', () => {
			const last = recorded.messages.at(-1) as Received;
			const [, key] = natsProperties(last.flags, last.meta as Uint8Array).filter(
				({ label }) => label === 'Key' || label === 'Stream',
			);
			assert.equal(key?.value, 'deleted');
		});
		assert.match((await act(link, 'kv-create', bucket, { key: 'hall', value: text('new') })).text, /as revision 5\.$/);
		assert.match((await ask(link, 'kv-purge', 'key:lamps/hall')) ?? '', /^3 revisions/);
		await act(link, 'kv-purge', 'key:lamps/hall');
		const other = await open();
		context.after(() => other.link.destroy());
		await other.link.subscribe?.({ target: 'lamps', mode: 'kv', key: 'hall', history: 'all' });
		await eventually('only the marker', () => assert.deepEqual(other.recorded.messages.map(sequenceOf), ['6']));
	});

	await t.test('writes objects in chunks, reads them with their digest, and deletes them', async (context) => {
		const { link, recorded } = await open();
		context.after(() => link.destroy());
		await act(link, 'create-store', undefined, { name: 'files', storage: 'memory' });
		const content = Buffer.alloc(300_000, 'abc');
		const put = (name: string, bytes: Buffer) =>
			act(link, 'object-put', 'store:OBJ_files', {
				name,
				content: { format: 'base64', text: bytes.toString('base64') },
			});
		assert.match((await put('a/b ü.bin', content)).text, /of 300 kB in 3 chunks\.$/);
		const [node] = await children(link, 'store:OBJ_files');
		assert.deepEqual([node?.name, node?.description], ['a/b ü.bin', '300 kB']);
		const read = await act(link, 'object-get', node?.id);
		assert.match(read.text, /its digest is right/);
		assert.ok(recorded.messages.at(-1)?.payload.equals(content));
		await put('a/b ü.bin', Buffer.from('small'));
		const { state } = (await api('STREAM.INFO.OBJ_files')) as unknown as { state: { messages: number } };
		assert.equal(state.messages, 2, 'the chunks of the replaced object are gone');
		const describe = (name: string, more: object) =>
			peer.request(
				`$O.files.M.${Buffer.from(name).toString('base64')}`,
				JSON.stringify({ name, nuid: 'OTHER', size: 3, chunks: 1, ...more }),
			);
		await peer.request('$O.files.C.OTHER', 'abc');
		await describe('broken', { digest: 'SHA-256=AAAA' });
		await describe('plain', {});
		await describe('link', { options: { link: { bucket: 'files', name: 'plain' } } });
		await assert.rejects(act(link, 'object-get', 'object:files/broken'), /does not have the digest/);
		assert.match((await act(link, 'object-get', 'object:files/plain')).text, /it has no digest to check/);
		await assert.rejects(act(link, 'object-get', 'object:files/link'), /is a link to "files\/plain"/);
		assert.equal(described(await children(link, 'store:OBJ_files'), 'link'), 'link to files/plain');
		assert.match((await act(link, 'object-delete', node?.id)).text, /^Deleted/);
		await act(link, 'create-store', undefined, { name: 'small', storage: 'memory', maxBytes: '200000' });
		await assert.rejects(
			act(link, 'object-put', 'store:OBJ_small', { name: 'x', content: text('x'.repeat(300_000)) }),
			/maximum bytes/,
		);
		const left = (await api('STREAM.INFO.OBJ_small')) as unknown as { state: { messages: number } };
		assert.equal(left.state.messages, 0, 'the chunks that were written are gone');
		assert.equal((await act(link, 'delete-store', 'store:OBJ_small')).text, 'Deleted the object store "small".');
		await assert.rejects(act(link, 'object-get', node?.id), /There is no object/);
	});

	await t.test('says that JetStream is missing, in a sentence', async (context) => {
		const { link } = await open({ 'jetstream.domain': 'elsewhere' });
		context.after(() => link.destroy());
		const page = await link.browse?.(undefined, 0, 10);
		assert.match(page?.note ?? '', /JetStream is not available/);
		await assert.rejects(async () => link.subscribe?.({ target: 'S', mode: 'stream' }), /JetStream is not available/);
	});
	assert.ok(server.port);
});
