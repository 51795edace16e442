import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, type TestContext } from 'node:test';
import {
	copied,
	hostileDrafts,
	hostilePayloads,
	hostileSketch,
	hostileSubscriptions,
	hostileTexts,
	wire,
} from '../../../support/texts/evil-texts';

const folder = mkdtempSync(join(tmpdir(), 'copied-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Case {
	protocol: string;
	text: string;
	payload: Uint8Array;
	/** What was copied. */
	copy: string;
}
const every: [string, Uint8Array][] = [
	...hostileTexts.map((text): [string, Uint8Array] => [text, Buffer.from(text)]),
	...hostilePayloads.map((payload): [string, Uint8Array] => ['x', payload]),
];
const casesOf = (...ids: string[]): Case[] =>
	every.flatMap(([text, payload]) =>
		hostileDrafts(text, payload).flatMap(([protocol, draft]) =>
			ids.flatMap((id) => {
				const copy = copied(hostileSketch(protocol, draft, text), id);
				return copy === undefined ? [] : [{ protocol, text, payload, copy }];
			}),
		),
	);

/** Whether a program is here. A machine that is no CI machine may lack it, and the run says so. */
function isHere(name: string, args: string[], t: TestContext): boolean {
	const here = spawnSync(name, args).status === 0;
	const optional = name === 'zsh' || !process.env.CI;
	assert.ok(here || optional, `${name} is missing.`);
	if (!here) t.diagnostic(`${name} is not installed: what is copied for it was not run.`);
	return here;
}

const programs = [
	...['mosquitto_pub', 'mosquitto_sub', 'nats', 'amqp-publish', 'wscat', 'websocat', 'coap-client'],
	...['kcat', 'kafka-console-producer.sh', 'kafka-console-consumer.sh'],
];
/** What the hostile texts would run. */
const traps = ['touch', 'import', 'process.exit', 'ls', 'x', 'rm', 'c', 'd'];

/** The value behind an option; undefined where it is not given. */
const valueAfter = (words: string[], option: string) => {
	const at = words.indexOf(option);
	return at === -1 ? undefined : words[at + 1];
};

/** What a program takes for the message, from its words and what it reads: as its manual says. */
const payloads: Record<string, (words: string[], input: Buffer) => Buffer> = {
	mosquitto_pub: (words, input) =>
		words.at(-2) === '-m' ? Buffer.from(words.at(-1) ?? '') : words.at(-1) === '-s' ? input : Buffer.alloc(0),
	'amqp-publish': (words, input) => (words.at(-2) === '-b' ? Buffer.from(words.at(-1) ?? '') : input),
	wscat: (words) => Buffer.from(words.at(-1) ?? ''),
	websocat: (words, input) => (words.includes('--base64') ? Buffer.from(input.toString().slice(1), 'base64') : input),
	'coap-client': (_, input) => input,
	// What -D and -K stand for, as the manual of kcat says: a delimiter that never stands in the record.
	kcat: (words, input) => {
		const at = words.indexOf('-K');
		return at === -1 ? input : input.subarray(input.indexOf(9) + 1);
	},
	'kafka-console-producer.sh': (words, input) => {
		const property = (name: string, usual: string) =>
			words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) ?? usual;
		const line = input.toString().slice(0, -1);
		const behind = line.slice(line.indexOf(property('headers.delimiter', '\t')) + 1);
		return Buffer.from(behind.slice(behind.indexOf(property('key.separator', '\t')) + 1));
	},
	nats: (words, input) => {
		const body = words.includes('--force-stdin') ? input : Buffer.from(words.at(-1) ?? '');
		return Buffer.from(body.toString('latin1').replaceAll('{{"{{"}}', '{{'), 'latin1');
	},
};

/** What an option or the place of a target holds, by program. */
const places: Record<string, (words: string[]) => (string | undefined)[]> = {
	// Of the user, the topic, three properties, and four user properties.
	mosquitto_pub: (words) => [5, 9, 15, 19, 23, 27, 28, 33, 38, 43].map((at) => words[at]),
	'amqp-publish': (words) => [valueAfter(words, '-e'), valueAfter(words, '-r'), valueAfter(words, '-C')],
	wscat: (words) => (words.includes('--auth') ? [valueAfter(words, '--auth')?.replace(/:PASSWORD$/, '')] : []),
	websocat: (words) =>
		words.flatMap((word) => (word.startsWith('--basic-auth=') ? [word.slice(13).replace(/:PASSWORD$/, '')] : [])),
	'coap-client': (words) => (words.at(-1) ?? '').replace('coap://h/', '').split(/[/?&]/).map(decodeURIComponent),
	kcat: (words) => [valueAfter(words, '-t'), ...(words.includes('-k') ? [valueAfter(words, '-k')] : [])],
	'kafka-console-producer.sh': (words) => [valueAfter(words, '--topic')],
	nats: () => [],
};

for (const shell of ['dash', 'bash', 'zsh'])
	test(`${shell}: exactly the words and bytes of each copied command arrive, and nothing else runs`, (t) => {
		if (!isHere(shell, ['-c', 'exit 0'], t)) return;
		const here = join(folder, shell);
		const bin = join(here, 'bin');
		mkdirSync(bin, { recursive: true });
		const stub = (name: string, lines: string) =>
			writeFileSync(join(bin, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
		for (const name of programs)
			stub(
				name,
				`printf '%s\\0' "\${0##*/}" "$@" > "$RECORD.words"
: > "$RECORD.input"
if [ -p /dev/stdin ]; then /bin/cat > "$RECORD.input"; fi`,
			);
		for (const name of traps) stub(name, `: > "${here}/pwned"`);
		const cases = casesOf('mosquitto', 'nats', 'amqp', 'wscat', 'websocat', 'coap', 'kcat', 'console');
		const receiving = hostileTexts.flatMap((text) =>
			hostileSubscriptions(text).flatMap((sketch) =>
				['mosquitto', 'coap', 'nats', 'kcat', 'console'].flatMap((id) => ({ text, copy: copied(sketch, id) ?? '' })),
			),
		);
		assert.ok(cases.length > 300);
		const script = [...cases, ...receiving].map(({ copy }, at) => `export RECORD='${here}/${at}'\n${copy}\n`).join('');
		writeFileSync(join(here, 'all.sh'), script);
		const { stderr, status } = spawnSync(shell, ['-c', 'PATH="$1"; export PATH; . ./all.sh', shell, bin], {
			cwd: here,
			env: { PATH: process.env.PATH, HOME: here },
			stdio: ['ignore', 'pipe', 'pipe'],
			encoding: 'utf8',
			timeout: 120_000,
		});
		assert.deepEqual({ stderr, status }, { stderr: '', status: 0 });
		assert.ok(!existsSync(join(here, 'pwned')), 'a text was run');
		for (const [at, { text, copy }] of receiving.entries()) {
			if (copy === '') continue;
			const file = readFileSync(join(here, `${cases.length + at}.words`), 'utf8');
			const [name = '', ...words] = file.slice(0, -1).split('\0');
			// Of a topic, nats has its levels as tokens.
			if (name !== 'nats' || !/[/+#]|^$/.test(text)) assert.equal(filters[name]?.(words), wire(text), copy);
		}
		for (const [at, { text, payload, copy }] of cases.entries()) {
			const [name = '', ...words] = readFileSync(join(here, `${at}.words`), 'utf8')
				.slice(0, -1)
				.split('\0');
			const input = readFileSync(join(here, `${at}.input`));
			assert.equal(
				payloads[name]?.(words, input).toString('hex'),
				Buffer.from(payload).toString('hex'),
				copy.slice(0, 500),
			);
			for (const place of places[name]?.(words) ?? []) assert.equal(place, wire(text), copy.slice(0, 500));
		}
	});

interface Result {
	calls: [name: string, values: unknown[], named: Record<string, unknown>][];
	/** Files, processes and the like that were touched. */
	effects: string[];
	error: string | null;
}
/** Runs programs with libraries that record. */
function pythonCalls(programs: string[]): Result[] {
	const { stdout, stderr, status } = spawnSync('python3', ['test/support/run/record-python.py'], {
		input: JSON.stringify(programs),
		encoding: 'utf8',
		maxBuffer: 1e9,
		timeout: 120_000,
	});
	assert.equal(status, 0, stderr);
	return JSON.parse(stdout) as Result[];
}

/** Where the target stands, by program that receives. */
const filters: Record<string, (words: string[]) => string | undefined> = {
	mosquitto_sub: (words) => words[9],
	'coap-client': (words) => decodeURIComponent((words.at(-1) ?? '').replace('coap://h/', '')),
	nats: (words) => words.at(-1)?.replaceAll('//', '.'),
	kcat: (words) => valueAfter(words, '-t'),
	'kafka-console-consumer.sh': (words) => valueAfter(words, '--topic'),
};

test('Python: exactly the values of each copied program reach the libraries, and nothing else runs', (t) => {
	if (!isHere('python3', ['--version'], t)) return;
	const cases = casesOf('python');
	assert.ok(cases.length > 250);
	const results = pythonCalls(cases.map(({ copy }) => copy));
	for (const [at, { protocol, text, payload, copy }] of cases.entries()) {
		const { calls, effects, error } = results[at] as Result;
		assert.deepEqual({ error, effects }, { error: null, effects: [] }, copy);
		const t = wire(text);
		const bytes = (value: string | Uint8Array) => ({ bytes: Buffer.from(value).toString('hex') });
		const one = (name: string) => {
			const found = calls.filter(([path]) => path === name);
			assert.equal(found.length, 1, `${name} in ${copy.slice(0, 2000)}`);
			return found[0] as Result['calls'][number];
		};
		switch (protocol) {
			case 'mqtt': {
				const client = 'paho.mqtt.client.Client()';
				assert.deepEqual(one(`${client}.publish`)[1], [t, bytes(payload)]);
				assert.deepEqual(one(`${client}.username_pw_set`)[1], [t, 'PASSWORD']);
				const properties = 'paho.mqtt.properties.Properties()';
				assert.deepEqual(one(`${properties}.ContentType`)[1], [t]);
				assert.deepEqual(one(`${properties}.CorrelationData`)[1], [bytes(t)]);
				assert.deepEqual(one(`${properties}.UserProperty`)[1], [
					[t, 'QoS', 'type', '__proto__'].map((name) => [name, t]),
				]);
				break;
			}
			case 'amqp': {
				const [, [exchange, key, body], more] = one('pika.BlockingConnection().channel().basic_publish');
				assert.deepEqual([exchange, key, body, more.mandatory], [t, t, bytes(payload), true]);
				const [, , given] = one('pika.BasicProperties');
				for (const name of ['content_type', 'reply_to', 'message_id', 'type', 'app_id']) assert.equal(given[name], t);
				const value = text.startsWith('(int)') ? 5 : t.replace(/^\(text\) /, '');
				for (const [, header] of given.headers as [string, unknown][]) assert.deepEqual(header, value);
				break;
			}
			case 'websocket': {
				const [, url, given] = one('websockets.connect');
				assert.deepEqual([url, given.subprotocols], [['ws://h/x'], ['v1', 'v2']]);
				assert.ok((given.additional_headers as [string, string][]).some(([name, value]) => name === t && value === t));
				const isText = Buffer.from(Buffer.from(payload).toString()).equals(payload);
				assert.deepEqual(one('websockets.connect().send')[1], [
					isText ? Buffer.from(payload).toString() : bytes(payload),
				]);
				break;
			}
			case 'coap': {
				const [, , given] = one('aiocoap.Message');
				const parts = String(given.uri).replace('coap://h/', '').split(/[/?&]/).map(decodeURIComponent);
				assert.deepEqual(parts, [t, t, t, t]);
				assert.deepEqual(given.payload, payload.length > 0 ? bytes(payload) : undefined);
				const options = calls
					.filter(([path]) => path === 'aiocoap.optiontypes.OpaqueOption')
					.map(([, values]) => values);
				assert.deepEqual(options[0], [3, bytes(t)]);
				break;
			}
			case 'kafka': {
				const [, values, given] = one('confluent_kafka.Producer().produce');
				assert.deepEqual([values, given.value, given.key, given.partition], [[t], bytes(payload), bytes(t), 1]);
				const value = bytes(t.replace(/^\(text\) /, ''));
				assert.deepEqual(
					given.headers,
					[t, 'QoS', 'type', '__proto__'].map((name) => [name, value]),
				);
				break;
			}
			case 'amqp1': {
				assert.deepEqual(one('proton.utils.BlockingConnection().create_sender')[1], [t]);
				const [, [body], given] = one('proton.Message');
				assert.deepEqual([body, given.subject], [bytes(payload), t]);
				for (const [, value] of given.properties as [string, unknown][]) assert.equal(value, t);
				break;
			}
			case 'socketio': {
				const [, values, given] = one('socketio.Client().emit');
				assert.deepEqual([values, given.namespace], [[t, [bytes(payload), bytes(t)]], '/chat']);
				break;
			}
			case 'nats': {
				const [, values, given] = one('nats.connect().publish');
				assert.deepEqual([values, given.reply], [[t, bytes(payload)], t]);
				const sent = (given.headers ?? []) as [string, string][];
				const remarks = copy.match(/^# Left out: /gm)?.length ?? 0;
				assert.equal(sent.length + remarks, 4, copy);
				for (const [name, value] of sent) assert.ok([t, 'QoS', 'type', '__proto__'].includes(name) && value === t);
				break;
			}
			default: {
				const [stanza] = one('slixmpp.ClientXMPP().send_raw')[1] as [string];
				assert.equal(stanza.match(/<message/g)?.length, 1);
				assert.equal(one('slixmpp.ClientXMPP')[1][0], t.includes('@') ? t : `${t}@h`);
			}
		}
	}
});

test('Python: programs that receive ask for exactly the target', (t) => {
	if (!isHere('python3', ['--version'], t)) return;
	const cases = hostileTexts.flatMap((text) =>
		hostileSubscriptions(text).flatMap((sketch) => {
			const copy = copied(sketch, 'python');
			return copy === undefined ? [] : [{ text: wire(text), sketch, copy }];
		}),
	);
	for (const [at, { calls, effects, error }] of pythonCalls(cases.map(({ copy }) => copy)).entries()) {
		const { text, sketch, copy } = cases[at] as (typeof cases)[number];
		assert.deepEqual({ error, effects }, { error: null, effects: [] }, copy);
		const values = (name: string) => calls.find(([path]) => path === name)?.[1];
		const channel = 'pika.BlockingConnection().channel()';
		if (sketch.protocol === 'mqtt') assert.deepEqual(values('paho.mqtt.client.Client().subscribe'), [text]);
		else if (sketch.protocol === 'amqp' && sketch.verb === 'CONSUME')
			assert.deepEqual(values(`${channel}.consume`), [text]);
		else if (sketch.protocol === 'amqp') assert.deepEqual(values(`${channel}.queue_bind`)?.slice(1), [text, text]);
		else if (sketch.protocol === 'kafka')
			assert.deepEqual(values('confluent_kafka.Consumer().list_topics'), [text, 10]);
		else if (sketch.protocol === 'amqp1')
			assert.deepEqual(values('proton.utils.BlockingConnection().create_receiver'), [text]);
		else if (sketch.protocol === 'socketio')
			assert.deepEqual(calls.find(([path]) => path === 'socketio.Client().connect')?.[2].namespaces, [
				`/${text.replace(/^\//, '')}`,
			]);
		else if (sketch.protocol === 'nats') assert.deepEqual(values('nats.connect().subscribe'), [text]);
		else if (sketch.protocol === 'coap')
			assert.equal(
				decodeURIComponent(String(calls.find(([path]) => path === 'aiocoap.Message')?.[2].uri)),
				`coap://h/${text}`,
			);
	}
});
