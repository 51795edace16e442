import assert from 'node:assert/strict';
import test from 'node:test';
import { Emitter } from '../../../../src/base/event';
import type { createOpener, RuleOpening } from '../../../../src/host/message-files/run/connect';
import type { SessionState } from '../../../../src/model/contracts/session';
import { describe } from '../../../../src/protocols/descriptions';
import { loadHost } from '../../../support/host/load-host';

const host = await loadHost<{ createOpener: typeof createOpener }>('src/host/message-files/run/connect.ts', {
	workspace: { isTrusted: true },
});
const spec = { profile: 'Farm', values: {}, secrets: {}, own: false };
const failure = { code: 'lost', message: 'The connection was lost.' };
const states = {
	open: { kind: 'open', since: 0 },
	lost: { kind: 'retrying', attempt: 1, at: 0, failure },
	connecting: { kind: 'connecting', step: 'tcp', since: 0 },
	closed: { kind: 'closed' },
} as unknown as Record<string, SessionState>;

/** A rule that has opened its connection. */
async function opened() {
	const changed = new Emitter<string>();
	const session = { id: 'farm', status: { state: states.closed, subscriptions: [] }, engine: () => ({}) };
	const attempts: string[] = [];
	const set = (state: keyof typeof states) => {
		session.status.state = states[state];
		changed.fire('farm');
	};
	const sessions = {
		onChanged: changed.event,
		of: () => session,
		get: () => session,
		async open() {
			attempts.push('open');
			set('open');
		},
	};
	const services = {
		sessions,
		connecting: { request: async () => ({}) },
		playground: { explained: (error: unknown) => error },
	};
	const stored = { profile: { id: 'farm', name: 'Farm', protocol: 'mqtt' }, source: { scope: 'user' } };
	const targets = { stored: () => stored, describe: () => describe('mqtt') };
	const opener = host.createOpener(services as never, targets as never);
	const abort = new AbortController();
	const rule: RuleOpening = { confirmed: new Set(), opened: new Map(), signal: abort.signal };
	const open = () => opener.open(spec, {} as never, rule);
	const first = await open();
	assert.deepEqual(attempts, ['open']);
	return { open, set, first, attempts, abort };
}

test('a rule waits while the session attempts a lost connection, and goes on with its subscriptions', async () => {
	const { open, set, first, attempts } = await opened();
	set('lost');
	let connection: unknown;
	const again = open().then((one) => {
		connection = one;
	});
	set('connecting');
	set('lost');
	await new Promise((resolve) => setImmediate(resolve));
	assert.equal(connection, undefined);
	set('open');
	await again;
	assert.equal(connection, first);
	assert.deepEqual(attempts, ['open'], 'only the session attempts it');
});

test('a rule does not open a connection that the user has closed', async () => {
	const { open, set, attempts } = await opened();
	set('closed');
	await assert.rejects(open(), /“Farm” was disconnected/);
	set('lost');
	const waiting = assert.rejects(open(), /“Farm” was disconnected/);
	set('closed');
	await waiting;
	assert.deepEqual(attempts, ['open']);
});

test('a rule that is stopped waits no longer', async () => {
	const { open, set, abort } = await opened();
	set('lost');
	const waiting = assert.rejects(open(), /cancelled/);
	abort.abort();
	await waiting;
});
