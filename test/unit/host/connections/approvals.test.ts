import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import type { createApprovals } from '../../../../src/host/connections/approvals';
import type { createConnecting } from '../../../../src/host/connections/connection-request';
import type { Values } from '../../../../src/model/profile/field';
import type { Profile } from '../../../../src/model/profile/profile';
import { loadHost } from '../../../support/host/load-host';

const asked: string[] = [];
let answer: string | undefined;
const vscode = {
	workspace: { isTrusted: true, workspaceFolders: [] },
	window: {
		async showWarningMessage(text: string, { detail }: { detail: string }) {
			asked.push(`${text}\n${detail}`);
			return answer;
		},
	},
};
const { createApprovals: approvals } = await loadHost<{ createApprovals: typeof createApprovals }>(
	'src/host/connections/approvals.ts',
	vscode,
);
const { createConnecting: connectingOf } = await loadHost<{ createConnecting: typeof createConnecting }>(
	'src/host/connections/connection-request.ts',
	vscode,
);

function memento() {
	const values = new Map<string, unknown>();
	return {
		get: (key: string, otherwise: unknown) => values.get(key) ?? otherwise,
		update: async (key: string, value: unknown) => void values.set(key, value),
	};
}

/** Connection requests with a password that is stored for the profile at its origin. */
function setUp() {
	asked.length = 0;
	answer = 'Connect Anyway';
	const secrets = { collect: async () => ({ password: 'canary' }) };
	const connecting = connectingOf(
		secrets as never,
		approvals(memento() as never),
		() => ({}) as never,
		() => '',
	);
	return (scope: 'user' | 'workspace' | 'url', more: Partial<Profile>, values?: Values, approved?: string[]) =>
		connecting.request(
			{ id: 'farm', name: 'Farm', protocol: 'mqtt', url: 'mqtts://farm.example', ...more },
			scope,
			undefined,
			values,
			{ approved },
		);
}

test('asks if a workspace changes the authority or server name of a connection, but not for user settings', async () => {
	const request = setUp();
	const tls = { ca: '/workspace/evil.pem', servername: 'evil.example' };
	assert.ok(await request('user', { tls }));
	assert.deepEqual(asked, []);
	answer = undefined;
	assert.equal(await request('workspace', { tls }), undefined, 'turned down: no password leaves');
	assert.match(asked.join(), /mqtts:\/\/farm\.example:8883[\s\S]*evil\.pem[\s\S]*evil\.example/);
});

test('an approval covers exactly these values at exactly this origin', async () => {
	const request = setUp();
	const count = async (more: Partial<Profile>) => {
		const before = asked.length;
		assert.ok(await request('workspace', more));
		return asked.length - before;
	};
	assert.equal(await count({ tls: { servername: 'a.example' } }), 1);
	assert.equal(await count({ tls: { servername: 'a.example' } }), 0);
	assert.equal(await count({ tls: { servername: 'b.example' } }), 1);
	assert.equal(await count({ tls: { servername: 'a.example', verify: false } }), 1);
	assert.equal(await count({ url: 'mqtts://other.example', tls: { servername: 'a.example' } }), 1);
	assert.equal(await count({ id: 'barn', tls: { servername: 'a.example' } }), 1);
	assert.equal(await count({}), 0);
});

test('asks again if the content of an approved authority has changed', async (t) => {
	const home = await mkdtemp(join(tmpdir(), 'approvals-'));
	t.after(() => rm(home, { recursive: true }));
	const request = setUp();
	const ca = join(home, 'ca.pem');
	for (const [content, times] of [
		['first', 1],
		['first', 1],
		['second', 2],
	] as const) {
		await writeFile(ca, content);
		assert.ok(await request('workspace', { tls: { ca } }));
		assert.equal(asked.length, times, content);
	}
	await assert.rejects(Promise.resolve(request('workspace', { tls: { ca: '/dev/zero' } })), /not a regular file/);
	await assert.rejects(Promise.resolve(request('workspace', { tls: { ca: home } })), /not a regular file/);
});

test('a value cannot add lines to the question', async () => {
	const request = setUp();
	await request('workspace', { tls: { servername: 'a\n• nothing else', ca: '/x' }, name: 'F\n\nAll is well' });
	assert.equal(asked[0]?.split('\n').filter((line) => line.startsWith('•')).length, 2);
	assert.doesNotMatch(asked[0] ?? '', /^(• nothing else|All is well)/m);
});

test('asks about values that a message file sets in a saved connection, in every scope', async () => {
	const request = setUp();
	const socket = { protocol: 'websocket', url: 'wss://farm.example' };
	assert.ok(await request('user', socket, { headers: [['X-Trace', '1']] }));
	assert.deepEqual(asked, []);
	const open = await request('user', socket, { headers: [['Host', 'evil.example']] });
	assert.match(asked.join(), /evil\.example/);
	assert.deepEqual(open?.profile.values.headers, [['Host', 'evil.example']]);
	answer = undefined;
	assert.equal(await request('user', socket, { headers: [['Host', 'worse.example']] }), undefined);
});

test('takes an env placeholder in the URL of a message file literally, so that no variable of this machine is sent', async () => {
	process.env.MW_APPROVALS_CANARY = 'canary-variable';
	const request = setUp();
	const text = '$' + '{env:MW_APPROVALS_CANARY}';
	const open = await request('url', { protocol: 'websocket', url: `ws://h/?${text}`, username: text });
	assert.equal(open?.profile.url, `ws://h/?${text}`);
	assert.equal(open?.profile.values.username, text);
	assert.doesNotMatch(JSON.stringify(open), /canary-variable/);
	const saved = await request('workspace', { protocol: 'websocket', url: `ws://h/?${text}` });
	assert.match(saved?.profile.url ?? '', /canary-variable/);
	assert.match(asked.join(), /MW_APPROVALS_CANARY/);
});

test('asks for a certificate that a workspace trusts, unless the user has just trusted it', async () => {
	const pin = `${'AB:'.repeat(31)}CD`;
	const request = setUp();
	assert.ok(await request('user', { tls: { pin } }));
	assert.equal(asked.length, 0);
	assert.ok(await request('workspace', { tls: { pin } }));
	assert.match(asked.join(), /Trusted certificate: AB:AB/);
	const other = pin.replace('CD', 'EF');
	assert.ok(await request('workspace', { tls: { pin: other } }, {}, ['tls.pin']));
	assert.ok(await request('workspace', { tls: { pin: other } }));
	assert.equal(asked.length, 1);
});

test('trusting a certificate approves nothing else', async () => {
	const pin = `${'AB:'.repeat(31)}CD`;
	const request = setUp();
	answer = undefined;
	assert.equal(await request('workspace', { tls: { pin, ca: '/evil.pem' } }, {}, ['tls.pin']), undefined);
	assert.equal(asked.length, 1);
	answer = 'Connect Anyway';
	assert.ok(await request('workspace', { tls: { ca: '/evil.pem' } }));
	assert.ok(await request('workspace', { tls: { pin, ca: '/evil.pem' } }, {}, ['tls.pin']));
	assert.equal(asked.length, 2);
});
