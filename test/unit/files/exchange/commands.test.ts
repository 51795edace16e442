import assert from 'node:assert/strict';
import test from 'node:test';
import { copyAs } from '../../../../src/files/exchange/copy-as';
import { isCommand, pasted, readCommand } from '../../../../src/files/exchange/paste';
import { requestText } from '../../../../src/files/exchange/request-text';
import { sketchOf, sketchOfPlan } from '../../../../src/files/exchange/sketch';
import { stepBytes } from '../../../../src/files/run/plan/body';
import { planRequest } from '../../../../src/files/run/plan/plan';
import type { MessageFile } from '../../../../src/files/syntax/ast';
import { optionsOf } from '../../../../src/files/syntax/metadata';
import { parse } from '../../../../src/files/syntax/parse';
import { conversationOf } from '../../../../src/files/syntax/words';
import { noEnvironment } from '../../../../src/files/values/environments';
import type { Draft } from '../../../../src/model/contracts/message';
import type { Values } from '../../../../src/model/profile/field';
import { describe, descriptions } from '../../../../src/protocols/descriptions';
import { printf, quote, splitCommand } from '../../../../src/protocols/shared/commands/shell';
import type { Sketch } from '../../../../src/protocols/shared/commands/sketch';

const pastes: [string, string][] = [
	[
		"mosquitto_pub -h broker.example -p 1884 -t 'a/b c' -m '{\"x\": 1}' -q 1 -r",
		'###\nPUBLISH a/b c\nHost: mqtt://broker.example:1884\nQoS: 1\nRetain: true\n\n{"x": 1}\n',
	],
	['$ mosquitto_pub -t a -n -r', '###\nPUBLISH a\nHost: mqtt://localhost\nRetain: true\n'],
	['mosquitto_pub -ta -q2 -mhello', '###\nPUBLISH a\nHost: mqtt://localhost\nQoS: 2\n\nhello\n'],
	[
		'mosquitto_pub -L mqtt://u:pw@h:1/a/b -f ./x.bin',
		'###\n# User name and password are left out: keep them in a connection.\nPUBLISH a/b\nHost: mqtt://h:1\n\n< ./x.bin\n',
	],
	[
		'mosquitto_pub -h h -u me -P hunter2 -t a -m x -V 5 -D publish content-type text/plain -D publish user-property k v -D connect session-expiry-interval 5',
		'###\n# User name and password are left out: keep them in a connection.\n# Left out: -V 5\n# Left out: -D connect session-expiry-interval 5\nPUBLISH a\nHost: mqtt://h\nContent-Type: text/plain\nk: v\n\nx\n',
	],
	[
		'mosquitto_pub --cafile ca.pem -h h -t a -m x',
		'###\n# Left out: --cafile ca.pem\nPUBLISH a\nHost: mqtts://h\n\nx\n',
	],
	[
		"mosquitto_sub -h h -t 'a/#' -t b -C 3 -W 5 -v",
		'###\n# @maxMessages 3\n# @timeout 5s\nSUBSCRIBE a/#\nHost: mqtt://h\n\n###\n# @maxMessages 3\n# @timeout 5s\nSUBSCRIBE b\nHost: mqtt://h\n',
	],
	[
		"npx wscat -c wss://x/y -H 'X-A: 1' -s v1 -x hello",
		'###\nWEBSOCKET wss://x/y\nX-A: 1\nSec-WebSocket-Protocol: v1\n\nhello\n',
	],
	[
		"websocat -H='X-A: 1' --protocol v1 -b ws://x",
		'###\nWEBSOCKET ws://x\nX-A: 1\nSec-WebSocket-Protocol: v1\nType: binary\n',
	],
	[
		'coap-client -m put -e mode=eco coap://h:5683/device/mode?x=1',
		'###\nPUT /device/mode?x=1\nHost: coap://h:5683\n\nmode=eco\n',
	],
	['amqp-publish -r tasks -b x', '###\nPUBLISH queue/tasks\nHost: amqp://localhost\nPersistent: false\n\nx\n'],
	[
		'coap-client -N -m ipatch -t 52 -O 2048,0x01ff -O 2049,ab -e x coap://h/a',
		'###\nIPATCH /a\nHost: coap://h\nType: non\nContent-Format: 52\n2048: 01ff\n2049: 6162\n\nx\n',
	],
	['coap-client -s 10 -A 60 coap://h/t', '###\n# @timeout 10s\nOBSERVE /t\nHost: coap://h\nAccept: 60\n'],
	[
		"amqp-publish -u amqp://u:p@h -e ex -r key -p -C text/plain -H 'X-A: 1' -b body",
		'###\n# User name and password are left out: keep them in a connection.\nPUBLISH exchange/ex/key\nHost: amqp://h\nContent-Type: text/plain\nX-A: 1\n\nbody\n',
	],
	[
		'nats pub -s h:4222 -H A:b orders.new "hello world"',
		'###\nPUBLISH orders.new\nHost: nats://h:4222\nA: b\n\nhello world\n',
	],
	[
		'nats request rpc.sum "[1,2]" --timeout 2s',
		'###\nREQUEST rpc.sum\nHost: nats://localhost:4222\nTimeout: 2\n\n[1,2]\n',
	],
];
for (const [command, expected] of pastes)
	test(`paste: ${command}`, async () => {
		assert.ok(isCommand(command) || command.startsWith('npx'));
		const result = await pasted(command);
		assert.ok('text' in result, JSON.stringify(result));
		assert.equal(result.text, expected);
		assert.deepEqual(parse(result.text).diagnostics, []);
	});

test('what is no command, or needs a shell, is said', async () => {
	for (const command of [
		'',
		'curl http://x',
		'mosquitto_pub -m x',
		"mosquitto_pub -t 'a",
		'$(cat x) | mosquitto_pub -t a -l',
		'mosquitto_pub -t a -m x; rm -rf /',
		'wscat',
		'nats stream ls',
		'coap-client -m get',
	])
		assert.ok('problem' in (await pasted(command)), command);
	assert.equal(isCommand('hello mosquitto_pub'), false);
	assert.equal(isCommand('__proto__ x'), false);
});

const kafka = '###\nPRODUCE t\nHost: kafka://h\n\na\n===\nb\n';
const surroundings: [string, string][] = [
	["echo '{}' | mosquitto_pub -t a -l", '###\nPUBLISH a\nHost: mqtt://localhost\n\n{}\n'],
	["printf '%s\\n' a b | kcat -b h -t t", kafka],
	['echo -e "a\\nb" | kafkacat -P -b h -t t', kafka],
	['kcat -P -b h -t t <<< a\n', '###\nPRODUCE t\nHost: kafka://h\n\na\n'],
	["kcat -P -b h -t t <<'EOF'\na\nb\nEOF", kafka],
	['bin/kafka-console-producer.sh --bootstrap-server h --topic t\n>a\n>b\n^C', kafka],
	['.\\bin\\windows\\kafka-console-producer.bat --bootstrap-server h ^\n --topic t\n>a\n>b', kafka],
	['cat ./x.json | mosquitto_pub -t a -s', '###\nPUBLISH a\nHost: mqtt://localhost\n\n< ./x.json\n'],
	['tail -f x | kcat -b h -t t', '###\n# Left out: the output of tail\nPRODUCE t\nHost: kafka://h\n'],
	[
		'kcat -C -b h -t t -J 2>/dev/null | jq .payload > out.json &',
		'###\n# Left out: | jq\nCONSUME t\nHost: kafka://h\nFrom: earliest\n',
	],
	[
		'echo x | nats pub s && nats sub s',
		'###\n# Left out: the line end behind the message\nPUBLISH s\nHost: nats://localhost:4222\n\nx\n\n###\nSUBSCRIBE s\nHost: nats://localhost:4222\n',
	],
	[
		'mosquitto_pub -h $HOST -t "$T" -m \'$x\'',
		'###\n# Left out: the value of $HOST\n# Left out: the value of $T\nPUBLISH $T\nHost: mqtt://$HOST\n\n$x\n',
	],
	[
		'NATS_URL=nats://u:hunter2@h sudo nats sub s',
		'###\n# Left out: NATS_URL=\nSUBSCRIBE s\nHost: nats://localhost:4222\n',
	],
];
for (const [container, left] of [
	['docker exec -it kcat kcat', 'docker exec'],
	['docker compose -f kafka/compose.yml exec -e P=hunter2 kafka /usr/bin/kcat', 'docker exec'],
	['docker run --network nats --rm edenhill/kcat:1.7.1', 'docker run'],
	['docker run -it --network kcat x/tools kcat', 'docker run'],
	['kubectl -n kafka exec -it kafka-0 -- kcat', 'kubectl exec'],
])
	surroundings.push([
		`${container} -C -b h -t t`,
		`###\n# Left out: ${left}\nCONSUME t\nHost: kafka://h\nFrom: earliest\n`,
	]);
for (const [command, expected] of surroundings)
	test(`what stands around a command is read, or left out with a word: ${command.replaceAll('\n', '⏎')}`, async () => {
		assert.equal(isCommand(command), true);
		assert.deepEqual(await pasted(command), { text: expected });
	});

test('no pasted password stands in the request', async () => {
	for (const command of [
		'mosquitto_pub -u u -P hunter2 -t a -m x',
		'mosquitto_pub -L mqtt://u:hunter2@h/a -m x',
		'wscat -c ws://x --auth u:hunter2',
		'websocat --basic-auth u:hunter2 ws://x',
		'amqp-publish -u amqp://u:hunter2@h -r k -b x',
		'nats pub --user u --password hunter2 s x',
		'coap-client -u u -k hunter2 coaps://h/x',
	]) {
		const result = await pasted(command);
		assert.ok('text' in result && !result.text.includes('hunter2'), command);
	}
});

test('every text survives quoting', () => {
	for (const text of ['', 'a', "it's", '$HOME `x` \\ "q"', 'a\nb', '!x', '-n', 'ü😀', "'", '\\', '*?[', '|;&<>'])
		assert.deepEqual(splitCommand(`x ${quote(text)} y`), ['x', text, 'y'], text);
	assert.deepEqual(splitCommand('a "b \\"c\\" \\$d" e\\ f $\'g\\n\\x41\' \\\n h'), [
		'a',
		'b "c" $d',
		'e f',
		'g\nA',
		'h',
	]);
	assert.equal(printf(Uint8Array.of(0, 65, 255, 37, 39, 92)), "printf '\\000A\\377\\045\\047\\134'");
});

const emptyScope = (file: MessageFile) => ({
	file,
	environment: noEnvironment,
	around: {
		now: () => 0,
		random: (n: number) => new Uint8Array(n),
		env: () => undefined,
		dotenv: () => undefined,
		secret: () => undefined,
	},
	result: () => undefined,
	hidden: new Set<string>(),
});

const mqtt = describe('mqtt');
const websocket = describe('websocket');
assert.ok(mqtt && websocket);
const encode = (text: string) => new TextEncoder().encode(text);
const draft = (payload: Uint8Array, values = {}) => ({ verb: 'publish', target: 'a/b c', values, payload });

test('a draft as a request, and back, byte for byte', async () => {
	const payloads = [
		'hello',
		'',
		'a\nb',
		'\nx',
		'x\n',
		' x',
		'###',
		'?? x',
		'a\r\nb',
		'{{x}}',
		'< f',
		'=== wait 1s',
		'# c',
		'{{',
		'> {% x %}',
		'\uFEFFx',
		'\0',
	].map(encode);
	payloads.push(Uint8Array.from({ length: 256 }, (_, at) => at));
	for (const payload of payloads) {
		const text = requestText(sketchOf(draft(payload), mqtt, 'mqtt://h'));
		const file = parse(text);
		const section = file.sections.find(({ request }) => request);
		const step = section?.request?.steps[0];
		assert.ok(section && step && section.request?.steps.length === 1, text);
		const body = await stepBytes(file, step, optionsOf(file, section).body, {
			scope: emptyScope(file),
			readFile: async () => assert.fail('no file'),
		});
		assert.deepEqual([...(body?.bytes ?? [])], [...payload], JSON.stringify(text));
	}
});

test('a draft as a command reads back as the same', async () => {
	const values = {
		qos: 1,
		retain: true,
		contentType: 'text/x; a="b"',
		messageExpiry: 60,
		userProperties: [
			['k', "it's"],
			['k', '2'],
		] as [string, string][],
	};
	const sketch = sketchOf(draft(encode("it's $HOME"), values), mqtt, 'mqtts://u:p@h');
	const command = (await copyAs(sketch)).find(({ id }) => id === 'mosquitto')?.text ?? '';
	assert.ok(!command.includes(':p@'));
	const [again] = (await readCommand(command)) as Sketch[];
	assert.deepEqual(again?.messages, sketch.messages);
	assert.equal(again?.target, sketch.target);
	assert.deepEqual(again?.headers, [...sketch.headers]);
	const ws = sketchOf({ verb: 'send', target: '', values: {}, payload: encode('{"a":1}') }, websocket, 'wss://h/x');
	const [back] = (await readCommand((await copyAs(ws)).find(({ id }) => id === 'wscat')?.text ?? '')) as Sketch[];
	assert.deepEqual([back?.url, back?.messages], ['wss://h/x', ws.messages]);
});

test('what wscat cannot send is not offered as wscat', async () => {
	const ws = sketchOf(
		{ verb: 'send', target: '', values: { type: 'binary' }, payload: Uint8Array.of(0, 255) },
		websocket,
		'ws://h',
	);
	assert.deepEqual(
		(await copyAs(ws)).map(({ id }) => id),
		['request', 'websocat', 'python', 'javascript'],
	);
});

test('a request of a file, its variables replaced, as a command', async () => {
	const copied = async (text: string, url: string, id: string) => {
		const file = parse(text);
		const section = file.sections.find(({ request }) => request);
		assert.ok(section);
		const plan = await planRequest(file, section, {
			scope: emptyScope(file),
			describe: ({ protocol }) => describe(protocol ?? 'mqtt'),
			readFile: async () => Uint8Array.of(0, 255),
		});
		return (await copyAs(sketchOfPlan(plan, url))).find((one) => one.id === id)?.text;
	};
	assert.equal(
		await copied('@d = x\nPUBLISH a/{{d}}\nQoS: 1\n\nhi {{d}}', 'mqtt://h', 'mosquitto'),
		"mosquitto_pub -h h -t a/x -q 1 -m 'hi x'",
	);
	assert.equal(
		await copied('PUBLISH a\n\n< f', 'mqtt://h:1', 'mosquitto'),
		"printf '\\000\\377' | mosquitto_pub -h h -p 1 -t a -s",
	);
	assert.equal(
		await copied('# @maxMessages 2\nSUBSCRIBE a/#\nQoS: 1', 'mqtt://h', 'mosquitto'),
		"mosquitto_sub -h h -t 'a/#' -v -q 1 -C 2",
	);
	assert.equal(
		await copied('WS wss://h/x\nSec-WebSocket-Protocol: v1\nX-A: b\n\n1\n===\n2', 'wss://h/x', 'wscat'),
		": 'Left out: all messages but the first, since wscat sends only one.'\nwscat -c wss://h/x -s v1 -H 'X-A: b' -x 1",
	);
});

/** Where a message, a request that receives, and a line of the log can be copied to, besides a request. */
const places: [protocol: string, url: string, draft: Partial<Draft>, ways: string[]][] = [
	['mqtt', 'mqtt://h', { target: 'a/b' }, ['mosquitto', 'python', 'javascript', 'nats']],
	['mqtt', 'wss://h/mqtt', { target: 'a b' }, ['python', 'javascript']],
	['amqp', 'amqp://h', { target: 'exchange/x/k' }, ['amqp', 'python', 'javascript']],
	['amqp', 'amqp://h', { verb: 'request', target: 'queue/q' }, ['python', 'javascript']],
	['websocket', 'ws://h/x', { verb: 'send' }, ['wscat', 'websocat', 'python', 'javascript']],
	['coap', 'coap://h', { verb: 'ipatch', target: 'a' }, ['coap', 'python', 'javascript']],
	['coap', 'coap://h', { verb: 'ping' }, []],
	['xmpp', 'xmpp://h', { verb: 'message', target: 'b@h' }, ['python', 'javascript']],
	['xmpp', 'wss://h/ws', { verb: 'presence', target: '' }, ['javascript']],
	['xmpp', 'xmpp://h', { verb: 'message', target: 'b@h', payload: Uint8Array.of(255) }, []],
	['kafka', 'kafka://h', { verb: 'produce', target: 'a' }, ['kcat', 'console', 'python', 'javascript']],
	[
		'kafka',
		'kafka+ssl://h',
		{ verb: 'produce', target: 'a', payload: Uint8Array.of(255) },
		['kcat', 'python', 'javascript'],
	],
	['amqp1', 'amqps://h', { verb: 'send', target: 'a' }, ['python', 'javascript']],
	['amqp1', 'wss://h', { verb: 'send', target: 'a' }, []],
	['socketio', 'http://h', { verb: 'emit', target: 'a', payload: encode('[]') }, ['python', 'javascript']],
	['socketio', 'http://h', { verb: 'emit', target: 'a', payload: encode('[') }, []],
	['nats', 'nats://h', { target: 'a.b' }, ['nats', 'python', 'javascript']],
	['nats', 'wss://h', { verb: 'stream', target: '$KV.bucket.key' }, ['nats', 'kv', 'python', 'javascript']],
];
for (const [protocol, url, draft, ways] of places)
	test(`copy as: ${protocol} ${draft.verb ?? ''} ${url}`, async () => {
		const description = describe(protocol);
		assert.ok(description);
		const whole = { verb: 'publish', target: '', values: {}, payload: encode('x'), ...draft };
		const formats = await copyAs({ ...sketchOf(whole, description, url), username: 'me', password: 'hunter2' });
		assert.deepEqual(
			formats.slice(1).map(({ id }) => id),
			ways,
		);
		for (const { text } of formats) assert.ok(!text.includes('hunter2'), text);
		assert.deepEqual(parse(formats[0]?.text ?? '').diagnostics, []);
	});

test('a draft of any verb is a request that plans the same draft', async () => {
	for (const description of descriptions.filter(({ id }) => !conversationOf(id)))
		for (const verb of description.verbs) {
			const place = verb.target === 'none' ? '' : (verb.targetPlaceholder?.split(' ')[0] ?? '');
			assert.equal(verb.checkTarget(place), undefined, `${description.id} ${verb.id}: the example is a target`);
			const payload = encode(description.textPayloads ? '<x xmlns="y"/>' : 'x');
			const fields = verb.fields.filter(({ type }) => type === 'choice' || type === 'list');
			const values: Values = Object.fromEntries(
				fields.map((field) => [field.key, field.type === 'choice' ? field.choices.at(-1)?.value : ['0a', '0b']]),
			);
			const given: Draft = { verb: verb.id, target: place, values, payload };
			const file = parse(requestText(sketchOf(given, description, `${description.schemes[0]?.scheme}://h`)));
			const section = file.sections.find(({ request }) => request);
			assert.ok(section);
			const plan = await planRequest(file, section, {
				scope: emptyScope(file),
				describe: () => description,
				readFile: () => assert.fail('no file'),
			});
			const [made] = plan.steps.flatMap(({ drafts }) => drafts);
			// Verbs that only differ in what they take are one to a file.
			const same = description.verbs.filter(({ fields: one }) => one === verb.fields).map(({ id }) => id);
			assert.ok(made && same.includes(made.verb), `${description.id} ${verb.id} became ${made?.verb}: ${file.text}`);
			const { target: to, values: sent, payload: body } = made;
			assert.deepEqual({ to, body: [...body] }, { to: place, body: [...payload] }, file.text);
			const usual = Object.fromEntries(
				fields.flatMap((field) => ('default' in field && !(field.key in sent) ? [[field.key, field.default]] : [])),
			);
			assert.deepEqual({ ...usual, ...sent }, values, file.text);
		}
});

test('CoAP: paths, queries and options as each tool takes them', async () => {
	const coap = describe('coap');
	assert.ok(coap);
	const values = { query: ['x=1', 'y&z'], accept: 'cbor', etag: ['0a0b'], type: 'non', ifNoneMatch: true };
	const sketch = sketchOf(
		{ verb: 'get', target: '/a%20b/c%2Fd?e', values, payload: new Uint8Array() },
		coap,
		'coap://[::1]:5/',
	);
	const [, command, python, script] = (await copyAs(sketch)).map(({ text }) => text);
	assert.equal(command, "coap-client -m get -A 60 -N -O 4,0x0a0b -O 5, 'coap://[::1]:5/a%20b/c%2Fd?e&x=1&y%26z'");
	assert.match(python ?? '', /uri="coap:\/\/\[::1\]:5\/a%20b\/c%2Fd\?e&x=1&y%26z"/);
	assert.match(script ?? '', /hostname: "::1", port: 5, .*confirmable: false/);
	assert.match(script ?? '', /'Uri-Path', \[Buffer.from\("a b"\), Buffer.from\("c\/d"\)\]/);
});

test('MQTT as nats: the subject that a NATS server files the topic under', async () => {
	const cases: [string, string | undefined][] = [
		['sensors/cold-1/temp', 'sensors.cold-1.temp'],
		['/sensors/temp', '/.sensors.temp'],
		['sensors/temp/', 'sensors.temp./'],
		['sensors//temp', 'sensors./.temp'],
		['//sensors/temp', '/./.sensors.temp'],
		['cold-1.temp', 'cold-1//temp'],
		['a b', undefined],
		['a/*', undefined],
	];
	for (const [topic, subject] of cases) {
		const sketch = sketchOf({ ...draft(encode('x')), target: topic }, mqtt, 'mqtt://h:1883');
		const text = (await copyAs(sketch)).find(({ id }) => id === 'nats')?.text;
		assert.equal(text, subject && `nats pub -s nats://h:4222 ${quote(subject)} x`);
	}
	const listens: Sketch = { ...sketchOf(draft(encode('')), mqtt, 'mqtt://h'), verb: 'SUBSCRIBE', target: 'a/+/#' };
	assert.match((await copyAs(listens)).find(({ id }) => id === 'nats')?.text ?? '', /'a\.\*\.>'$/);
});

test('what was pasted from nats is copied again', async () => {
	for (const command of [
		"nats pub -s nats://h:4222 --user me --password PASSWORD --reply back -H 'A:b c' orders.new 'hello world'",
		"nats request -s nats://h:4222 --timeout 2s --replies 3 rpc.sum '[1,2]'",
		"nats sub -s nats://h:4222 --count 3 --queue g 'a.>'",
		'nats pub -s nats://h:4222 --jetstream -H Nats-Msg-Id:7 orders.new x',
		'nats pub -s nats://h:4222 -- -x -y',
		'nats kv put -s nats://h:4222 bucket a.b value',
	]) {
		const [sketch] = (await readCommand(command)) as Sketch[];
		assert.ok(sketch);
		const id = command.startsWith('nats kv') ? 'kv' : 'nats';
		assert.equal((await copyAs(sketch)).find((one) => one.id === id)?.text, command);
		const file = parse(requestText(sketch));
		assert.deepEqual(file.diagnostics, []);
		const section = file.sections.find(({ request }) => request);
		assert.ok(section);
		const nats = describe('nats');
		assert.ok(nats);
		const plan = await planRequest(file, section, {
			scope: emptyScope(file),
			describe: () => nats,
			readFile: () => assert.fail('no file'),
		});
		const again = { ...sketchOfPlan(plan, 'nats://h:4222'), metadata: sketch.metadata };
		const user = sketch.username === undefined ? {} : { username: sketch.username };
		assert.equal((await copyAs({ ...again, ...user })).find((one) => one.id === id)?.text, command, file.text);
	}
	const [bytes] = (await readCommand('nats pub s x')) as Sketch[];
	assert.ok(bytes);
	assert.equal(
		(await copyAs({ ...bytes, messages: [{ bytes: Uint8Array.of(255) }] })).find(({ id }) => id === 'nats')?.text,
		"printf '\\377' | nats pub --force-stdin -s nats://localhost:4222 s",
	);
});

test('every word, header and command that a protocol adds to message files exists in it', async () => {
	for (const { id, verbs, subscription, profile, files } of descriptions) {
		const keys = (fields: readonly { key: string }[] = []) => fields.map(({ key }) => key);
		const verbIds = verbs.map((verb) => verb.id);
		const modeIds = (subscription?.modes ?? []).map((mode) => mode.id);
		const profileKeys = profile.flatMap(({ fields }) => keys(fields));
		const all = [
			...verbs.flatMap(({ fields }) => keys(fields)),
			...keys(subscription?.fields),
			...(subscription?.modes ?? []).flatMap(({ fields }) => keys(fields)),
			...profileKeys,
		];
		const words = files?.words ?? [];
		const missing = [
			...[...Object.values(files?.verbs ?? {}), ...words.flatMap(({ verb }) => verb ?? [])].filter(
				(one) => !verbIds.includes(one),
			),
			...Object.values(files?.modes ?? {}).filter((one) => !modeIds.includes(one)),
			...[...Object.keys(files?.aliases ?? {}), ...(files?.binary ? [files.binary.field] : [])].filter(
				(one) => !all.includes(one),
			),
			...words
				.flatMap((word) => [...(word.profile?.fields ?? []), ...(word.profile?.secrets ?? []).map(({ key }) => key)])
				.filter((one) => !profileKeys.includes(one)),
			...words
				.filter(({ action, form, url }) => (action === 'form') !== (form !== undefined) && url)
				.map(({ name }) => name),
		];
		assert.deepEqual(missing, [], id);
		const tools = await files?.tools?.load();
		assert.equal(tools?.read !== undefined, (files?.tools?.commands ?? []).length > 0, id);
	}
});
