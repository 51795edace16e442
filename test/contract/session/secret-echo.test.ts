import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import type { Values } from '../../../src/model/profile/field';
import type { Subscription } from '../../../src/model/profile/profile';
import { amqpDialogue } from '../../support/hostile/amqp';
import { type Dialogue, startHostile } from '../../support/hostile/hostile';
import { mqttDialogue } from '../../support/hostile/mqtt';
import { hostileText, hostileUser, websocketDialogue } from '../../support/hostile/websocket';
import { xmppDialogue } from '../../support/hostile/xmpp';
import { buildCli } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { notes, realSession } from '../../support/run/session';

const { name: username, password } = hostileUser;
/** Every form of the password in the servers' texts. */
const traces = [password, ...hostileText.split(' ').slice(-1), Buffer.from(password).toString('base64')];

interface Peer {
	url(port: number): string;
	dialogue: Dialogue;
	values?: Values;
	subscriptions?: Subscription[];
}

const peers: Record<string, Peer> = {
	mqtt: {
		url: (port) => `mqtt://127.0.0.1:${port}`,
		dialogue: mqttDialogue,
		values: { protocolVersion: '5' },
		subscriptions: [{ target: '#' }],
	},
	websocket: { url: (port) => `ws://127.0.0.1:${port}/`, dialogue: websocketDialogue },
	amqp: {
		url: (port) => `amqp://127.0.0.1:${port}`,
		dialogue: amqpDialogue,
		values: { 'management.url': 'none' },
		subscriptions: [{ target: 'exchange/orders/#' }],
	},
	xmpp: {
		url: (port) => `xmpp://127.0.0.1:${port}`,
		dialogue: xmppDialogue,
		values: { username: `${username}@localhost`, allowUnencrypted: true },
	},
};

for (const [protocol, { url, dialogue, values, subscriptions }] of Object.entries(peers))
	test(`what a server repeats of the password is nowhere: ${protocol}`, async (t) => {
		for (const step of dialogue())
			for (const [fault, bytes] of Object.entries(step.wrong(Buffer.alloc(64)))) {
				// The text of a challenge is not shown at all.
				if (!bytes.includes(password) || fault === 'another challenge') continue;
				await t.test(`${step.name}: ${fault}`, async () => {
					const server = await startHostile({ dialogue, step: step.name, fault });
					const session = realSession(protocol, {
						url: url(server.port),
						values: { username, connectTimeout: 3, ...values },
						secrets: { password },
						subscriptions,
						pause: () => 60_000,
					});
					try {
						const failure = await session.connect().catch((error) => error.failure);
						const shown = () => JSON.stringify([failure, session.status(), session.states, notes(session)]);
						await eventually('the refusal is told', () => assert.match(shown(), /•••/));
						for (const trace of traces) assert.ok(!shown().includes(trace), shown());
					} finally {
						await session.close();
						await server.close();
					}
				});
			}
	});

test('the command line repeats nothing of it either', async (t) => {
	const cli = await buildCli();
	t.after(cli.remove);
	const server = await startHostile({ dialogue: mqttDialogue, step: 'connack', fault: 'not authorized' });
	t.after(() => server.close());
	const { code, out, err } = await cli.run(['listen', `mqtt://${username}:${password}@127.0.0.1:${server.port}`, '#']);
	assert.equal(code, 3, err);
	assert.match(err, /•••/);
	for (const trace of traces) assert.ok(!`${out}${err}`.includes(trace), err);
});

test('the command line repeats nothing of a mistyped URL', async (t) => {
	const cli = await buildCli();
	const cwd = mkdtempSync(join(tmpdir(), 'mistyped-'));
	t.after(() => {
		cli.remove();
		rmSync(cwd, { recursive: true });
	});
	const file = 'a.messages';
	for (const url of ['mqtt//u:PW7@x', 'u:PW7@x:1883', 'u:a PW7@x', 'mqtt://u:PW7', 'mqt://u:a/PW7@x']) {
		const texts = [
			`# @connection ${url}\nPUBLISH a`,
			`PUBLISH a\nConnection: ${url}`,
			`PUBLISH a\nHost: ${url}`,
			`MQTT ${url}`,
			`WS ${url}`,
		];
		const commands = [
			...[['listen', url, '#'], ['publish', url, 'a', '--message', 'x'], ['run', url], [url], [`--${url}`]],
			...[
				['listen', 'mqtt://127.0.0.1:1', '#', '--protocol', url],
				['listen', 'mqtt://127.0.0.1:1', '#', '--format', url],
			],
			...[
				['listen', 'mqtt://127.0.0.1:1', '#', '--timeout', url],
				['listen', 'mqtt://127.0.0.1:1', '#', '--settings', url],
				['listen', 'plant', '#', '--settings', url],
				['run', file, '--env', url],
				['run', file, '--name', url],
			],
		];
		for (const text of ['PUBLISH a', ...texts]) {
			writeFileSync(join(cwd, file), text);
			const runs = text === 'PUBLISH a' ? [...commands, ['run', file, '--connection', url]] : [];
			for (const args of runs.length > 0
				? runs
				: [
						['run', file],
						['run', file, '--json'],
						['run', file, '--junit', 'out.xml'],
					]) {
				const { code, out, err } = await cli.run(args, { cwd });
				const report = args.includes('--junit') ? readFileSync(join(cwd, 'out.xml'), 'utf8') : '';
				assert.notEqual(code, 0, args.join(' '));
				assert.ok(!`${out}${err}${report}`.includes('PW7'), `${text} ${args.join(' ')}: ${out}${err}${report}`);
			}
		}
	}
});
