import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import { fail } from '../../../../src/base/failure';
import type * as Module from '../../../../src/host/message-files/run/session-connection';
import { createSessionFeed } from '../../../../src/host/message-files/run/session-feed';
import type { Feed, FeedMessage } from '../../../../src/model/contracts/engine-api';
import type { Status, SubscriptionState } from '../../../../src/model/contracts/session';
import { type Subscription, subscriptionId } from '../../../../src/model/profile/profile';
import { describe } from '../../../../src/protocols/descriptions';
import { loadHost } from '../../../support/host/load-host';
import { eventually } from '../../../support/run/eventually';

let sessionConnection: typeof Module.sessionConnection;
let shareSubscriptions: typeof Module.shareSubscriptions;
let questions = 0;
const window = {
	async showWarningMessage(...[, , button]: string[]) {
		questions++;
		return button;
	},
};
before(async () => {
	({ sessionConnection, shareSubscriptions } = await loadHost<typeof Module>(
		'src/host/message-files/run/session-connection.ts',
		{ window },
	));
});

const gone = fail('cancelled-by-server', 'The queue was deleted.').failure;

const idOf = subscriptionId(describe('amqp')?.subscription);

/** A session in another thread: what it has logged is asked for, and its status comes unasked. */
function fakeSession() {
	const log: FeedMessage[] = [];
	const states = new Map<string, SubscriptionState>();
	const waiting = new Set<() => void>();
	let revision = 0;
	let onGranted = () => {};
	const status = (): Status =>
		({ revision: ++revision, state: { kind: 'open' }, subscriptions: [...states.values()] }) as unknown as Status;
	let latest = status();
	let changed: (id: string) => void = () => {};
	const tell = () => {
		latest = status();
		changed('s');
	};
	const read = (from: number): Feed => ({ next: log.length, lost: 0, messages: log.slice(from) });
	const engine = {
		status: async () => status(),
		ask: async () => undefined,
		async subscribe(subscription: Subscription) {
			const state: SubscriptionState = { id: idOf(subscription), subscription, state: 'active' };
			states.set(subscription.target, state);
			onGranted();
			return state;
		},
		unsubscribe: async ({ target }: Subscription) => void states.delete(target),
		follow(from: number | undefined, _: number, wait: boolean): Promise<Feed> {
			if (from === undefined) return Promise.resolve({ next: log.length, lost: 0, messages: [] });
			if (!wait || from < log.length) return Promise.resolve(read(from));
			return new Promise((resolve) => waiting.add(() => resolve(read(from))));
		},
	};
	const host = {
		...{ id: 's', protocol: 'amqp', engine: () => engine as never },
		get status() {
			return latest;
		},
	};
	const sessions = {
		onChanged(listener: (id: string) => void) {
			changed = listener;
			return { dispose() {} };
		},
		get: () => host,
	};
	const feed = createSessionFeed(host as never, sessions as never);
	const description = describe('amqp');
	assert.ok(description);
	const shared = shareSubscriptions(host as never);
	return {
		states,
		tell,
		whenGranted(action: () => void) {
			onGranted = action;
		},
		/** Logged, and not told to those that wait: they hear of the status first. */
		log: (target: string) => log.push({ ...{ seq: log.length, time: 0, target, flags: 0 }, payload: new Uint8Array() }),
		end(target: string) {
			const state = states.get(target);
			assert.ok(state);
			states.set(target, { id: state.id, subscription: state.subscription, state: 'refused', failure: gone });
		},
		run() {
			const heard: string[] = [];
			const connection = sessionConnection({
				...{ session: host, feed, description, own: false, shared },
				close: async () => {},
			});
			connection.listen(
				({ target }) => heard.push(target),
				() => heard.push('end'),
				({ target }, failure) => heard.push(`${target}: ${failure.message}`),
			);
			return { connection, heard };
		},
	};
}

const tap = (target: string): Subscription => ({ target, mode: 'tap' });

test('a file on a shared session hears that its subscription has ended, after all that came before', async () => {
	const session = fakeSession();
	const { connection, heard } = session.run();
	const other = session.run();
	await connection.subscribe(tap('exchange/a'));
	await other.connection.subscribe(tap('exchange/b'));
	session.tell();
	session.log('exchange/a/1');
	session.log('exchange/a/2');
	session.end('exchange/a');
	session.tell();
	const all = ['exchange/a/1', 'exchange/a/2', 'exchange/a: The queue was deleted.'];
	await eventually('told', () => assert.deepEqual(heard, all));
	session.tell();
	session.log('exchange/b/1');
	session.end('exchange/b');
	session.tell();
	await eventually('the other is told of its own', () =>
		assert.deepEqual(other.heard, [...all.slice(0, 2), 'exchange/b/1', 'exchange/b: The queue was deleted.']),
	);
	assert.deepEqual(heard, [...all, 'exchange/b/1'], 'each end is told once');
});

test('an end of an earlier time is not taken for that of a new subscription', async () => {
	const session = fakeSession();
	const subscription = tap('exchange/a');
	session.states.set('exchange/a', { id: idOf(subscription), subscription, state: 'refused', failure: gone });
	session.tell();
	const { connection, heard } = session.run();
	await connection.subscribe(tap('exchange/a'));
	session.log('exchange/a/1');
	session.tell();
	session.log('exchange/a/2');
	session.end('exchange/a');
	session.tell();
	await eventually('told', () => assert.equal(heard.length, 3));
	assert.equal(heard[2], 'exchange/a: The queue was deleted.');
});

test('what ends before its grant is known is a refusal', async () => {
	const session = fakeSession();
	session.whenGranted(() => session.end('exchange/a'));
	const { connection, heard } = session.run();
	await assert.rejects(connection.subscribe(tap('exchange/a')), { message: gone.message });
	session.tell();
	assert.deepEqual(heard, []);
});

test('a rule asks once before it takes messages away, however often it has to subscribe again', async () => {
	const session = fakeSession();
	const { connection } = session.run();
	const consume: Subscription = { target: 'queue/a', mode: 'consume' };
	session.whenGranted(() => session.end('queue/a'));
	await assert.rejects(connection.subscribe(consume, {}));
	session.whenGranted(() => {});
	await connection.subscribe(consume, {});
	assert.equal(questions, 1);
});
