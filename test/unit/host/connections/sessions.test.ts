import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { type Failure, toFailure } from '../../../../src/base/failure';
import { createSessions } from '../../../../src/host/connections/sessions';
import type { Log } from '../../../../src/host/ui/log';
import { defaultLimits, type OpenRequest } from '../../../../src/model/contracts/session';
import { createRedactor, redactFailure } from '../../../../src/model/text/redact';
import { eventually } from '../../../support/run/eventually';

/** An engine that misbehaves as its URL says. */
const engine = `
	import { parentPort as port } from 'node:worker_threads';
	const told = (rate, state = { kind: 'open' }) => ({
		revision: 1, state, received: 7, sent: 0, kept: 0, keptBytes: 0, evicted: 0, topics: 0, unlisted: 0, rate,
		subscriptions: [], repeats: [] });
	const status = (state) => port.postMessage({ t: 'q', m: 'changed', a: [told(5, state)] });
	port.on('message', ({ m, a, i }) => {
		const answer = (more) => port.postMessage({ t: 's', i, ...more });
		const url = a?.[0]?.profile?.url;
		if (m === 'close') return globalThis.stuck ? undefined : answer({});
		if (m === 'status') return answer({ r: told(0) });
		if (m !== 'open' && m !== 'test') return answer({ r: 'here' });
		if (url === 'exit') process.exit(3);
		if (url === 'throw') setTimeout(() => { throw new Error('boom with canary-secret'); });
		if (url === 'memory') { const all = []; for (;;) all.push(new Array(100_000).fill({})); }
		if (url === 'refuse') return answer({ e: { code: 'refused', message: 'No.' } });
		if (url === 'evidence') status({ kind: 'closed', failure: { code: 'x', message: 'x', evidence: 'saw canary-secret',
			remedy: { text: 'Again', command: 'messagingWorkbench.enterSecret', arguments: ['x'] } } });
		if (url === 'stuck') globalThis.stuck = true;
		if (url === 'ok' || url === 'stuck') { status({ kind: 'open' }); answer({ r: { ok: true, steps: [], facts: [] } }); }
	});
`;

const home = await mkdtemp(join(tmpdir(), 'sessions-'));
const path = join(home, 'engine.mjs');
await writeFile(path, engine);
test.after(() => rm(home, { recursive: true }));

function make() {
	const failures: Failure[] = [];
	const redact = createRedactor(['canary-secret']);
	const log: Log = {
		hide() {},
		keep() {},
		redact,
		failure: (error) => redactFailure(toFailure(error), redact),
		clean: (failure) => redactFailure(failure, redact),
		info() {},
		warn() {},
		error: (_, failure) => failure && failures.push(failure),
		show() {},
		dispose() {},
	};
	return createSessions(path, () => defaultLimits, log);
}

const request = (id: string, url: string): OpenRequest => ({
	profile: { id, name: id, protocol: 'mqtt', url, values: {}, subscriptions: [] },
	secrets: {},
	limits: defaultLimits,
	reconnect: false,
});

const failureOf = (state: { kind: string; failure?: Failure } | undefined) => state?.failure?.code;

test('creates a session without starting a thread', (t) => {
	const sessions = make();
	t.after(() => sessions.dispose());
	assert.equal(sessions.of('a', 'mqtt').status.state.kind, 'closed');
	const threads = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
	const before = threads();
	void sessions.get('a')?.engine();
	assert.ok(threads() > before, 'the first use starts one');
	assert.equal(before, 0);
});

for (const [url, code] of [
	['exit', 'engine-exit'],
	['throw', 'engine-error'],
	['memory', 'out-of-memory'],
] as const)
	test(`a thread that ends by "${url}" closes only its own session, with the reason`, async (t) => {
		const sessions = make();
		t.after(() => sessions.dispose());
		await sessions.open(request('good', 'ok'));
		await assert.rejects(sessions.open(request('bad', url)));
		const bad = sessions.get('bad');
		await eventually('the state', () => assert.equal(failureOf(bad?.status.state), code));
		assert.doesNotMatch(JSON.stringify(bad?.status), /canary/);
		assert.throws(
			() => bad?.engine(),
			(error) => toFailure(error).code === 'no-session',
		);
		assert.equal(await sessions.get('good')?.engine().complete('', 1), 'here');
		assert.equal(sessions.get('good')?.status.state.kind, 'open');
		await sessions.open(request('bad', 'ok'));
		assert.equal(bad?.status.state.kind, 'open');
	});

test('throws the failure of a refused connection and keeps the session', async (t) => {
	const sessions = make();
	t.after(() => sessions.dispose());
	await assert.rejects(sessions.open(request('a', 'refuse')), (error) => toFailure(error).code === 'refused');
	assert.equal(await sessions.get('a')?.engine().complete('', 1), 'here');
});

test('removes secrets and commands from the failures of a peer', async (t) => {
	const sessions = make();
	t.after(() => sessions.dispose());
	void sessions.open(request('a', 'evidence')).catch(() => {});
	await eventually('the state', () => assert.equal(failureOf(sessions.get('a')?.status.state), 'x'));
	const status = JSON.stringify(sessions.get('a')?.status);
	assert.doesNotMatch(status, /canary|enterSecret|arguments/);
	assert.match(status, /"remedy":{"text":"Again"}/);
});

test('ends a thread that does not respond to "close" within 2.5 seconds', async (t) => {
	const sessions = make();
	t.after(() => sessions.dispose());
	await sessions.open(request('a', 'stuck'));
	await sessions.close('a');
	assert.equal(failureOf(sessions.get('a')?.status.state), 'engine-stuck');
});

test('tests a connection beside its session and can cancel the test', async (t) => {
	const sessions = make();
	t.after(() => sessions.dispose());
	assert.equal((await sessions.test(request('a', 'ok'), new AbortController().signal)).ok, true);
	assert.equal(sessions.get('a'), undefined);
	const abort = new AbortController();
	const running = sessions.test(request('a', 'silent'), abort.signal);
	abort.abort();
	await assert.rejects(running, (error) => toFailure(error).code === 'cancelled');
});

test('creates a new session if the protocol of an id changes', async (t) => {
	const sessions = make();
	t.after(() => sessions.dispose());
	await sessions.open(request('a', 'ok'));
	assert.equal(sessions.of('a', 'websocket').status.state.kind, 'closed');
});

test('lowers the rate to zero when no more messages arrive', async (t) => {
	const sessions = make();
	t.after(() => sessions.dispose());
	await sessions.open(request('a', 'ok'));
	assert.equal(sessions.get('a')?.status.rate, 5);
	await eventually('the rate', () => assert.equal(sessions.get('a')?.status.rate, 0));
});
