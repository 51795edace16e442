import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { parse as parseJson } from 'jsonc-parser';
import { portsOf, withPorts } from '../../../scripts/lib/sample.mjs';
import { check } from '../../../src/files/check/check';
import { parse } from '../../../src/files/syntax/parse';
import { localPort, type PlaygroundServer } from '../../../src/model/contracts/playground';
import { checkProfile } from '../../../src/model/profile/check';
import type { Profile } from '../../../src/model/profile/profile';
import { embeddedServers } from '../../../src/playground/embedded';
import { installedServers } from '../../../src/playground/installed/servers';
import { describe, descriptions } from '../../../src/protocols/descriptions';

const settings = readFileSync('sample/.vscode/settings.json', 'utf8');
const sample = parseJson(settings)['messagingWorkbench.connections'] as Profile[];
const servers = [...embeddedServers(() => []), ...installedServers()];

test('each connection of the sample is valid, and every protocol has one', () => {
	for (const profile of sample) assert.deepEqual(checkProfile(profile, descriptions), [], profile.name);
	for (const { id } of descriptions)
		assert.ok(
			sample.some(({ protocol }) => protocol === id),
			id,
		);
});

test('each connection of the sample leads to a server of the playground that speaks its protocol', () => {
	for (const { name, url, protocol } of sample) {
		const port = localPort(url)?.port;
		const server = servers.find(({ usualPort }) => usualPort === port);
		assert.ok(server, name);
		const ports = 'morePorts' in server ? server.morePorts : [];
		const served =
			'morePorts' in server ? server.connections({ port: port ?? 0, ports }) : server.connections(port ?? 0);
		assert.ok(
			served.some(({ profile }) => profile.protocol === protocol),
			name,
		);
	}
});

test('the connections that the playground adds are valid', () => {
	for (const server of servers) {
		const connections =
			'morePorts' in server
				? server.connections({ port: server.usualPort, ports: server.morePorts })
				: server.connections(server.usualPort);
		for (const { profile, firstMessage } of connections) {
			assert.deepEqual(checkProfile({ id: 'a', ...profile }, descriptions), [], profile.name);
			const verbs = describe(profile.protocol)?.verbs.map(({ id }) => id) ?? [];
			if (firstMessage) assert.ok(verbs.includes(firstMessage.verb), profile.name);
		}
	}
});

for (const name of readdirSync('sample').filter((file) => file.endsWith('.messages')))
	test(`sample/${name} has no problems`, () => {
		const problems = check(parse(readFileSync(`sample/${name}`, 'utf8')), {
			describe: ({ profile }) => describe(sample.find(({ name }) => name === profile)?.protocol ?? ''),
			around: { env: () => undefined, dotenv: () => undefined, secret: () => undefined },
			connections: sample.map((one) => one.name),
		});
		assert.deepEqual(
			problems.map(({ message }) => message),
			[],
		);
	});

test('the present ports replace the usual ones, and later those of the last start', () => {
	const server = (id: string, usualPort: number, port: number, replacedPorts: object[] = []) =>
		({ id, usualPort, port, replacedPorts }) as unknown as PlaygroundServer;
	const first = portsOf([server('a', 1883, 5672), server('b', 5672, 5673, [{ usual: 15672, port: 15673 }])]);
	const text = '"mqtt://127.0.0.1:1883", "amqp://localhost:5672", "http://localhost:15672", "ws://127.0.0.1:1883/x"';
	const next = '"mqtt://127.0.0.1:5672", "amqp://localhost:5673", "http://localhost:15673", "ws://127.0.0.1:5672/x"';
	assert.equal(withPorts(text, first), next);
	const usual = portsOf([server('a', 1883, 1883), server('b', 5672, 5672, [{ usual: 15672, port: 15672 }])]);
	assert.equal(withPorts(next, usual, first), text);
	const others = '"mqtt://broker.example:1883", "x:1883", "mqtt://127.0.0.1:18830"';
	assert.equal(withPorts(others, first), others);
});
