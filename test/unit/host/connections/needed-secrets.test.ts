import assert from 'node:assert/strict';
import test from 'node:test';
import type { createConnecting } from '../../../../src/host/connections/connection-request';
import type { Profile } from '../../../../src/model/profile/profile';
import { originWords } from '../../../../src/model/profile/url';
import { loadHost } from '../../../support/host/load-host';

const { createConnecting: connectingOf } = await loadHost<{ createConnecting: typeof createConnecting }>(
	'src/host/connections/connection-request.ts',
	{ workspace: { isTrusted: true, workspaceFolders: [] } },
);

/** The keys of the secrets that are asked for if they are not stored. */
async function needed(profile: Partial<Profile>, scope: 'user' | 'url' = 'user', typed: string[] = []) {
	const asked: (readonly string[])[] = [];
	const secrets = {
		collect: async (_: unknown, __: unknown, keys: readonly string[]) => {
			asked.push(keys);
			return {};
		},
	};
	const approvals = { ensure: async () => true };
	const connecting = connectingOf(
		secrets as never,
		approvals as never,
		() => ({}) as never,
		() => '',
	);
	const whole = { id: 'x', name: 'X', protocol: 'xmpp', url: 'xmpp://h', username: 'a@h', ...profile };
	await connecting.request(whole, scope, undefined, {}, { typed });
	return [...new Set(asked[0])];
}

test('a protocol that cannot sign in without a password has it asked for', async () => {
	assert.deepEqual(await needed({}), ['password']);
	assert.deepEqual(await needed({ secrets: ['password'] }), ['password']);
	assert.deepEqual(await needed({ protocol: 'mqtt', url: 'mqtt://h' }), []);
});

test('a client certificate, the URL of a message file or a typed password needs no question', async () => {
	assert.deepEqual(await needed({ tls: { cert: '/c.pem', key: '/k.pem' } }), []);
	assert.deepEqual(await needed({}, 'url'), []);
	assert.deepEqual(await needed({ secrets: ['password'] }, 'user', ['password']), []);
});

test('several addresses of a secret are a list in a sentence', () => {
	assert.equal(originWords('amqp://h:5672'), 'amqp://h:5672');
	assert.equal(originWords('amqp://h:5672 http://h:15672'), 'amqp://h:5672 and http://h:15672');
});
