import assert from 'node:assert/strict';
import test from 'node:test';
import type { Subscription } from '../../../src/model/profile/profile';
import { natsFlag } from '../../../src/protocols/nats/describe/flags';
import { placeOf } from '../../../src/protocols/nats/describe/place';
import { eventually } from '../../support/run/eventually';
import { realSession } from '../../support/run/session';
import { holdsMessages } from '../suite/holding';
import { withServer } from './with-server';

test('NATS: acknowledges messages of a consumer after their outcome', async (t) => {
	const { api, peer, server } = await withServer(t);
	await api('STREAM.CREATE.HELD', { name: 'HELD', subjects: ['held.>'], storage: 'memory' });
	const consumer = (name: string, config: object) =>
		api(`CONSUMER.CREATE.HELD.${name}`, {
			stream_name: 'HELD',
			config: { durable_name: name, ack_policy: 'explicit', ack_wait: 1_000_000_000, ...config },
		});
	const deliver = async (texts: readonly string[]) => {
		for (const text of texts) await peer.request('held.x', text);
	};
	const url = `nats://127.0.0.1:${server.port}`;
	const subscription: Subscription = { target: 'HELD/worker', mode: 'consume' };

	await consumer('worker', {});
	await holdsMessages({
		...{ protocol: 'nats', url, subscription, deliver },
		isRepeated: (flags, meta) => Number(placeOf(flags & natsFlag.consumed, meta as Uint8Array)?.delivered) > 1,
	});

	await t.test(
		'keeps a message for longer than the ack wait, and gives it back when receiving is stopped',
		async () => {
			await consumer('slow', { deliver_policy: 'new', ack_wait: 200_000_000 });
			const seen: string[] = [];
			const session = realSession('nats', {
				url,
				onMessage: ({ payload }) => seen.push(Buffer.from(payload).toString()),
			});
			try {
				await session.connect();
				const slow = { target: 'HELD/slow', mode: 'consume' };
				await session.subscribe(slow, {});
				await deliver(['kept']);
				await eventually('held', () => assert.equal(session.status().held, 1));
				const began = performance.now();
				// Time passes at the server: three times its ack wait.
				await eventually('later', () => assert.ok(performance.now() - began > 600));
				assert.deepEqual(seen, ['kept']);
				await session.unsubscribe(slow);
				await eventually('given back', async () => {
					const { num_pending, num_ack_pending, num_redelivered } = (await api('CONSUMER.INFO.HELD.slow')) as Record<
						string,
						number
					>;
					assert.ok((num_pending ?? 0) + (num_ack_pending ?? 0) > 0, String(num_redelivered));
				});
				await session.subscribe(slow, {});
				await eventually('again', () => assert.deepEqual(seen, ['kept', 'kept']));
			} finally {
				session.dispose();
			}
		},
	);

	await t.test('a consumer without acknowledgements of single messages is received as usual, and says so', async () => {
		for (const [name, ack_policy] of [
			['unasked', 'none'],
			['all', 'all'],
		] as const) {
			await consumer(name, { ack_policy, deliver_policy: 'new', ...(ack_policy === 'none' && { ack_wait: 0 }) });
			const session = realSession('nats', { url });
			try {
				await session.connect();
				const { holding } = await session.subscribe({ target: `HELD/${name}`, mode: 'consume' }, {});
				assert.equal(holding?.holds, false);
				assert.match(holding?.text ?? '', new RegExp(`ack policy "${ack_policy}"`));
				await deliver(['1']);
				await eventually('received', () => assert.equal(session.status().received, 1));
				assert.equal(session.status().held, 0);
			} finally {
				session.dispose();
			}
		}
	});
});
