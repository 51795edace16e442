import assert from 'node:assert/strict';
import test from 'node:test';
import type { settingsCommands } from '../../../../src/host/commands/settings';
import type { ListEdit } from '../../../../src/host/settings/edit';
import { readList } from '../../../../src/host/settings/text';
import { checkList } from '../../../../src/model/profile/check';
import { descriptions } from '../../../../src/protocols/descriptions';
import { loadHost } from '../../../support/host/load-host';

const path = ['messagingWorkbench.connections'];
const uri = 'file:///settings.json';

/** Runs the command on the only entry of a list. */
async function move(entry: object, at: string, key: string) {
	const stored: unknown[] = [];
	let text = JSON.stringify({ 'messagingWorkbench.connections': [entry] });
	const host = await loadHost<{ settingsCommands: typeof settingsCommands }>('src/host/commands/settings.ts', {
		window: { showInformationMessage: async () => undefined },
	});
	const list = readList(text, path);
	const entries = list.kind === 'absent' ? [] : list.entries;
	const read = {
		source: { key: 'k' },
		document: { uri, text },
		list,
		checked: checkList(
			entries.map(({ value }) => value),
			descriptions,
		),
	};
	const services = {
		profiles: {
			sources: [read],
			edit: async (_: unknown, change: ListEdit) => {
				text = change(text, path);
			},
		},
		secrets: { set: async (...call: unknown[]) => void stored.push(call) },
		connecting: { owner: ({ id }: { id: string }) => id },
	};
	await host.settingsCommands(services as never).moveSecret?.(uri, 0, at, key);
	return { stored, entry: JSON.parse(text)['messagingWorkbench.connections'][0] };
}

const good = { id: 'a', name: 'A', protocol: 'mqtt', url: 'mqtts://h' };

test('a secret moves from the settings into the secret storage, and the entry names it', async () => {
	assert.deepEqual(await move({ ...good, passwort: 'canary' }, 'passwort', 'password'), {
		stored: [['a', 'password', 'canary']],
		entry: { ...good, secrets: ['password'] },
	});
	assert.deepEqual(
		await move(
			{ ...good, secrets: ['password'], tls: { passphrase: 'p', ca: '/c' } },
			'tls.passphrase',
			'tls.passphrase',
		),
		{
			stored: [['a', 'tls.passphrase', 'p']],
			entry: { ...good, secrets: ['password', 'tls.passphrase'], tls: { ca: '/c' } },
		},
	);
	assert.deepEqual((await move({ ...good, tls: { passphrase: 'p' } }, 'tls.passphrase', 'tls.passphrase')).entry, {
		...good,
		secrets: ['tls.passphrase'],
	});
});

test('only a text at the place of a secret field is moved', async () => {
	for (const [at, key] of [
		['passwort', 'username'],
		['nothing', 'password'],
		['keepalive', 'password'],
	] as const)
		await assert.rejects(move({ ...good, passwort: 'canary', keepalive: 5 }, at, key), /no longer in the settings/);
	await assert.rejects(
		move({ ...good, protocol: 'mqtts', password: 'x' }, 'password', 'password'),
		/needs an id, a protocol/,
	);
});
