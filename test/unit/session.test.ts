import assert from 'node:assert/strict';
import test from 'node:test';
import { type Failure, FailureError, fail } from '../../src/base/failure';
import { createSession } from '../../src/engine/session';
import type { Store } from '../../src/engine/store';
import { flag, type Receipt } from '../../src/model/message';
import { defaultLimits, type OpenRequest } from '../../src/model/session';
import type { Adapter, ConnectContext, Link } from '../../src/protocols/adapter';
import type { ProtocolDescription } from '../../src/protocols/description';

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

function fixture(connect: (attempt: number, context: ConnectContext) => Promise<Link>) {
	const rows: { target: string; flags: number; text: string }[] = [];
	const receipts = new Map<number, Receipt>();
	const store = {
		append: (target: string, payload: Uint8Array, flags: number) =>
			rows.push({ target, flags, text: new TextDecoder().decode(payload) }) - 1,
		receipt: (seq: number, receipt: Receipt) => receipts.set(seq, receipt),
		rate: () => 0,
	} as unknown as Store;
	let attempts = 0;
	const adapter: Adapter = { connect: (context) => connect(++attempts, context) };
	const session = createSession({
		description: { subscription: { check: () => undefined } } as unknown as ProtocolDescription,
		loadAdapter: async () => adapter,
		store,
		onChanged: () => {},
		pause: () => 1,
	});
	return { session, rows, receipts, attempts: () => attempts };
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
	await session.unsubscribe('x');
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

test('a received message is handed on as it arrives, after it is in the store', async () => {
	const order: string[] = [];
	const session = createSession({
		description: {} as ProtocolDescription,
		loadAdapter: async () => ({
			async connect({ sink }) {
				queueMicrotask(() => sink.message('a/b', Uint8Array.of(1, 2), 0x100, { x: 1 }));
				return fakeLink().link;
			},
		}),
		store: {
			append: (target: string) => order.push(`store ${target}`),
			receipt() {},
			rate: () => 0,
		} as unknown as Store,
		onChanged: () => {},
		onMessage: (target, payload, flags, meta) =>
			order.push(`${target} ${[...payload]} ${flags} ${JSON.stringify(meta)}`),
	});
	await session.open({ ...request, profile: { ...request.profile, subscriptions: [] } });
	await until(() => order.length >= 2);
	assert.deepEqual(
		order.filter((line) => !line.startsWith('store ')),
		['a/b 1,2 256 {"x":1}'],
	);
	assert.ok(order.indexOf('store a/b') < order.indexOf('a/b 1,2 256 {"x":1}'));
	await session.close();
});
