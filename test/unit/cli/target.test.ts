import assert from 'node:assert/strict';
import test from 'node:test';
import type { Settings } from '../../../src/cli/settings';
import { targetOf } from '../../../src/cli/target';

const chat = { id: 'c', name: 'Chat room', protocol: 'xmpp', url: 'xmpp://h', username: 'a@h', secrets: ['password'] };
const settings: Settings = { where: '', folder: '', find: () => chat, names: () => [chat.name] };

const spec = { profile: 'Chat room', values: {}, secrets: {}, own: false };

test('a secret that a connection lists and the environment lacks is named with its variable', () => {
	assert.throws(() => targetOf(spec, settings, {}), {
		failure: {
			code: 'no-secret',
			message: 'Password for “Chat room” is not set.',
			remedy: { text: 'Set the environment variable MESSAGING_WORKBENCH_SECRET_CHAT_ROOM_PASSWORD.' },
		},
	});
	for (const name of ['CHAT_ROOM', 'C']) {
		const env = { [`MESSAGING_WORKBENCH_SECRET_${name}_PASSWORD`]: 'x' };
		assert.deepEqual(targetOf(spec, settings, env).secrets, { password: 'x' });
	}
});
