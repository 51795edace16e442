import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { Settlement } from '../../../src/model/contracts/message';
import { defaultLimits } from '../../../src/model/contracts/session';
import type { Values } from '../../../src/model/profile/field';
import type { Subscription } from '../../../src/model/profile/profile';
import type { Logged } from '../../../src/protocols/adapter';
import { adapter } from '../../../src/protocols/nats/adapter';
import { nats } from '../../../src/protocols/nats/describe/describe';
import { placeOf } from '../../../src/protocols/nats/describe/place';
import { deafSink } from '../../../src/protocols/shared/null-sink';
import { eventually } from '../../support/run/eventually';
import { resolved } from '../suite/attempt';
import { withServer } from './with-server';

interface Delivered extends Logged {
	settlement?: Settlement;
}

/** Connects and keeps the lines of the log with their outcomes. */
async function consuming(t: TestContext, port: number, subscription: Subscription, user: Values = {}) {
	const lines: Delivered[] = [];
	const failures: string[] = [];
	const details: string[] = [];
	const link = await adapter.connect({
		profile: resolved('nats', `nats://127.0.0.1:${port}`, user),
		...{
			secrets: { password: 'p' },
			limits: defaultLimits,
			signal: new AbortController().signal,
			memory: new Map(),
			step() {},
			found() {},
		},
		sink: {
			...deafSink,
			message({ target, payload, flags, meta }) {
				const kept = meta instanceof Uint8Array ? Uint8Array.from(meta) : undefined;
				return lines.push({ seq: lines.length, target, payload: Buffer.from(payload), flags, meta: kept }) - 1;
			},
			settlement: (seq, settlement) => Object.assign(lines[seq] ?? {}, { settlement }),
			subscription(_, { failure, detail }) {
				if (failure) failures.push(failure.message);
				if (detail) details.push(detail);
			},
		},
	});
	t.after(() => link.destroy());
	const granted = await link.subscribe?.({ mode: 'consume', ...subscription }, 'id');
	const act = (action: string, messages: Delivered[], values: Values = {}) =>
		link.act?.({ action, messages, values, progress() {}, signal: new AbortController().signal });
	return { link, lines, failures, details, granted, act };
}

const texts = (lines: Delivered[]) => lines.map(({ payload }) => payload.toString());
const place = ({ flags, meta }: Delivered) => placeOf(flags, meta as Uint8Array);

test('consumers of streams', async (t) => {
	const { peer, api, server } = await withServer(t, {
		lines: [
			'no_auth_user: all',
			'accounts { A: { jetstream: enabled, users: [ { user: all, password: p }, { user: some, password: p, permissions: {',
			'publish: { deny: ["$JS.API.CONSUMER.MSG.NEXT.DENIED.>"] }, subscribe: { deny: ["denied.>"] } } } ] } }',
		],
	});
	const { port } = server;
	const prepare = async (name: string, count: number, config: object = {}) => {
		await api(`STREAM.CREATE.${name}`, { name, subjects: [`${name}.>`], storage: 'memory' });
		await api(`CONSUMER.DURABLE.CREATE.${name}.worker`, {
			stream_name: name,
			config: { durable_name: 'worker', ack_policy: 'explicit', ...config },
		});
		for (let at = 1; at <= count; at++) peer.publish(`${name}.x`, `${at}`);
		await peer.flush();
	};
	const state = async (name: string) =>
		(await api(`CONSUMER.INFO.${name}.worker`)) as unknown as {
			num_pending: number;
			num_ack_pending: number;
			ack_floor: { stream_seq: number };
		};

	await t.test(
		'messages wait for an outcome, at most so many at once, and each outcome is confirmed',
		async (context) => {
			await prepare('HAND', 5);
			const { lines, act, granted, link } = await consuming(context, port, { target: 'HAND/worker', batch: 3 });
			assert.match(granted?.detail ?? '', /^pull consumer, 5 pending, each message waits/);
			await eventually('three', () => assert.deepEqual(texts(lines), ['1', '2', '3']));
			assert.deepEqual(
				lines.map(({ settlement }) => settlement?.open),
				[true, true, true],
			);
			assert.deepEqual(
				[
					place(lines[0] as Delivered)?.stream,
					place(lines[0] as Delivered)?.sequence,
					place(lines[0] as Delivered)?.delivered,
				],
				['HAND', '1', '1'],
			);
			const [first, second, third] = lines as [Delivered, Delivered, Delivered];
			assert.match((await act('ack', [first]))?.text ?? '', /^1 message acknowledged, confirmed by the server\.$/);
			assert.deepEqual(first.settlement, { open: false, text: 'acknowledged' });
			await act('term', [second]);
			await act('nak', [third]);
			await eventually('again, and the rest', () =>
				assert.deepEqual(texts(lines).sort(), ['1', '2', '3', '3', '4', '5']),
			);
			const again = lines.slice(3).find(({ payload }) => payload.toString() === '3') as Delivered;
			assert.equal(place(again)?.delivered, '2');
			assert.deepEqual(
				[third, again].map(({ flags, meta }) => nats.delivery?.repeated?.(flags, meta as never)),
				[undefined, 'Delivered again by the server (delivery 2)'],
			);
			assert.match((await act('progress', [again]))?.text ?? '', /time extended/);
			assert.equal(again.settlement?.open, true);
			await act('ack', lines.slice(3));
			await eventually('all are acknowledged', async () =>
				assert.deepEqual((await state('HAND')).ack_floor.stream_seq, 5),
			);
			await link.close();
		},
	);

	await t.test('a message whose time is over is delivered again, and its first line says so', async (context) => {
		await prepare('LATE', 1, { ack_wait: 1e9 });
		const { lines } = await consuming(context, port, { target: 'LATE/worker' });
		await eventually('again', () => assert.equal(lines.length, 2));
		assert.deepEqual(lines[0]?.settlement, { open: false, text: 'no outcome in time: delivered again' });
		assert.equal(lines[1]?.settlement?.open, true);
	});

	await t.test('acknowledges by itself only when it is told to', async (context) => {
		await prepare('AUTO', 30);
		const { lines } = await consuming(context, port, { target: 'AUTO/worker', settle: 'ack', batch: 7 });
		await eventually('all', () => assert.equal(lines.length, 30));
		assert.ok(lines.every(({ settlement }) => settlement === undefined));
		await eventually('acknowledged', async () => assert.equal((await state('AUTO')).ack_floor.stream_seq, 30));
	});

	await t.test('asks for no more than the consumer allows, and says why it is refused', async (context) => {
		await prepare('LIMITS', 12, { max_batch: 5, max_expires: 2e9, max_waiting: 1 });
		const { lines } = await consuming(context, port, { target: 'LIMITS/worker', settle: 'ack' });
		await eventually('all', () => assert.equal(lines.length, 12));
		const second = await consuming(context, port, { target: 'LIMITS/worker', settle: 'ack' });
		await eventually('refused', () =>
			assert.match(second.details.at(-1) ?? '', /^the server refuses the request for messages: Exceeded MaxWaiting/),
		);
	});

	await t.test('a message that acknowledges all before it closes them as well', async (context) => {
		await prepare('EACH', 4, { ack_policy: 'all' });
		const { lines, act, link } = await consuming(context, port, { target: 'EACH/worker', batch: 4 });
		await eventually('all', () => assert.equal(lines.length, 4));
		await act('ack', lines.slice(2, 3));
		await assert.rejects(async () => act('ack', lines.slice(0, 3)), /None of these messages waits/);
		await link.unsubscribe?.({ target: 'EACH/worker', mode: 'consume' }, 'id');
		assert.deepEqual(
			lines.map(({ settlement }) => settlement?.text),
			[...Array(2).fill('acknowledged with a later message'), 'acknowledged', 'waiting for an outcome'],
		);
		assert.equal((await state('EACH')).ack_floor.stream_seq, 3);
		assert.match((await act('ack', lines))?.text ?? '', /^1 message acknowledged.* 3 messages no longer waited/);
		assert.equal((await state('EACH')).ack_floor.stream_seq, 4, 'settled after the end of its subscription');
	});

	await t.test('receives from a push consumer and answers its flow control', async (context) => {
		await prepare('PUSH', 0, {
			deliver_subject: 'deliver.push',
			flow_control: true,
			idle_heartbeat: 1e9,
			max_ack_pending: -1,
		});
		const { lines, granted, failures } = await consuming(context, port, { target: 'PUSH/worker', settle: 'ack' });
		assert.match(granted?.detail ?? '', /^push consumer/);
		const body = 'x'.repeat(10_000);
		for (let at = 0; at < 3000; at++) peer.publish('PUSH.x', body);
		await peer.flush();
		await eventually('all', () => assert.equal(lines.length, 3000));
		await api('CONSUMER.DELETE.PUSH.worker');
		await eventually('ended', () => assert.deepEqual(failures, ['The consumer "PUSH/worker" was deleted.']));
	});

	await t.test('more messages than can be settled push the oldest out, which says so', async (context) => {
		await prepare('MANY', 0, { deliver_subject: 'deliver.many', max_ack_pending: -1 });
		const { lines, act } = await consuming(context, port, { target: 'MANY/worker' });
		for (let at = 0; at < 10_050; at++) peer.publish('MANY.x', `${at}`);
		await peer.flush();
		await eventually('all', () => assert.equal(lines.length, 10_050));
		assert.deepEqual(
			lines.map(({ settlement }) => settlement?.open),
			lines.map((_, at) => at >= 50),
		);
		assert.match(lines[49]?.settlement?.text ?? '', /^not settled here: more than 10,000 messages wait$/);
		await assert.rejects(async () => act('ack', lines.slice(0, 50)), /waits for an outcome/);
		await act('ack', lines.slice(-1));
		assert.equal(lines.at(-1)?.settlement?.text, 'acknowledged');
	});

	await t.test('asks with the current numbers, and says when the consumer is deleted', async (context) => {
		await prepare('GONE', 4);
		const { link, failures } = await consuming(context, port, { target: 'GONE/worker', batch: 2 });
		const question = await link.ask?.({ kind: 'subscribe', subscription: { target: 'GONE/worker', mode: 'consume' } });
		assert.match(question?.detail ?? '', /^2 messages pending, 2 unacknowledged\./);
		await api('CONSUMER.DELETE.GONE.worker');
		await assert.rejects(
			async () => link.ask?.({ kind: 'subscribe', subscription: { target: 'GONE/worker', mode: 'consume' } }),
			/consumer not found/,
		);
		const idle = await prepare('IDLE', 0).then(() => consuming(context, port, { target: 'IDLE/worker' }));
		await api('CONSUMER.DELETE.IDLE.worker');
		await eventually('ended', () => assert.deepEqual(idle.failures, ['The consumer "IDLE/worker" was deleted.']));
		assert.deepEqual(failures, []);
	});

	await t.test('refuses a consumer from which this user cannot receive', async (context) => {
		const denied = (target: string) => consuming(context, port, { target }, { username: 'some' });
		await prepare('DENIED', 0);
		await assert.rejects(denied('DENIED/worker'), /no permission to publish to "\$JS\.API\.CONSUMER\.MSG\.NEXT/);
		await prepare('PUSHED', 0, { deliver_subject: 'denied.push' });
		await assert.rejects(denied('PUSHED/worker'), /no permission to subscribe to "denied\.push"/);
	});

	await t.test('deliveries to this connection do not appear in its subscription to everything', async (context) => {
		await prepare('ALL', 2);
		const { lines, link } = await consuming(context, port, { target: 'ALL/worker', settle: 'ack' });
		await link.subscribe?.({ target: '>' }, 'all');
		for (let at = 3; at <= 4; at++) peer.publish('ALL.x', `${at}`);
		peer.publish('end', 'end');
		await peer.flush();
		await eventually('everything', () =>
			assert.deepEqual(
				texts(lines)
					.filter((text) => text !== 'end')
					.sort(),
				['1', '2', '3', '3', '4', '4'],
			),
		);
	});
});
