import assert from 'node:assert/strict';
import test from 'node:test';
import type { Failure } from '../../../../src/base/failure';
import { createSession } from '../../../../src/engine/session/session';
import { createStore } from '../../../../src/engine/store/store';
import type { Settlement } from '../../../../src/model/contracts/message';
import { defaultLimits, type OpenRequest } from '../../../../src/model/contracts/session';
import type { Act, Link, Sink } from '../../../../src/protocols/adapter';
import type { ProtocolDescription } from '../../../../src/protocols/description';
import { records } from '../../../support/records';
import { eventually } from '../../../support/run/eventually';

const waiting: Settlement = { open: true, text: 'waiting for an outcome', atEnd: 'released by the end of the link' };
const request: OpenRequest = {
	profile: { id: 'p', name: 'P', protocol: 'records', url: 'records://x', values: {}, subscriptions: [] },
	...{ secrets: { password: 's3cret-word' }, limits: defaultLimits, reconnect: true },
};

/** A session whose peer waits for the outcome of each message. */
function fixture() {
	const links: { sink: Sink; end(failure?: Failure): void }[] = [];
	const store = createStore(records as ProtocolDescription, defaultLimits);
	const session = createSession({
		...{ description: records as ProtocolDescription, store, onChanged() {}, pause: () => 1 },
		loadAdapter: async () => ({
			async connect({ sink }) {
				let end: (failure?: Failure) => void = () => {};
				const ended = new Promise<Failure | undefined>((resolve) => {
					end = resolve;
				});
				links.push({ sink, end });
				const act = async ({ messages }: Act) => {
					for (const { seq } of messages) sink.settlement(seq, { open: false, text: 'accepted' });
					return { text: 'Accepted.' };
				};
				const link: Link = {
					security: { encrypted: false, verified: true, authentication: 'none' },
					...{ facts: [], ended, act, prepare: () => ({ flags: 0 }), destroy() {}, close: async () => end() },
					send: async () => ({ proof: 'acknowledged', text: 'yes', ms: 1 }),
				};
				return link;
			},
		}),
	});
	const arrive = (at: number) => {
		const sink = links[at]?.sink as Sink;
		const seq = sink.message({ target: 't', payload: Buffer.from('x'), flags: 0 });
		sink.settlement(seq, waiting);
		return seq;
	};
	const textOf = (seq: number) => store.reader.detail(seq).row.settlement?.text;
	const offered = (...seqs: number[]) => store.reader.fitting(seqs).find(([action]) => action === 'accept')?.[1] ?? [];
	return { session, links, arrive, textOf, offered };
}

test('a message waits for its outcome until an action settles it', async () => {
	const { session, arrive, textOf, offered } = fixture();
	await session.open(request);
	const [first, second] = [arrive(0), arrive(0)];
	assert.deepEqual(offered(first, second), [first, second]);
	await session.act({ id: 'a', action: 'accept', messages: [first], values: {} });
	assert.deepEqual([textOf(first), textOf(second)], ['accepted', waiting.text]);
	assert.deepEqual(offered(first, second), [second]);
	await session.close();
});

test('the end of the link ends what is open, and a later word of that link opens nothing', async () => {
	const { session, links, arrive, textOf, offered } = fixture();
	await session.open(request);
	const first = arrive(0);
	links[0]?.end({ code: 'lost', message: 'The server went away.' });
	await eventually('reconnected', () => assert.equal(links.length, 2));
	assert.equal(textOf(first), 'released by the end of the link');
	links[0]?.sink.settlement(first, waiting);
	assert.deepEqual(offered(first), []);
	await eventually('open', () => assert.equal(session.status().state.kind, 'open'));
	const second = arrive(1);
	assert.deepEqual(offered(first, second), [second]);
	await session.close();
	assert.equal(textOf(second), 'released by the end of the link');
});

test('the text of an outcome is cleaned of secrets', async () => {
	const { session, links, arrive, textOf } = fixture();
	await session.open(request);
	const seq = arrive(0);
	links[0]?.sink.settlement(seq, { open: false, text: 'rejected: s3cret-word' });
	assert.equal(textOf(seq), 'rejected: •••');
	await session.close();
});
