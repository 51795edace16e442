import assert from 'node:assert/strict';
import test from 'node:test';
import { type Failure, FailureError, fail } from '../../../../src/base/failure';
import { createSession } from '../../../../src/engine/session/session';
import type { Store } from '../../../../src/engine/store/store';
import { flag, type Receipt } from '../../../../src/model/contracts/message';
import { defaultLimits, type OpenRequest } from '../../../../src/model/contracts/session';
import type { Adapter, ConnectContext, Link } from '../../../../src/protocols/adapter';
import type { ProtocolDescription } from '../../../../src/protocols/description';
import { eventually } from '../../../support/run/eventually';

const request: OpenRequest = {
	profile: { id: 'p', name: 'P', protocol: 'fake', url: 'fake://x', values: {}, subscriptions: [{ target: 'a' }] },
	secrets: {},
	limits: defaultLimits,
	reconnect: true,
};

function fakeLink(more: Partial<Link> = {}) {
	let end: (failure?: Failure) => void = () => {};
	const asked: string[] = [];
	const link: Link = {
		security: { encrypted: false, verified: true, authentication: 'none' },
		facts: [],
		ended: new Promise((resolve) => {
			end = resolve;
		}),
		subscribe: async ({ target }) => {
			asked.push(target);
			return {};
		},
		prepare: () => ({ flags: 0 }),
		send: async () => ({ proof: 'acknowledged', text: 'yes', ms: 1 }),
		close: async () => end(),
		destroy: () => {
			destroyed++;
		},
		...more,
	};
	let destroyed = 0;
	return { link, asked, end: (failure?: Failure) => end(failure), destroyed: () => destroyed };
}

function fixture(
	connect: (attempt: number, context: ConnectContext) => Promise<Link>,
	more: Partial<ProtocolDescription> = {},
	onSubscriptionEnded?: (subscription: { target: string }, failure: Failure) => void,
) {
	const rows: { target: string; flags: number; text: string }[] = [];
	const receipts = new Map<number, Receipt>();
	const answers = new Map<number, number>();
	const store = {
		append: (target: string, payload: Uint8Array, flags: number) =>
			rows.push({ target, flags, text: new TextDecoder().decode(payload) }) - 1,
		receipt: (seq: number, receipt: Receipt) => receipts.set(seq, receipt),
		answer: (seq: number, request: number) => answers.set(seq, request),
		endSettlements() {},
		mark() {},
		setChecks() {},
		subscribed() {},
		marked: {},
		logged: (seq: number) => ({ seq, ...at(rows, seq) }),
		rate: () => 0,
	} as unknown as Store;
	let attempts = 0;
	const adapter: Adapter = { connect: (context) => connect(++attempts, context) };
	const session = createSession({
		description: { subscription: { check: () => undefined }, verbs, ...more } as unknown as ProtocolDescription,
		loadAdapter: async () => adapter,
		store,
		onChanged: () => {},
		onSubscriptionEnded,
		pause: () => 1,
	});
	return { session, rows, receipts, answers, attempts: () => attempts };
}

const code = (expected: string) => (error: unknown) => error instanceof FailureError && error.failure.code === expected;
const at = <T>(list: readonly T[], index: number): T => {
	const item = list[index];
	assert.ok(item, `no item ${index}`);
	return item;
};
const until = async (what: () => boolean) => {
	for (let i = 0; i < 500 && !what(); i++) await new Promise((resolve) => setTimeout(resolve, 2));
	assert.ok(what(), 'it never came true');
};

const verbs = ['publish', 'get'].map((id) => ({ id, fields: [], checkTarget: () => undefined }));

/** The id that the session gives a subscription without modes. */
const idOf = (target: string) => JSON.stringify([target, undefined]);

test('opens, subscribes what the profile wants, and closes', async () => {
	const fake = fakeLink();
	const { session } = fixture(async () => fake.link);
	await session.open(request);
	assert.equal(session.status().state.kind, 'open');
	await until(() => session.status().subscriptions[0]?.state === 'active');
	assert.deepEqual(fake.asked, ['a']);
	await session.close();
	assert.equal(session.status().state.kind, 'closed');
	assert.ok(fake.destroyed() > 0);
});

test('a lost link is retried and its subscriptions are asked again', async () => {
	const links = [fakeLink(), fakeLink()];
	const { session, attempts } = fixture(async (n) => at(links, n - 1).link);
	await session.open(request);
	await session.subscribe({ target: 'b' });
	at(links, 0).end({ code: 'lost', message: 'The broker went away.' });
	await until(() => at(links, 1).asked.length === 2);
	assert.deepEqual(at(links, 1).asked, ['a', 'b']);
	assert.equal(attempts(), 2);
	await session.close();
});

test('a final failure is not retried, on connecting and later', async () => {
	const wrong = fixture(async () => {
		throw fail('bad-password', 'The password is wrong.', { final: true });
	});
	await assert.rejects(wrong.session.open(request), code('bad-password'));
	await new Promise((resolve) => setTimeout(resolve, 30));
	assert.equal(wrong.attempts(), 1);
	assert.equal(wrong.session.status().state.kind, 'closed');

	const fake = fakeLink();
	const taken = fixture(async () => fake.link);
	await taken.session.open(request);
	fake.end({ code: 'taken-over', message: 'Taken over.', final: true });
	await until(() => taken.session.status().state.kind === 'closed');
	assert.equal(taken.attempts(), 1);
});

test('a passing failure is retried until it works, or until closed', async () => {
	const fake = fakeLink();
	const { session, attempts } = fixture(async (n) => {
		if (n < 3) throw fail('refused', 'Nobody listens.');
		return fake.link;
	});
	await assert.rejects(session.open(request), code('refused'));
	await until(() => session.status().state.kind === 'open');
	assert.equal(attempts(), 3);
	await session.close();

	const never = fixture(async () => {
		throw fail('refused', 'Nobody listens.');
	});
	await assert.rejects(never.session.open(request), code('refused'));
	await until(() => never.attempts() > 2);
	await never.session.close();
	const after = never.attempts();
	await new Promise((resolve) => setTimeout(resolve, 30));
	assert.equal(never.attempts(), after);
});

test('a silent server: connect ends at its deadline, a late link is destroyed', async () => {
	const late = fakeLink();
	const { session } = fixture(
		(_, { signal }) =>
			new Promise((resolve) => signal.addEventListener('abort', () => setTimeout(() => resolve(late.link), 5))),
	);
	const quick = { ...request, reconnect: false, profile: { ...request.profile, values: { connectTimeout: 0.05 } } };
	await assert.rejects(session.open(quick), code('connect-timeout'));
	await until(() => late.destroyed() === 1);
});

test('closing while connecting cancels', async () => {
	const { session } = fixture(() => new Promise(() => {}));
	const opening = session.open(request);
	opening.catch(() => {});
	await session.close();
	await assert.rejects(opening, code('cancelled'));
	assert.equal(session.status().state.kind, 'closed');
});

test('a fault of the library ends the link and is retried, while connecting and while open', async () => {
	const links = [fakeLink(), fakeLink()];
	const { session, rows } = fixture(async (n) => (n === 1 ? new Promise<Link>(() => {}) : at(links, n - 2).link));
	const opening = session.open(request);
	opening.catch(() => {});
	await until(() => session.status().state.kind === 'connecting');
	await new Promise((resolve) => setTimeout(resolve, 5));
	session.fault(new TypeError('x is undefined'));
	await assert.rejects(opening, code('library-fault'));
	await until(() => session.status().state.kind === 'open');
	session.fault(new TypeError('y is undefined'));
	await until(() => at(links, 1).asked.length === 1);
	assert.ok(at(links, 0).destroyed() > 0);
	assert.ok(rows.some((row) => row.flags & flag.bad && row.text.includes('y is undefined')));
	await session.close();
});

test('a sent message is in the log with its receipt; a refused one keeps the reason', async () => {
	const { session, rows, receipts } = fixture(async () => fakeLink().link);
	await session.open(request);
	const draft = { verb: 'publish', target: 't', values: {}, payload: new TextEncoder().encode('hi') };
	const receipt = await session.send(draft);
	assert.equal(receipt.proof, 'acknowledged');
	assert.equal(rows[receipt.seq ?? -1]?.flags, flag.out);
	assert.equal(receipts.get(receipt.seq ?? -1)?.proof, 'acknowledged');
	await session.close();
	await assert.rejects(session.send(draft), code('not-open'));
});

test('a refused subscription says why and stays refused', async () => {
	const { session } = fixture(
		async () =>
			fakeLink({
				subscribe: async () => {
					throw fail('denied', 'The broker refuses it.');
				},
			}).link,
	);
	await session.open({ ...request, profile: { ...request.profile, subscriptions: [] } });
	await assert.rejects(session.subscribe({ target: 'x' }), code('denied'));
	assert.equal(session.status().subscriptions[0]?.failure?.code, 'denied');
	await session.unsubscribe({ target: 'x' });
	assert.equal(session.status().subscriptions.length, 0);
	await session.close();
});

test('a repeated message goes on until stopped, and ends with close', async () => {
	let sent = 0;
	const { session } = fixture(
		async () =>
			fakeLink({
				send: async () => {
					sent++;
					return { proof: 'handed-over', text: '', ms: 0 };
				},
			}).link,
	);
	await session.open(request);
	const draft = { verb: 'publish', target: 't', values: {}, payload: new Uint8Array() };
	assert.throws(() => session.repeat(draft, 1), code('bad-interval'));
	session.repeat(draft, 10);
	await until(() => sent >= 3);
	await session.close();
	const after = sent;
	await new Promise((resolve) => setTimeout(resolve, 40));
	assert.equal(sent, after);
	assert.equal(session.status().repeats.length, 0);
});

test('a received message and a bad note are handed on as they arrive, after they are in the store', async () => {
	const order: string[] = [];
	const notes: string[] = [];
	const session = createSession({
		description: { verbs } as unknown as ProtocolDescription,
		loadAdapter: async () => ({
			async connect({ sink }) {
				queueMicrotask(() => {
					sink.note('Something was skipped.', true);
					sink.note('Reading goes on.');
					sink.message({ target: 'a/b', payload: Uint8Array.of(1, 2), flags: 0x100, meta: { x: 1 } });
				});
				return fakeLink().link;
			},
		}),
		store: {
			append: (target: string) => order.push(`store ${target}`),
			receipt() {},
			endSettlements() {},
			mark() {},
			setChecks() {},
			subscribed() {},
			marked: {},
			rate: () => 0,
		} as unknown as Store,
		onChanged: () => {},
		onMessage: ({ target, payload, flags, meta }) =>
			order.push(`${target} ${[...payload]} ${flags} ${JSON.stringify(meta)}`),
		onBadNote: (text) => void notes.push(text),
	});
	await session.open({ ...request, profile: { ...request.profile, subscriptions: [] } });
	await until(() => order.length >= 4);
	assert.deepEqual(
		order.filter((line) => !line.startsWith('store ')),
		['a/b 1,2 256 {"x":1}'],
	);
	assert.deepEqual(notes, ['Something was skipped.']);
	assert.ok(order.indexOf('store a/b') < order.indexOf('a/b 1,2 256 {"x":1}'));
	await session.close();
});

const modes = [
	{ id: 'tap', label: 'Tap', icon: 'eye', sideEffect: 'None.' },
	{ id: 'take', label: 'Take', icon: 'flame', sideEffect: 'Takes messages away.', intrusive: true },
];
const withModes = {
	subscription: { placeholder: '', fields: [], sideEffect: '', suggest: [], check: () => undefined, modes },
};

test('one target is received in two ways at once, and each is stopped alone', async () => {
	const gone: string[] = [];
	const { session } = fixture(
		async () => fakeLink({ unsubscribe: async ({ target, mode }) => void gone.push(`${mode} ${target}`) }).link,
		withModes,
	);
	await session.open({ ...request, profile: { ...request.profile, subscriptions: [] } });
	await session.subscribe({ target: 'q', mode: 'take' });
	await session.subscribe({ target: 'q' });
	assert.equal(session.status().subscriptions.length, 2);
	await assert.rejects(session.subscribe({ target: 'q', mode: 'sing' }), code('bad-mode'));
	await session.unsubscribe({ target: 'q', mode: 'take' });
	assert.deepEqual(gone, ['take q']);
	await session.unsubscribe({ target: 'q', mode: 'tap' });
	assert.deepEqual(gone, ['take q', 'undefined q']);
	await session.close();
});

test('a way to receive that takes messages is never started by a profile, and restored once a user has started it', async () => {
	const links = [fakeLink(), fakeLink()];
	const { session, rows, attempts } = fixture(async (attempt) => at(links, attempt - 1).link, withModes);
	await session.open({
		...request,
		profile: { ...request.profile, subscriptions: [{ target: 'q', mode: 'take' }, { target: 'x' }] },
	});
	await until(() => at(links, 0).asked.length > 0);
	assert.deepEqual(at(links, 0).asked, ['x']);
	assert.ok(rows.some(({ text }) => text.includes('"q" was not started')));
	await session.subscribe({ target: 'q', mode: 'take' });
	at(links, 0).end({ code: 'lost', message: 'Lost.' });
	await until(() => attempts() === 2 && at(links, 1).asked.length === 2);
	assert.deepEqual(at(links, 1).asked.sort(), ['q', 'x']);
	await session.close();
});

test('what the peer changes about a subscription is shown; one that it ended is refused', async () => {
	let sink: ConnectContext['sink'] | undefined;
	const { session, rows } = fixture(async (_, context) => {
		sink = context.sink;
		return fakeLink().link;
	});
	await session.open(request);
	await until(() => session.status().subscriptions[0]?.state === 'active');
	sink?.subscription(idOf('a'), { detail: 'fresh', freshUntil: 7 });
	assert.deepEqual(session.status().subscriptions[0]?.freshUntil, 7);
	sink?.subscription(idOf('a'), { failure: { code: 'ended', message: 'The server ended it.' } });
	assert.equal(session.status().subscriptions[0]?.state, 'refused');
	assert.ok(rows.some(({ text, flags }) => text === 'The server ended it.' && flags & flag.bad));
	sink?.subscription(idOf('nobody asked'), { detail: 'x' });
	assert.equal(session.status().subscriptions.length, 1);
	sink?.browseChanged();
	assert.equal(session.status().browse, 1);
	await session.close();
});

test('an answer is joined to its request, and progress is seen until the receipt', async () => {
	let sink: ConnectContext['sink'] | undefined;
	let answer: (receipt: Receipt) => void = () => {};
	const { session, receipts, answers } = fixture(async (_, context) => {
		sink = context.sink;
		return fakeLink({
			send: (_draft, sending) => {
				sending?.progress('block 1 of 2', 0.5);
				return new Promise((resolve) => {
					answer = (receipt) => {
						sink?.message({ target: 't', payload: new Uint8Array(), flags: 0, answers: sending?.seq });
						resolve(receipt);
					};
				});
			},
		}).link;
	});
	await session.open({ ...request, profile: { ...request.profile, subscriptions: [] } });
	const sent = session.send({ verb: 'get', target: 't', values: {}, payload: new Uint8Array() });
	const [seq, pending] = at([...receipts], 0);
	assert.deepEqual([pending.proof, pending.text, pending.done], ['pending', 'block 1 of 2', 0.5]);
	assert.throws(() => session.cancel(seq), code('not-pending'));
	answer({ proof: 'answered', text: '2.05', ms: 4 });
	assert.equal((await sent).proof, 'answered');
	assert.equal(answers.get(seq + 1), seq);
	await session.close();
});

test('a pending message that can be stopped is stopped', async () => {
	const { session, receipts } = fixture(
		async () =>
			fakeLink({
				send: (_draft, sending) =>
					new Promise((resolve) => {
						sending?.signal.addEventListener('abort', () => resolve({ proof: 'unknown', text: 'stopped', ms: 1 }));
					}),
			}).link,
	);
	await session.open(request);
	const sent = session.send({ verb: 'get', target: 't', values: {}, payload: new Uint8Array() });
	const [seq, pending] = at([...receipts], 0);
	assert.equal(pending.stoppable, true);
	session.cancel(seq);
	assert.equal((await sent).text, 'stopped');
	assert.throws(() => session.cancel(seq), code('not-pending'));
	await session.close();
});

test('an action is seen while it runs, is given its messages, and stops', async () => {
	const { session, rows } = fixture(
		async () =>
			fakeLink({
				browse: async (parent) => ({
					total: 1,
					nodes: [{ id: `${parent}/x`, kind: 'k', name: 'x', expandable: false }],
				}),
				ask: async () => ({ text: 'Sure?', detail: '7 messages', button: 'Purge' }),
				act: ({ messages, progress, signal }) =>
					new Promise((resolve) => {
						progress('half', 0.5);
						signal.addEventListener('abort', () => resolve({ text: `${messages.length} done` }));
					}),
			}).link,
		{ actions: [{ id: 'purge', label: 'Purge…', on: {} }] },
	);
	const act = { id: '1', action: 'purge', messages: [0], values: {} };
	await assert.rejects(session.act(act), code('not-open'));
	await session.open(request);
	assert.ok(rows.length > 0);
	assert.equal((await session.browse('top', 0, 10)).nodes[0]?.id, 'top/x');
	assert.equal((await session.ask({ kind: 'act', request: act }))?.button, 'Purge');
	await assert.rejects(session.act({ ...act, action: 'sing' }), code('no-action'));
	const acting = session.act(act);
	assert.deepEqual(session.status().running, [{ id: '1', action: 'purge', text: 'half', done: 0.5 }]);
	await assert.rejects(session.act(act), code('running'));
	session.stop('1');
	assert.equal((await acting).text, '1 done');
	assert.deepEqual(session.status().running, []);
	await session.close();
});

test('a subscription that the peer ends is told once, with the others going on', async () => {
	const ended: [string, string][] = [];
	let sink: ConnectContext['sink'] | undefined;
	const fake = fakeLink();
	const { session, rows } = fixture(
		async (_, context) => {
			sink = context.sink;
			return fake.link;
		},
		{},
		(subscription, failure) => ended.push([subscription.target, failure.message]),
	);
	await session.open(request);
	await session.subscribe({ target: 'b' });
	sink?.subscription(idOf('b'), { failure: { code: 'x', message: 'It is gone.', evidence: 'deleted' } });
	sink?.subscription(idOf('nothing'), { failure: { code: 'x', message: 'Not ours.' } });
	assert.deepEqual(ended, [['b', 'It is gone.']]);
	assert.equal(rows.at(-1)?.text, 'It is gone. (deleted)');
	assert.deepEqual(
		session.status().subscriptions.map(({ state }) => state),
		['active', 'refused'],
	);
	await session.close();
});

test('a subscription that is granted and ended at once is refused, not active', async () => {
	const ended: string[] = [];
	const failure = { code: 'gone', message: 'It is gone.' };
	const { session } = fixture(
		async (_, { sink }) =>
			fakeLink({
				async subscribe(_, id) {
					queueMicrotask(() => sink.subscription(id, { failure }));
					await undefined;
					return {};
				},
			}).link,
		{},
		({ target }) => ended.push(target),
	);
	await session.open({ ...request, profile: { ...request.profile, subscriptions: [] } });
	await assert.rejects(session.subscribe({ target: 'b' }), code('gone'));
	assert.equal(session.status().subscriptions[0]?.state, 'refused');
	assert.deepEqual(ended, [], 'the refusal is the answer');
	await session.close();
});
test('a link that waits for the rest of a message says so in its state and once in the log', async () => {
	let unfinished: { since: number; bytes: number; size: number } | undefined;
	const { session, rows } = fixture(async () => fakeLink({ unfinished: () => unfinished }).link);
	const shown = () => {
		const { state } = session.status();
		return state.kind === 'open' ? state.unfinished : undefined;
	};
	await session.open(request);
	unfinished = { since: performance.now() - 20_000, bytes: 4, size: 200 };
	await eventually('it is shown', () => assert.deepEqual(shown(), { bytes: 4, size: 200 }));
	unfinished = { ...unfinished, bytes: 9 };
	await eventually('more has come', () => assert.deepEqual(shown(), { bytes: 9, size: 200 }));
	unfinished = undefined;
	await eventually('the rest has come', () => assert.equal(shown(), undefined));
	assert.deepEqual(
		rows.slice(1).map(({ text }) => text),
		[
			'Nothing can be received: the connection is waiting for the rest of a message: 4 of 200 bytes have arrived.',
			'The rest of the message has arrived.',
		],
	);
	await session.close();
});
