import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test, { after, before } from 'node:test';
import { freePort } from '../../support/net/listen';
import { buildCli, type Cli, objects } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import { startWebSocketServer, type TestServer } from '../../support/servers/websocket/websocket-server';

let cli: Cli;
let broker: Mosquitto;
let guarded: Mosquitto;
let socket: TestServer;
let folder: string;
let closed: number;

before(async () => {
	cli = await buildCli();
	broker = await startMosquitto();
	guarded = await startMosquitto({
		users: { me: 'canary-pass' },
		acl: ['user me', 'topic read #', 'topic write open/#'],
	});
	socket = await startWebSocketServer({ echo: true });
	closed = await freePort();
	folder = mkdtempSync(join(tmpdir(), 'messages-'));
	writeFileSync(
		join(folder, 'all.bin'),
		Uint8Array.from({ length: 256 }, (_, at) => at),
	);
	mkdirSync(join(folder, 'sub'));
	mkdirSync(join(folder, '.vscode'));
	writeFileSync(
		join(folder, '.vscode/settings.json'),
		`{
	// Comments are allowed.
	"messagingWorkbench.connections": [
		{ "id": "l1", "name": "local", "protocol": "mqtt", "url": "mqtt://127.0.0.1:\${env:PORT_L}", "subscriptions": [{ "target": "#" }], },
		{ "id": "g1", "name": "guarded one", "protocol": "mqtt", "url": "mqtt://127.0.0.1:${guarded.port}", "username": "me" },
		{ "id": "c1", "name": "checked", "protocol": "mqtt", "url": "mqtt://127.0.0.1:\${env:PORT_L}", "checks": [{ "target": "checked/#", "nonce": "n" }] },
		{ "id": "bad", "name": "bad", "protocol": "mqtt", "url": "mqtt://h", "keepalive": "often" },
		7,
	],
}`,
	);
});
after(async () => {
	rmSync(folder, { recursive: true, force: true });
	cli.remove();
	await Promise.all([broker.stop(), guarded.stop(), socket.stop()]);
});

/** Runs one file in the folder. `$B`, `$G`, `$W` and `$X`: URLs of the servers, and of none. */
async function run(text: string, args: readonly string[] = [], env: Record<string, string> = {}, name = 'a.messages') {
	const url = (port: number, scheme = 'mqtt') => `${scheme}://127.0.0.1:${port}`;
	const source = text
		.replaceAll('$B', url(broker.port))
		.replaceAll('$G', url(guarded.port))
		.replaceAll('$W', url(socket.port, 'ws'))
		.replaceAll('$X', url(closed));
	writeFileSync(join(folder, name), source);
	return cli.run(['run', name, ...args], { cwd: folder, env: { PORT_L: String(broker.port), ...env } });
}

/** Subscribes on `checked/a`, then publishes these nonces. */
const nonces = (expectations: string, list: number[]) =>
	[
		`# @connection checked\n\n### all\n# @maxMessages ${list.length}\nSUBSCRIBE checked/a\nQoS: 1\n\n${expectations}`,
		...list.map((n) => `### ${n}\nPUBLISH checked/a\nQoS: 1\n\n{"n":${n}}`),
	].join('\n\n');

const cases: [string, number, string, RegExp, string[]?][] = [
	['messages without a replay', 0, nonces('?? no replays\n?? no gaps by body n', [1, 2]), /3 of 3 passed/],
	[
		'a replay, by the checks of the connection',
		1,
		nonces('?? no replays', [7, 8, 7]),
		/expected none, got 1\n +message\[2\]: Nonce seen \d+ m?s ago: 7\./,
	],
	['a gap, by a field', 1, nonces('?? no gaps by body n', [1, 4]), /message\[1\]: Sequence 4 after 1: 2 missing\./],
	['what nothing can tell', 1, nonces('?? no gaps', [1]), /MQTT does not tell gaps/],
	['a publish', 0, 'PUBLISH a\nHost: $B\n\nx', /1 of 1 passed/],
	[
		'a publish at QoS 1 that nobody subscribes to',
		0,
		'PUBLISH lonely\nHost: $B\nQoS: 1\n\nx',
		/there is no subscriber/,
	],
	[
		'a wrong expectation',
		1,
		'REQUEST a\nHost: $B\n# @timeout 200ms\n\nx\n\n?? body == 1',
		/No reply arrived within 200 ms/,
	],
	[
		'a message that never came',
		1,
		'# @timeout 200ms\nSUBSCRIBE never\nHost: $B\n\n?? message[0] body == 1',
		/There is no message/,
	],
	['an expectation that never ran', 1, 'REQUEST a\nHost: $B\n# @timeout 100ms\n\nx\n\n?? body == 1', /was not checked/],
	[
		'a denied publish',
		1,
		'MQTT $G\nusername: me\npassword: canary-pass\npublish: secret/x\nqos: 1\n\nx',
		/not delivered: refused by the broker/,
	],
	[
		'a denied publish that 3.1.1 cannot tell',
		0,
		'MQTT $G\nusername: me\npassword: canary-pass\npublish: secret/x\nqos: 1\nmqttVersion: 3.1.1\n\nx',
		/cannot say|passed/,
	],
	['nobody listens', 3, 'PUBLISH a\nHost: $X\n\nx', /refused|nobody|listens/i],
	['a wrong password', 3, 'MQTT $G\nusername: me\npassword: wrong-pass\npublish: open/x\n\nx', /password|user/i],
	['no connection', 2, 'PUBLISH a\n\nx', /names no connection/],
	['no such connection', 2, '# @connection nope\nPUBLISH a\n\nx', /There is no connection "nope"/],
	['a connection that is wrong', 2, '# @connection bad\nPUBLISH a\n\nx', /keepalive/],
	['a misspelt verb', 2, 'PUBLSH a\nHost: $B', /a\.messages:1: Unknown verb "PUBLSH"/],
	['an undefined variable', 2, 'PUBLISH a\nHost: $B\n\n{{nope}}', /:4: The variable "nope" is not defined/],
	['a truthy word is no boolean', 2, 'PUBLISH a\nHost: $B\nRetain: no\n\nx', /true or false/],
	['a protocol that is not here', 2, 'PUBLISH x\nHost: stomp://h\n\nx', /No protocol supports this URL/],
	['an unknown name', 2, 'PUBLISH a\nHost: $B', /no request named "x"/, ['--name', 'x']],
	['an unknown environment', 2, 'PUBLISH a\nHost: $B', /no environment "x"/, ['--env', 'x']],
	['an unknown option', 2, 'PUBLISH a\nHost: $B', /--frobnicate/, ['--frobnicate']],
	['an option of another command', 2, 'PUBLISH a\nHost: $B', /does not take --count/, ['--count', '1']],
	['a time without a unit', 2, 'PUBLISH a\nHost: $B', /unit/, ['--timeout', '5']],
];
for (const [name, code, text, said, args = []] of cases)
	test(`exit ${code}: ${name}`, async () => {
		const ended = await run(text, args);
		assert.match(`${ended.out}${ended.err}`, said);
		assert.equal(ended.code, code, `${ended.out}${ended.err}`);
	});

test('exit 2: files that are not there, that are not text', async () => {
	for (const args of [[], ['nope.messages'], ['*.nope']]) {
		const { code, err } = await cli.run(['run', ...args], { cwd: folder });
		assert.equal(code, 2, err);
	}
	writeFileSync(join(folder, 'wide.messages'), Buffer.from('\uFEFFPUBLISH a', 'utf16le'));
	const wide = await cli.run(['run', 'wide.messages'], { cwd: folder });
	assert.equal(wide.code, 2);
	assert.match(wide.err, /UTF-16/);
});

test('nothing of a file with a mistake is sent', async () => {
	const { code, out } = await run(
		'PUBLISH kept/none\nHost: $B\nRetain: true\nQoS: 1\n\nx\n###\nPUBLISH a\nHost: $B\nRetain: maybe',
	);
	assert.equal(code, 2, String(out));
	const look = await run('# @timeout 300ms\nSUBSCRIBE kept/none\nHost: $B\n\n?? messages length == 0');
	assert.equal(look.code, 0, `${look.out}`);
});

test('publish and receive: options, headers, JSON, binary, false is false', async () => {
	const ended = await run(
		`@base = t/{{$processEnv RUN}}
### received
# @maxMessages 3
# @timeout 5s
SUBSCRIBE {{base}}/#
Host: $B
QoS: 2

?? messages length == 3
?? message[0] header QoS == 1
?? message[0] header Retain == false
?? message[0] header Content-Type == application/json
?? message[0] header X-Trace == "it's"
?? message[0] body on isFalse
?? message[0] body n >= 1.5
?? message[1] body exists
?? message[2] body == ""

### sent
PUBLISH {{base}}/a
Host: $B
QoS: 1
Retain: false
Content-Type: application/json
X-Trace: it's

{"on": false, "n": 1.5}

### bytes
PUBLISH {{base}}/b
Host: $B
QoS: 2

< ./all.bin

### nothing
PUBLISH {{base}}/c
Host: $B
QoS: 1
`,
		['--json'],
		{ RUN: 'one' },
	);
	assert.equal(ended.code, 0, `${ended.out}${ended.err}`);
	const lines = objects(ended.out);
	assert.deepEqual(lines.at(-1), { type: 'summary', requests: 4, passed: 4, exitCode: 0 });
	const received = lines.find(({ title }) => title === 'received');
	const messages = received?.messages as { base64?: string; payload?: string; headers: [string, string][] }[];
	assert.equal(messages[1]?.base64, readFileSync(join(folder, 'all.bin')).toString('base64'));
	// Nothing is there that was not written.
	assert.deepEqual(
		messages[0]?.headers.filter(([name]) => !['QoS', 'Retain'].includes(name)),
		[
			['Content-Type', 'application/json'],
			['X-Trace', "it's"],
		],
	);
	assert.deepEqual(
		messages[2]?.headers.filter(([name]) => !['QoS', 'Retain'].includes(name)),
		[],
	);
});

test('request and reply through the broker, between two runs', async () => {
	const responder = cli.start(['listen', `mqtt://127.0.0.1:${broker.port}`, 'rpc/sum', '--count', '1']);
	const asked = new Promise<Record<string, unknown>>((done) =>
		responder.stdout?.once('data', (chunk) => done(JSON.parse(String(chunk)))),
	);
	await new Promise((done) => responder.stderr?.once('data', done));
	const running = run(
		'# @timeout 5s\n# @name sum\nREQUEST rpc/sum\nHost: $B\n\n[1,2]\n\n?? body == 3\n###\n# @name next\nPUBLISH after\nHost: $B\n\n{{sum.body}}\n\n?? duration < 5000',
	);
	const { payload, responseTopic, correlationData } = await asked;
	assert.equal(payload, '[1,2]');
	const answer = await cli.run([
		'publish',
		`mqtt://127.0.0.1:${broker.port}`,
		String(responseTopic),
		'--message',
		'3',
		'-H',
		`Correlation-Data: ${correlationData}`,
	]);
	assert.equal(answer.code, 0, answer.err);
	const ended = await running;
	assert.equal(ended.code, 0, `${ended.out}${ended.err}`);
});

test('a WebSocket conversation, text and binary', async () => {
	const running = run(
		'WEBSOCKET $W/chat\nX-Own: yes\n\n{"hello":1}\n=== wait-for-server\n< ./all.bin\n=== wait-for-server\n=== wait 1s\nlast\n\n?? messages length == 3\n?? message[0] body hello == 1\n?? message[2] body == last',
		['--timeout', '1s', '--json'],
	);
	await eventually('the handshake carries the header', async () =>
		assert.equal((await socket.headers())?.['x-own'], 'yes'),
	);
	const ended = await running;
	assert.equal(ended.code, 0, `${ended.out}${ended.err}`);
	const messages = objects(ended.out)[0]?.messages as { base64?: string; headers: [string, string][] }[];
	assert.equal(messages[1]?.base64, readFileSync(join(folder, 'all.bin')).toString('base64'));
	assert.deepEqual(
		messages.map(({ headers }) => headers),
		[[['Type', 'text']], [['Type', 'binary']], [['Type', 'text']]],
	);
	const silent = await run('# @timeout 300ms\nWEBSOCKET $W\n\na\n=== wait-for-server 5\nb');
	assert.equal(silent.code, 1);
	assert.match(String(silent.out), /sent 1 of 5 messages/);
});

test('environments, .env, and secrets that no output shows', async () => {
	writeFileSync(join(folder, 'http-client.env.json'), '{"dev": {"topic": "env/dev"}}');
	writeFileSync(join(folder, 'http-client.private.env.json'), '{"dev": {"token": "canary-token"}}');
	writeFileSync(join(folder, '.env'), 'FROM_DOTENV=dotted\n');
	const text = `### all
# @name all
# @timeout 1s
# @maxMessages 1
SUBSCRIBE {{topic}}
Connection: guarded one

?? body == no-{{token}}-{{$secret "own thing"}}

### send
PUBLISH {{topic}}
Connection: local

{{token}} {{$secret "own thing"}} {{$dotenv FROM_DOTENV}} {{FROM_DOTENV}}
### back
# @maxMessages 1
# @timeout 2s
SUBSCRIBE back
Connection: local

?? body == {{token}} {{$secret "own thing"}} dotted
### forth
PUBLISH back
Connection: local
X-Secret: {{token}}

{{token}} {{$secret "own thing"}} {{$dotenv FROM_DOTENV}}`;
	const env = {
		MESSAGING_WORKBENCH_SECRET_GUARDED_ONE_PASSWORD: 'canary-pass',
		MESSAGING_WORKBENCH_SECRET_OWN_THING: 'canary-own',
	};
	for (const args of [['--json'], [], ['--junit', 'secret.xml']]) {
		const ended = await run(text, ['--env', 'dev', ...args], env);
		const said = `${ended.out}${ended.err}${args[0] === '--junit' ? readFileSync(join(folder, 'secret.xml'), 'utf8') : ''}`;
		// The first one is wrong on purpose: its expectation would show them.
		assert.equal(ended.code, 1, said);
		assert.ok(!/canary/.test(said), said);
		assert.match(said, /•••/);
		for (const secret of ['canary-token', 'canary-own', 'canary-pass'])
			assert.ok(!said.includes(Buffer.from(secret).toString('base64').slice(0, 10)), said);
	}
	for (const name of ['http-client.env.json', 'http-client.private.env.json', '.env']) rmSync(join(folder, name));
});

test('a body outside of the folder is not read, through links neither', async () => {
	symlinkSync('/etc/hostname', join(folder, 'link'));
	for (const path of ['../../../../etc/hostname', '/etc/hostname', './link']) {
		const ended = await run(`PUBLISH a\nHost: $B\n\n< ${path}`);
		assert.equal(ended.code, 2, `${ended.out}`);
		assert.match(String(ended.out), /is outside of/);
	}
	const deeper = await run('PUBLISH a\nHost: $B\n\n< ../all.bin', [], {}, 'sub/b.messages');
	assert.equal(deeper.code, 0, `${deeper.out}${deeper.err}`);
});

test('JUnit: one case per request, with its reason and nothing that is no XML', async () => {
	const ended = await run(
		'### good <&>\nPUBLISH a\nHost: $B\n\nx\n### bad\n# @timeout 300ms\nREQUEST a\nHost: $B\n\nx\n\n?? body == "<\u0001&"\n### gone\nPUBLISH a\nHost: $X',
		['--junit', 'report.xml'],
	);
	assert.equal(ended.code, 3, `${ended.out}`);
	const xml = readFileSync(join(folder, 'report.xml'), 'utf8');
	assert.match(xml, /<testsuite name="a\.messages" tests="3" failures="1" errors="1"/);
	assert.match(xml, /<testcase name="good &lt;&amp;&gt;" classname="a\.messages" line="2" time="[\d.]+"\/>/);
	assert.match(xml, /<failure message="No reply arrived within 300 ms\.">/);
	assert.ok(!xml.includes('\u0001'));
});

test('globs, names and what they refer to', async () => {
	mkdirSync(join(folder, 'deep/er'), { recursive: true });
	for (const name of ['deep/one.messages', 'deep/er/two.messages', 'deep/er/three.txt'])
		writeFileSync(
			join(folder, name),
			`# @name n\nPUBLISH a\nHost: mqtt://127.0.0.1:${broker.port}\n###\n# @disabled\nNOPE`,
		);
	const { code, out, err } = await cli.run(['run', 'deep/**/*.messages', '--name', 'n'], { cwd: folder });
	assert.equal(code, 0, `${out}${err}`);
	assert.match(String(out), /deep\/er\/two\.messages\n.*\n.*deep\/one\.messages\n.*\n2 of 2 passed/s);
});

test("httpYac's MQTT form runs unchanged", async () => {
	const ended = await cli.run(
		['run', resolve('test/fixtures/messages/httpyac-mqtt.http'), '--root', resolve('.'), '--timeout', '1s'],
		{ cwd: folder, env: { MQTT_PORT: String(broker.port) } },
	);
	assert.equal(ended.code, 0, `${ended.out}${ended.err}`);
	assert.match(String(ended.out), /4 of 4 passed/);
});
