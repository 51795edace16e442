import assert from 'node:assert/strict';
import test from 'node:test';
import { Emitter } from '../../../../src/base/event';
import type { createReopening } from '../../../../src/host/connections/reopening';
import type { Sessions } from '../../../../src/host/connections/sessions';
import type { OpenRequest, Status } from '../../../../src/model/contracts/session';
import type { Profile, Subscription } from '../../../../src/model/profile/profile';
import { loadHost } from '../../../support/host/load-host';

const host = await loadHost<{ createReopening: typeof createReopening }>('src/host/connections/reopening.ts', {
	workspace: {},
	window: {},
});

const profiles: Record<string, Profile> = {
	farm: { id: 'farm', name: 'Farm', protocol: 'mqtt', url: 'mqtt://h', subscriptions: [{ target: 'saved/#' }] },
	rabbit: { id: 'rabbit', name: 'Rabbit', protocol: 'amqp', url: 'amqp://h' },
};

/** A window of the editor with what earlier windows have left in its state. */
function windowOf(stored: Record<string, unknown>) {
	const changed = new Emitter<string>();
	const statuses = new Map<string, Status>();
	let writes = 0;
	const sessions = {
		onChanged: changed.event,
		get: (id: string) => (statuses.has(id) ? { status: statuses.get(id) } : undefined),
	} as unknown as Sessions;
	const state = {
		get: (key: string) => stored[key],
		async update(key: string, value: unknown) {
			writes++;
			stored[key] = JSON.parse(JSON.stringify(value));
		},
	};
	const find = (id: string) => {
		const profile = profiles[id];
		return profile && ({ profile } as ReturnType<Parameters<typeof createReopening>[2]['find']>);
	};
	const reopening = host.createReopening(state, sessions, { find });
	return {
		reopening,
		get writes() {
			return writes;
		},
		set(id: string, kind: 'open' | 'closed' | 'retrying', subscriptions: [Subscription, 'active' | 'refused'][] = []) {
			const list = subscriptions.map(([subscription, state]) => ({
				id: JSON.stringify([subscription.target, subscription.mode]),
				subscription,
				state,
			}));
			statuses.set(id, { state: { kind }, subscriptions: list } as unknown as Status);
			changed.fire(id);
		},
		restored(id: string) {
			const profile = { ...profiles[id], subscriptions: profiles[id]?.subscriptions ?? [] };
			const request = reopening.restored({ profile } as unknown as OpenRequest);
			return request.profile.subscriptions.map(({ target }) => target);
		},
	};
}

test('after a reload it names what was open, and subscribes again to what only the session had', () => {
	const stored = {};
	const before = windowOf(stored);
	before.set('farm', 'open', [
		[{ target: 'saved/#' }, 'active'],
		[{ target: 'extra/#' }, 'active'],
		[{ target: 'secret/#' }, 'refused'],
	]);
	before.set('rabbit', 'retrying', [
		[{ target: 'queue/email', mode: 'consume' }, 'active'],
		[{ target: 'exchange/amq.topic/#', mode: 'tap' }, 'active'],
	]);
	const after = windowOf(stored);
	assert.deepEqual(after.reopening.ended, ['farm', 'rabbit']);
	assert.deepEqual(after.restored('farm'), ['saved/#', 'extra/#']);
	assert.deepEqual(after.restored('rabbit'), ['exchange/amq.topic/#'], 'messages are taken away only by the user');
	after.set('farm', 'open');
	assert.deepEqual(after.reopening.ended, ['rabbit']);
	assert.deepEqual(after.restored('farm'), ['saved/#'], 'the session itself keeps its subscriptions from now on');
});

test('forgets what the user has closed, and a connection that was deleted', () => {
	const stored: Record<string, unknown> = {};
	const before = windowOf(stored);
	before.set('farm', 'open');
	before.set('farm', 'closed');
	before.set('rabbit', 'open');
	assert.deepEqual(windowOf(stored).reopening.ended, ['rabbit']);
	assert.deepEqual(windowOf({ openConnections: { gone: [] } }).reopening.ended, []);
});

test('writes only when something has changed, and reads whatever is stored', () => {
	const window = windowOf({ openConnections: { farm: [{ target: 'a' }, 7, null], rabbit: 'no' } });
	assert.deepEqual(window.restored('farm'), ['saved/#', 'a']);
	for (let at = 0; at < 50; at++) window.set('farm', 'open', [[{ target: 'a' }, 'active']]);
	assert.equal(window.writes, 1);
	assert.deepEqual(windowOf({ openConnections: [1] }).reopening.ended, []);
});
