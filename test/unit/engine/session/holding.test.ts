import assert from 'node:assert/strict';
import test from 'node:test';
import type { Failure } from '../../../../src/base/failure';
import { createSession } from '../../../../src/engine/session/session';
import { createStore } from '../../../../src/engine/store/store';
import { cannotHold, type Hold, type Holding } from '../../../../src/model/contracts/hold';
import { flag } from '../../../../src/model/contracts/message';
import { defaultLimits, type OpenRequest } from '../../../../src/model/contracts/session';
import type { ConnectContext, Link, Sink } from '../../../../src/protocols/adapter';
import type { ProtocolDescription } from '../../../../src/protocols/description';
import { records } from '../../../support/records';
import { eventually } from '../../../support/run/eventually';

const holding: Holding = { holds: true, repeats: true, survives: true, text: 'It holds.' };

/** A session whose peer waits for the outcome of the messages of each subscription with `hold`. */
function fixture(granted: Partial<Holding> = {}) {
	const links: {
		sink: Sink;
		context: ConnectContext;
		subscribed: [target: string, hold: Hold | undefined][];
		settled: string[];
		held: number;
		end(failure?: Failure): void;
	}[] = [];
	const description = {
		...records,
		subscription: {
			...records.subscription,
			holds: ({ target }: { target: string }) =>
				target === 'plain' ? cannotHold('It cannot.') : { ...holding, ...granted },
		},
	} as unknown as ProtocolDescription;
	const store = createStore(description, defaultLimits);
	const session = createSession({
		...{ description, store, onChanged() {}, pause: () => 1 },
		loadAdapter: async () => ({
			async connect(context) {
				let end: (failure?: Failure) => void = () => {};
				const ended = new Promise<Failure | undefined>((resolve) => {
					end = resolve;
				});
				const own: (typeof links)[number] = {
					...{ sink: context.sink, context, subscribed: [], settled: [], held: 0 },
					end: (failure) => end(failure),
				};
				links.push(own);
				const link: Link = {
					security: { encrypted: false, verified: true, authentication: 'none' },
					...{ facts: [], ended, prepare: () => ({ flags: 0 }), destroy() {}, close: async () => end() },
					send: async () => ({ proof: 'acknowledged', text: 'yes', ms: 1 }),
					async subscribe({ target }, _, hold) {
						own.subscribed.push([target, hold]);
						return {};
					},
					unsubscribe: async () => {},
					settle: (seqs, outcome) => void own.settled.push(`${outcome} ${seqs.join()}`),
					held: () => own.held,
				};
				return link;
			},
		}),
	});
	const notes = () => {
		const { low, high } = store.reader.view('notes', { directions: ['note'] });
		return store.reader.page('notes', low, high - low).rows.map(({ preview }) => preview);
	};
	return { session, links, notes, store };
}

const request: OpenRequest = {
	profile: { id: 'p', name: 'P', protocol: 'records', url: 'records://x', values: {}, subscriptions: [] },
	...{ secrets: {}, limits: defaultLimits, reconnect: true },
};

test('a subscription holds its messages across links, and outcomes reach the adapter', async () => {
	const { session, links, store } = fixture();
	await session.open({ ...request, hold: { limit: 7 } });
	assert.deepEqual([links[0]?.context.hold, links[0]?.context.holding], [{ limit: 7 }, []]);
	const state = await session.subscribe({ target: 'a' }, { limit: 5 });
	assert.deepEqual(state.holding, holding);
	await session.subscribe({ target: 'b' });
	const seq = links[0]?.sink.message({ target: 'a', payload: Buffer.from('x'), flags: flag.held }) ?? -1;
	assert.equal(store.reader.detail(seq).row.flags & flag.held, flag.held);
	session.settle([seq], 'done');
	session.settle([seq, 99], 'again');
	assert.deepEqual(links[0]?.settled, [`done ${seq}`, `again ${seq},99`]);

	links[0]?.end({ code: 'lost', message: 'Lost.' });
	// Between two links, the outcome goes to the one that has ended.
	session.settle([seq], 'done');
	assert.equal(links[0]?.settled.length, 3);
	await eventually('restored', () => assert.equal(links[1]?.subscribed.length, 2));
	assert.deepEqual(links[1]?.subscribed, [
		['a', { limit: 5 }],
		['b', undefined],
	]);
	assert.deepEqual(
		links[1]?.context.holding?.map(({ subscription }) => subscription.target),
		['a'],
	);
	assert.deepEqual(
		session.status().subscriptions.map(({ holding: one }) => one?.holds),
		[true, undefined],
	);

	await session.subscribe({ target: 'a' });
	assert.deepEqual(links[1]?.subscribed.at(-1), ['a', undefined], 'it is replaced by one without');
	assert.equal(session.status().subscriptions[0]?.holding, undefined);
	await session.close();
});

test('where messages cannot be held, the subscription is made as usual and says so', async () => {
	const { session, links } = fixture();
	await session.open(request);
	const { holding: result } = await session.subscribe({ target: 'plain' }, {});
	assert.deepEqual(result, cannotHold('It cannot.'));
	assert.deepEqual(links[0]?.subscribed, [['plain', undefined]]);
	await session.close();
});

const ends: [count: number, survives: boolean, note: string | undefined][] = [
	[0, true, undefined],
	[1, true, '1 received message was not settled and will be delivered again.'],
	[1200, true, '1,200 received messages were not settled and will be delivered again.'],
	[2, false, '2 received messages were not settled and will not come again.'],
];
for (const [count, survives, note] of ends)
	for (const how of ['lost', 'closed'])
		test(`${count} held messages at the end of a link that is ${how} (${survives ? 'kept' : 'not kept'})`, async () => {
			const { session, links, notes } = fixture({ survives });
			await session.open({ ...request, reconnect: false });
			await session.subscribe({ target: 'a' }, {});
			const [link] = links;
			assert.ok(link);
			link.held = count;
			assert.equal(session.status().held, count);
			if (how === 'lost') link.end({ code: 'lost', message: 'Lost.' });
			else await session.close();
			await eventually('closed', () => assert.equal(session.status().state.kind, 'closed'));
			assert.deepEqual(
				notes().filter((text) => /settled/.test(text)),
				note === undefined ? [] : [note],
			);
		});
