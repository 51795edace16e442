import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { type Failure, fail } from '../../../../src/base/failure';
import { createSession } from '../../../../src/engine/session/session';
import type { Store } from '../../../../src/engine/store/store';
import { defaultLimits, type OpenRequest } from '../../../../src/model/contracts/session';
import type { Link } from '../../../../src/protocols/adapter';
import type { ProtocolDescription } from '../../../../src/protocols/description';
import { eventually } from '../../../support/run/eventually';

const closed: Failure = { code: 'closed-by-broker', message: 'The broker closed the connection.' };

interface Broker {
	/** Ends the link instead of answering. */
	forbidden: Set<string>;
	failure?: Failure;
	/** Rejects what is open before it reports the end of the link, as most adapters do. */
	rejects?: boolean;
	/** Milliseconds until an answer. */
	answersAfter?: number;
}

/** A session with a peer that ends the link on certain subscriptions; what was asked on each of its links. */
function setting(t: TestContext, broker: Broker, targets: string[], reconnect = true) {
	const links: string[][] = [];
	const notes: string[] = [];
	function connect(): Link {
		const asked: string[] = [];
		links.push(asked);
		let end: (failure?: Failure) => void = () => {};
		const ended = new Promise<Failure | undefined>((resolve) => {
			end = resolve;
		});
		const open = new Set<(error: unknown) => void>();
		return {
			security: { encrypted: false, verified: true, authentication: 'none' },
			facts: [],
			ended,
			subscribe({ target }) {
				asked.push(target);
				return new Promise((resolve, reject) => {
					open.add(reject);
					if (!broker.forbidden.has(target)) {
						setTimeout(() => resolve({}), broker.answersAfter ?? 5);
						return;
					}
					if (broker.rejects) for (const one of open) one(fail('link-lost', 'The connection broke.'));
					end(broker.failure ?? closed);
				});
			},
			prepare: () => ({ flags: 0 }),
			send: async () => ({ proof: 'acknowledged', text: 'yes', ms: 1 }),
			close: async () => end(),
			destroy: () => {},
		};
	}
	const session = createSession({
		description: { subscription: { check: () => undefined }, verbs: [] } as unknown as ProtocolDescription,
		loadAdapter: async () => ({ connect: async () => connect() }),
		store: {
			append: (_target: string, payload: Uint8Array) => notes.push(new TextDecoder().decode(payload)) - 1,
			endSettlements() {},
			mark() {},
			setChecks() {},
			subscribed() {},
			marked: {},
			rate: () => 0,
		} as unknown as Store,
		onChanged: () => {},
		pause: () => 1,
	});
	// A test that fails must not leave a session behind that connects for ever.
	t.after(() => session.close());
	const request: OpenRequest = {
		profile: {
			...{ id: 'p', name: 'P', protocol: 'fake', url: 'fake://x', values: {} },
			subscriptions: targets.map((target) => ({ target })),
		},
		...{ secrets: {}, limits: defaultLimits, reconnect },
	};
	const states = () =>
		Object.fromEntries(
			session
				.status()
				.subscriptions.map(({ subscription, state, failure }) => [subscription.target, failure?.code ?? state]),
		);
	const settled = (expected: object) => eventually('they settle', () => assert.deepEqual(states(), expected));
	return { session, request, links, notes, states, settled };
}

for (const rejects of [false, true])
	test(`of several subscriptions the one at which the link is cut is found and the others work (${rejects ? 'rejected' : 'open'})`, async (t) => {
		const here = setting(t, { forbidden: new Set(['forbidden', 'other']), rejects }, [
			'a',
			'forbidden',
			'b',
			'other',
			'c',
		]);
		await here.session.open(here.request);
		await here.settled({ a: 'active', forbidden: 'link-cut', b: 'active', other: 'link-cut', c: 'active' });
		assert.equal(here.session.status().state.kind, 'open');
		const asked = (target: string) => here.links.flat().filter((one) => one === target).length;
		assert.deepEqual([asked('forbidden'), asked('other')], [2, 2], JSON.stringify(here.links));
		assert.equal(here.links.length, 4, JSON.stringify(here.links));
		assert.ok(
			here.notes.includes(
				'The connection ended while the subscription to "forbidden" was unanswered, so it is not retried automatically.',
			),
		);
		await here.session.close();
	});

test('a subscription of the user at which the link is cut is asked once, and again when the user retries', async (t) => {
	const forbidden = new Set(['forbidden']);
	const here = setting(t, { forbidden, rejects: true }, ['a']);
	await here.session.open(here.request);
	await here.settled({ a: 'active' });
	await assert.rejects(here.session.subscribe({ target: 'forbidden' }));
	await here.settled({ a: 'active', forbidden: 'link-cut' });
	assert.deepEqual(here.links, [['a', 'forbidden'], ['a']]);
	const [, cut] = here.session.status().subscriptions;
	assert.equal(cut?.failure?.evidence, 'The broker closed the connection.');
	forbidden.clear();
	await here.session.subscribe({ target: 'forbidden' });
	assert.deepEqual(here.states(), { a: 'active', forbidden: 'active' });
	await here.session.close();
});

test('a profile whose subscription cuts the link opens without it the next time, unless it is removed', async (t) => {
	const here = setting(t, { forbidden: new Set(['forbidden']) }, ['forbidden'], false);
	await here.session.open(here.request);
	await here.settled({ forbidden: 'link-cut' });
	await eventually('closed', () => assert.equal(here.session.status().state.kind, 'closed'));
	await here.session.open(here.request);
	await new Promise((resolve) => setTimeout(resolve, 20));
	assert.equal(here.session.status().state.kind, 'open');
	assert.deepEqual(here.links, [['forbidden'], []]);
	await here.session.unsubscribe({ target: 'forbidden' });
	assert.deepEqual(here.states(), {});
	await here.session.close();
});

test('a link that fell silent is no proof: the subscription is asked once more, alone', async (t) => {
	const failure = { code: 'silent', message: 'The server does not answer any more.' };
	const forbidden = new Set(['forbidden']);
	const here = setting(t, { forbidden, failure }, ['a']);
	await here.session.open(here.request);
	await here.settled({ a: 'active' });
	here.session.subscribe({ target: 'forbidden' }).catch(() => {});
	await here.settled({ a: 'active', forbidden: 'link-cut' });
	assert.deepEqual(here.links, [['a', 'forbidden'], ['a', 'forbidden'], ['a']]);
	await here.session.close();
});

test('an end for another reason, and our own, put no blame on a subscription', async (t) => {
	const failure = { code: 'conflict', message: 'Another client has this ID.', final: true };
	const taken = setting(t, { forbidden: new Set(['x']), failure }, ['x']);
	await taken.session.open(taken.request);
	await eventually('closed', () => assert.equal(taken.session.status().state.kind, 'closed'));
	assert.deepEqual(taken.states(), { x: 'pending' });

	const own = setting(t, { forbidden: new Set(), answersAfter: 200 }, ['x']);
	await own.session.open(own.request);
	await own.session.close();
	assert.deepEqual(own.states(), { x: 'pending' });
});
