import assert from 'node:assert/strict';
import test from 'node:test';
import { checkProfile } from '../../../src/model/profile/check';
import { startOf, withProtocol } from '../../../src/model/profile/edit';
import { applies, fieldsOf, wrongValue } from '../../../src/model/profile/fields';
import type { Profile } from '../../../src/model/profile/profile';
import { resolveProfile } from '../../../src/model/profile/resolve';
import type { ProtocolDescription } from '../../../src/protocols/description';
import { describe, descriptions } from '../../../src/protocols/descriptions';
import { expectedServer } from '../../../src/protocols/mqtt/describe/expected-server';
import { foreignServer } from '../../../src/protocols/shared/foreign-server';

for (const description of descriptions)
	test(`${description.label}: each preset is the start of a valid profile`, () => {
		const { presets = [] } = description;
		assert.ok(presets.length > 0);
		for (const preset of presets) {
			const { label, help, url, values = {} } = preset;
			const profile = { ...startOf(description, preset), id: 'x', name: label };
			assert.deepEqual(checkProfile(profile, descriptions), [], label);
			const { target } = resolveProfile(profile as unknown as Profile, description, {
				env: () => undefined,
				workspaceFolder: () => undefined,
			});
			for (const [key, value] of Object.entries(values)) {
				const field = fieldsOf(description).find((one) => one.key === key);
				assert.ok(field, `${label}: ${key}`);
				assert.equal(wrongValue(field, value), undefined, `${label}: ${key}`);
				assert.ok(applies(field.when, values, target), `${label}: ${key} is shown`);
				assert.notDeepEqual(value, 'default' in field ? field.default : undefined, `${label}: ${key} is the default`);
			}
			assert.match(help, /^[A-Z][^\n]{20,180}\.$/, label);
			assert.match(url, /^[^A-Z]*(?:YOUR-[A-Z-]*[A-Z][^A-Z]*)*$/, 'capitals are parts that the user replaces');
		}
		assert.equal(new Set(presets.map(({ label }) => label)).size, presets.length);
	});

test('a profile that is switched keeps what the other protocol can use', () => {
	const [mqtt, websocket, amqp] = ['mqtt', 'websocket', 'amqp'].map((id) => describe(id) as ProtocolDescription);
	assert.ok(mqtt && websocket && amqp);
	const profile = {
		...{ id: 'x', name: 'n', protocol: 'mqtt', url: 'mqtts://h:1/p', username: 'ann', qos: 1 },
		...{ tls: { ca: '/ca.pem' }, will: { topic: 't' }, subscriptions: [{ target: 'a/#', qos: 1 }] },
	};
	assert.deepEqual(withProtocol(profile, mqtt, websocket), {
		...{ id: 'x', name: 'n', protocol: 'websocket', url: 'wss://h:1/p', username: 'ann', qos: 1 },
		tls: { ca: '/ca.pem' },
	});
	const ws = { id: 'x', name: 'n', protocol: 'mqtt', url: 'ws://h' };
	assert.equal(withProtocol(ws, mqtt, websocket).url, 'ws://h', 'a scheme that both have stays');
	const tapped = { ...ws, url: 'amqp://h', protocol: 'amqp', subscriptions: [{ target: 'exchange/a/#', mode: 'tap' }] };
	assert.equal(withProtocol(tapped, amqp, mqtt).subscriptions, undefined, 'a mode that the other has not');
	assert.deepEqual(withProtocol({ ...ws, subscriptions: [{ target: 'a' }] }, mqtt, mqtt).subscriptions, [
		{ target: 'a' },
	]);
});

test('a foreign server’s first bytes name the protocol that the editor can switch to', () => {
	const heads: [head: string, protocol: string][] = [
		['AMQP\x00\x00\x09\x01', 'amqp'],
		['AMQP\x03\x01\x00\x00', 'amqp1'],
		['INFO {"server_id":"x"}\r\n', 'nats'],
		['<?xml version="1.0"?>', 'xmpp'],
	];
	for (const [head, protocol] of heads)
		assert.equal(
			foreignServer(Buffer.from(head, 'latin1'), expectedServer)?.failure.otherProtocol,
			protocol,
			JSON.stringify(head),
		);
});
