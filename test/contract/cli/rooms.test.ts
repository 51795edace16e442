import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import type { RuleStats } from '../../../src/files/rules/state';
import { buildCli, type Cli, objects } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import { pki } from '../../support/servers/pki';
import { startProsody } from '../../support/servers/xmpp/prosody';
import { type RawClient, rawClient } from '../../support/servers/xmpp/xmpp-client';
import type { XmppServer } from '../../support/servers/xmpp/xmpp-server';

let cli: Cli;
let server: XmppServer;
let broker: Mosquitto;
let bob: RawClient;
let folder: string;
const users = { alice: 'canary-4d0', bob: 'bob-password' };
const env = { MESSAGING_WORKBENCH_SECRET_ALICE_PASSWORD: users.alice };

before(async () => {
	[cli, server, broker] = await Promise.all([
		buildCli(),
		startProsody({ users }),
		startMosquitto({ users: { me: 'canary' } }),
	]);
	bob = await rawClient(server.port, 'bob', users.bob);
	folder = mkdtempSync(join(tmpdir(), 'rooms-'));
	mkdirSync(join(folder, '.vscode'));
	const alice = {
		...{ id: 'a', name: 'alice', protocol: 'xmpp', url: `xmpp://127.0.0.1:${server.port}` },
		...{ username: 'alice@localhost', resource: 'cli', tls: { ca: pki().ca } },
	};
	writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify({ 'messagingWorkbench.connections': [alice] }));
});
after(async () => {
	bob.end();
	cli.remove();
	rmSync(folder, { recursive: true, force: true });
	await Promise.all([server.stop(), broker.stop()]);
});

function start(args: readonly string[]) {
	const child = cli.start(args, { cwd: folder, env });
	const text = { out: '', err: '' };
	child.stdout?.on('data', (chunk) => {
		text.out += chunk;
	});
	child.stderr?.on('data', (chunk) => {
		text.err += chunk;
	});
	return { child, text, ended: once(child, 'close').then(([code]) => Number(code)) };
}

function running(source: string) {
	writeFileSync(join(folder, 'a.messages'), source);
	return start(['run', '--json', '--timeout', '50s', 'a.messages']);
}

const room = 'hall@conference.localhost';
const muc = 'http://jabber.org/protocol/muc';

/** Bob owns the room and puts alice out when she has come. */
async function putOut(nick: string) {
	await eventually('she is in', () => assert.ok(bob.received.includes(`${room}/${nick}`)));
	const item = `<item nick='${nick}' role='none'><reason>off topic</reason></item>`;
	await bob.ask(room, 'set', `<query xmlns='${muc}#admin'>${item}</query>`);
}

test('XMPP: a room is listened to, and its end ends the listening', async () => {
	bob.send(`<presence to='${room}/bob'><x xmlns='${muc}'/></presence>`);
	await eventually('bob is in', () => assert.match(bob.received, /status code=['"]110['"]/));
	const listener = start(['listen', 'alice', room, '-H', 'Mode: room', '-H', 'Nick: one']);
	await eventually('it listens', () => assert.match(listener.text.err, /Listening to hall/));
	bob.send(`<message to='${room}' type='groupchat'><body>hello hall</body></message>`);
	await eventually('it hears', () => assert.match(listener.text.out, /hello hall/));
	await putOut('one');
	assert.equal(await listener.ended, 1, listener.text.err);
	assert.match(
		listener.text.err,
		/You were removed from the room hall@conference\.localhost\. \(status .*307.*off topic/,
	);

	const file = running(`SUBSCRIBE ${room}\nConnection: alice\nMode: room\nNick: two\n\n?? messages length == 99`);
	await putOut('two');
	assert.equal(await file.ended, 1, file.text.out);
	assert.match(file.text.out, /removed from the room hall@conference.localhost: code 307, \\"off topic\\"/);

	const expected = running(
		`SUBSCRIBE ${room}\nConnection: alice\nMode: room\nNick: three\n\n?? code == 307\n?? reason == off topic`,
	);
	await putOut('three');
	assert.equal(await expected.ended, 0, expected.text.out);

	const taken = await cli.run(['listen', 'alice', room, '-H', 'Mode: room', '-H', 'Nick: bob'], { cwd: folder, env });
	assert.equal(taken.code, 1, taken.err);
	assert.match(taken.err, /refused the request to join: the name is already taken/);
	assert.doesNotMatch(String(taken.out), /<error|conflict/, 'an error is no message');
});

test('XMPP: what is sent to the account is listened to without a target, and its end has a code', async () => {
	const write = "<message to='alice@localhost/cli' type='chat'><body>psst</body></message>";
	const listener = start(['listen', 'alice']);
	await eventually('it listens', () => assert.match(listener.text.err, /Listening/));
	bob.send(write);
	await eventually('it hears', () => assert.match(listener.text.out, /psst/));
	// Of two with the same resource the server ends the older one.
	const file = running('SUBSCRIBE\nConnection: alice\n\n?? code == conflict\n?? reason startsWith conflict');
	assert.equal(await listener.ended, 3, listener.text.err);
	assert.match(listener.text.err, /Replaced by another connection.*conflict/);
	await eventually('the file listens', () => assert.equal(server.connections(), 2));
	await new Promise((resolve) => setTimeout(resolve, 1000));
	bob.send(write);
	const last = start(['listen', 'alice', '--timeout', '2s']);
	assert.equal(await file.ended, 0, file.text.out);
	const [request] = objects(Buffer.from(file.text.out)) as { messages: { payload: string }[] }[];
	assert.ok(
		request?.messages.some(({ payload }) => payload.includes('psst')),
		file.text.out,
	);
	assert.equal(await last.ended, 0, last.text.err);
});

test('MQTT 5: a refused login can be expected', async () => {
	const login = `MQTT mqtt://127.0.0.1:${broker.port}\nusername: me\npassword: wrong\nsubscribe: a\n\n`;
	const expected = running(`${login}?? code == 135\n?? reason contains authorized`);
	assert.equal(await expected.ended, 0, expected.text.out);
	const other = running(`${login}?? body exists`);
	assert.equal(await other.ended, 3, other.text.out);
});

test('XMPP: a rule answers the sender of a chat message, in its thread', async () => {
	await eventually('the one before has left', () => assert.equal(server.connections(), 1));
	const rule = running(`# @keepStreaming
ON
Connection: alice

?? message body contains <body>
=== reply

You wrote {{message.header.Thread}}.`);
	await eventually('it is connected', () => assert.equal(server.connections(), 2));
	bob.take('message');
	await eventually('it is answered', () => {
		assert.equal(rule.child.exitCode, null, rule.text.out);
		bob.send(
			"<message to='alice@localhost/cli' type='chat'><thread>t1</thread><composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
		);
		bob.send("<message to='alice@localhost/cli' type='chat'><thread>t1</thread><body>hello</body></message>");
		const [answer = ''] = bob.take('message').filter((text) => text.includes('<body>'));
		assert.match(answer, /from=['"]alice@localhost\/cli['"]/);
		assert.match(answer, /<thread>t1<\/thread>/);
		assert.match(answer, /<body>You wrote t1\.<\/body>/);
	});
	rule.child.kill('SIGINT');
	assert.equal(await rule.ended, 0, rule.text.out);
	const [result] = objects(Buffer.from(rule.text.out)) as { rule: RuleStats }[];
	const { received = 0, done = 0, unmet = 0 } = result?.rule ?? {};
	// Her own presence and the signs of writing do not meet the condition.
	assert.ok(done > 0 && unmet > 0, rule.text.out);
	assert.equal(done + unmet, received);
});
