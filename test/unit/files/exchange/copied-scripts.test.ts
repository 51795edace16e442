import assert from 'node:assert/strict';
import test from 'node:test';
import vm from 'node:vm';
import fc from 'fast-check';
import { isOneElement } from '../../../../src/protocols/xmpp/files/xml-element';
import {
	copied,
	hostileDrafts,
	hostilePayloads,
	hostileSketch,
	hostileSubscriptions,
	hostileTexts,
	wire,
} from '../../../support/texts/evil-texts';

type Call = [name: string, ...values: unknown[]];

/** Records what is called on it, however deep, and gives itself back. */
function recorder(calls: Call[], path: string): unknown {
	return new Proxy(class {}, {
		get: (_, key) => {
			if (key === Symbol.iterator || key === Symbol.asyncIterator) return () => [][Symbol.iterator]();
			return key === 'then' || typeof key === 'symbol' ? undefined : recorder(calls, `${path}.${key}`);
		},
		apply: (_, _self, values) => {
			calls.push([path, ...values.filter((one) => typeof one !== 'function')]);
			// What a program waits for has happened.
			if (path.endsWith('.once')) for (const one of values) if (typeof one === 'function') one();
			return recorder(calls, `${path}()`);
		},
		construct: (_, values) => {
			calls.push([`new ${path}`, ...values]);
			return recorder(calls, path) as object;
		},
	});
}

/** What the generated programs import, and nothing else. */
const imports = new Set([
	"import mqtt from 'mqtt';",
	"import { connect } from 'amqplib';",
	"import { once } from 'node:events';",
	"import WebSocket from 'ws';",
	"import { request } from 'coap';",
	"import { client } from '@xmpp/client';",
	"import kafkajs from 'kafkajs';",
	"import { Manager } from 'socket.io-client';",
	"import rhea from 'rhea';",
	"import { randomUUID } from 'node:crypto';",
	"import { connect } from '@nats-io/transport-node';",
	"import { connect, headers } from '@nats-io/transport-node';",
]);
/** What a program does with its libraries by itself. */
const expectedCalls =
	/^(?:new WebSocket|(?:mqtt|connect|headers|rhea|new Manager|Manager|new kafkajs|kafkajs|randomUUID|once|WebSocket|request|client|console|setTimeout)\b)/;

/** Runs a program with libraries that record. */
async function callsOf(text: string): Promise<Call[]> {
	const lines = text.split('\n');
	const first = lines.findIndex((line) => !line.startsWith('import '));
	for (const line of lines.slice(0, first)) assert.ok(imports.has(line), line);
	const calls: Call[] = [];
	const names = [
		...[
			'mqtt',
			'connect',
			'headers',
			'once',
			'WebSocket',
			'request',
			'client',
			'kafkajs',
			'randomUUID',
			'rhea',
			'Manager',
		],
		...['process', 'console', 'setTimeout'],
	];
	const context = vm.createContext({
		...Object.fromEntries(names.map((name) => [name, recorder(calls, name)])),
		Buffer,
	});
	await new vm.Script(`(async () => {${lines.slice(first).join('\n')}})()`).runInContext(context);
	for (const [name] of calls) assert.match(name, expectedCalls, text);
	return calls;
}

/** Values of a vm's context are of its own classes. */
const plain = (value: unknown): unknown =>
	Buffer.isBuffer(value)
		? value.toString('hex')
		: Array.isArray(value) || Object.prototype.toString.call(value) === '[object Array]'
			? Array.from(value as unknown[], plain)
			: typeof value === 'object' && value !== null
				? Object.entries(value).map(([key, one]) => [key, plain(one)])
				: value;
const bytes = (text: string | Uint8Array) => Buffer.from(text).toString('hex');
const valuesOf = (calls: Call[], name: string): unknown[] => {
	const found = calls.filter(([one]) => one === name);
	assert.equal(found.length, 1, `${name} in ${JSON.stringify(calls)}`);
	return (found[0] ?? []).slice(1).map(plain);
};

/** Checks that exactly these values reach the libraries, wherever the text stands. */
async function check(text: string, payload: Uint8Array): Promise<void> {
	const t = wire(text);
	for (const [protocol, draft] of hostileDrafts(text, payload)) {
		const program = copied(hostileSketch(protocol, draft, text), 'javascript');
		if (program === undefined) {
			// Neither of these can be said at all.
			assert.ok(['xmpp', 'coap'].includes(protocol), protocol);
			continue;
		}
		assert.doesNotMatch(program, /[^\P{Cc}\n]|[\u2028\u2029\u202e]/u);
		const calls = await callsOf(program);
		switch (protocol) {
			case 'mqtt': {
				assert.deepEqual(valuesOf(calls, 'mqtt.connectAsync')[0], [
					['host', 'h'],
					['port', 1],
					['protocol', 'mqtt'],
					['protocolVersion', 5],
					['username', t],
					['password', 'PASSWORD'],
				]);
				assert.deepEqual(valuesOf(calls, 'mqtt.connectAsync().publishAsync'), [
					t,
					bytes(payload),
					[
						['qos', 1],
						['retain', false],
						[
							'properties',
							[
								['contentType', t],
								['responseTopic', t],
								['correlationData', bytes(t)],
								['userProperties', [t, 'QoS', 'type', '__proto__'].map((name) => [[name, t]])],
							],
						],
					],
				]);
				break;
			}
			case 'amqp': {
				const [exchange, key, body, options] = valuesOf(calls, 'connect().createConfirmChannel().publish');
				assert.deepEqual([exchange, key, body], [t, t, bytes(payload)]);
				const given = new Map(options as [string, unknown][]);
				for (const name of ['contentType', 'contentEncoding', 'replyTo', 'correlationId', 'messageId', 'type', 'appId'])
					assert.equal(given.get(name), t, name);
				const headers = new Map(given.get('headers') as [string, unknown][]);
				const value = text.startsWith('(int)')
					? [
							['!', 'int'],
							['value', 5],
						]
					: t.replace(/^\(text\) /, '');
				assert.deepEqual([...headers.keys()].sort(), [...new Set([t, 'QoS', 'type', '__proto__'])].sort());
				for (const one of headers.values()) assert.deepEqual(one, value);
				break;
			}
			case 'websocket': {
				const [url, subprotocols, options] = valuesOf(calls, 'new WebSocket');
				assert.deepEqual([url, subprotocols], ['ws://h/x', ['v1', 'v2']]);
				const [[, headers]] = options as [[string, [string, unknown][]]];
				assert.deepEqual(Object.fromEntries(headers)['X-A'], t);
				assert.ok(headers.some(([name, value]) => name === t && value === t));
				assert.deepEqual(valuesOf(calls, 'WebSocket.send')[0], bytes(payload));
				break;
			}
			case 'coap': {
				const options = calls.filter(([name]) => name === 'request().setOption').map((one) => one.slice(1).map(plain));
				const by = new Map(options as [string, unknown][]);
				const [given] = valuesOf(calls, 'request') as [[string, unknown][]];
				const asked = new Map(given);
				const path = by.get('Uri-Path') ?? String(asked.get('pathname')).slice(1).split('/').map(bytes);
				const query = by.get('Uri-Query') ?? String(asked.get('query')).split('&').map(bytes);
				assert.deepEqual([path].flat(), [bytes(t), bytes(t)]);
				assert.deepEqual([query].flat(), [bytes(t), bytes(t)]);
				assert.equal(by.get('3'), bytes(t));
				assert.equal(by.get('2049'), '0aff');
				// No number, or no hexadecimal digits: left out, and said to be.
				assert.deepEqual([...by.keys()].filter((key) => /^\d+$/.test(key)).sort(), [
					'2049',
					'3',
					...(by.has('65001') ? ['65001'] : []),
				]);
				assert.equal(program.includes('// Left out: 65001'), !by.has('65001'));
				assert.deepEqual(valuesOf(calls, 'request().end'), payload.length > 0 ? [bytes(payload)] : []);
				break;
			}
			case 'kafka': {
				const sent = valuesOf(calls, 'kafkajs.Kafka.producer().send')[0];
				const { topic, messages } = Object.fromEntries(sent as [string, unknown][]);
				assert.equal(topic, t);
				const [message] = messages as [[string, unknown][]];
				const { key, value, partition, headers } = Object.fromEntries(message);
				assert.deepEqual([key, value, partition], [bytes(t), bytes(payload), 1]);
				const names = [...new Set([t, 'QoS', 'type', '__proto__'])];
				assert.deepEqual((headers as [string, unknown][]).map(([name]) => name).sort(), names.sort());
				const plainText = t.replace(/^\(text\) /, '');
				for (const [, one] of headers as [string, unknown][])
					for (const each of [one].flat()) assert.equal(each, bytes(plainText));
				break;
			}
			case 'amqp1': {
				assert.deepEqual(valuesOf(calls, 'rhea.connect().open_sender'), [t]);
				assert.deepEqual(valuesOf(calls, 'rhea.message.data_section'), [bytes(payload)]);
				const [message] = valuesOf(calls, 'rhea.connect().open_sender().send') as [[string, unknown][]];
				const { subject, application_properties } = Object.fromEntries(message);
				assert.equal(subject, t);
				const names = [...new Set([t, 'QoS', 'type', '__proto__'])].sort();
				const properties = (application_properties ?? []) as [string, unknown][];
				// Its keys are texts: a name of another type is left out with a remark.
				assert.ok(application_properties !== undefined || program.includes('// Left out: application_properties'));
				// Names with a type in front are not plain names.
				if (!/^\(\w+\)/.test(text)) assert.deepEqual(properties.map(([name]) => name).sort(), names);
				for (const [, value] of properties) assert.equal(value, t);
				break;
			}
			case 'socketio': {
				assert.deepEqual(valuesOf(calls, 'Manager.socket'), ['/chat']);
				assert.deepEqual(valuesOf(calls, 'Manager.socket().emit'), [t, bytes(payload), bytes(t)]);
				break;
			}
			case 'nats': {
				const [subject, body, options] = valuesOf(calls, 'connect().publish');
				assert.deepEqual([subject, body], [t, bytes(payload)]);
				assert.equal(new Map(options as [string, unknown][]).get('reply'), t);
				// A line end, or a name that is no field name, is left out with a remark.
				const sent = calls.filter(([name]) => name === 'headers().append').map((one) => one.slice(1));
				const remarks = program.match(/^\/\/ Left out: /gm)?.length ?? 0;
				assert.equal(sent.length + remarks, 4, program);
				for (const [name, value] of sent)
					assert.ok([t, 'QoS', 'type', '__proto__'].includes(String(name)) && value === t);
				break;
			}
			default: {
				const [stanza] = valuesOf(calls, 'client().write') as [string];
				assert.equal(stanza.match(/<message/g)?.length, 1);
				assert.equal(stanza.match(/<body/g)?.length, 1);
			}
		}
	}
}

test('programs in JavaScript send each hostile text as it is, in every place, and run none', async () => {
	for (const text of hostileTexts) await check(text, Buffer.from(text));
	for (const payload of hostilePayloads) await check('x', payload);
});

test('the same for texts and payloads made up', async () => {
	const pieces = fc.constantFrom(
		'\\',
		"'",
		'"',
		'`',
		'\n',
		'\r',
		'$' + '{',
		'//',
		'*/',
		'#',
		'\u2028',
		'\ud83d',
		'(int) ',
		'x',
	);
	const text = fc.oneof(
		fc.string({ unit: 'binary', minLength: 1 }),
		fc.array(pieces, { minLength: 1, maxLength: 8 }).map((list) => list.join('')),
	);
	await fc.assert(
		fc.asyncProperty(text, fc.uint8Array(), async (one, payload) => {
			// Headers of AMQP with a type are checked above.
			fc.pre(!/^\(\w+\)/.test(one) && wire(one) !== '.' && wire(one) !== '..');
			await check(one, payload);
		}),
		{ numRuns: 150 },
	);
});

test('programs that receive ask for exactly the target', async () => {
	for (const text of hostileTexts)
		for (const sketch of hostileSubscriptions(text)) {
			const program = copied(sketch, 'javascript');
			if (program === undefined) {
				assert.ok(text === '..' || sketch.protocol === 'xmpp', text);
				continue;
			}
			const calls = await callsOf(program);
			const t = wire(text);
			const channel = 'connect().createChannel()';
			const { protocol, verb } = sketch;
			if (protocol === 'mqtt')
				assert.deepEqual(valuesOf(calls, 'mqtt.connectAsync().subscribeAsync'), [t, [['qos', 1]]]);
			else if (protocol === 'amqp' && verb === 'CONSUME') assert.equal(valuesOf(calls, `${channel}.consume`)[0], t);
			else if (protocol === 'amqp') assert.deepEqual(valuesOf(calls, `${channel}.bindQueue`), [t, t]);
			else if (protocol === 'kafka')
				assert.deepEqual(valuesOf(calls, 'kafkajs.Kafka.consumer().subscribe'), [
					[
						['topic', t],
						['fromBeginning', false],
					],
				]);
			else if (protocol === 'amqp1') {
				const [{ source }] = valuesOf(calls, 'rhea.connect().open_receiver').map((one) =>
					Object.fromEntries(one as [string, unknown][]),
				) as [Record<string, unknown>];
				assert.deepEqual(Object.fromEntries(source as [string, unknown][]).address, t);
			} else if (protocol === 'socketio')
				assert.deepEqual(valuesOf(calls, 'Manager.socket')[0], `/${t.replace(/^\//, '')}`);
			else if (protocol === 'nats') assert.deepEqual(valuesOf(calls, 'connect().subscribe'), [t]);
			else if (protocol === 'coap') {
				const [given] = valuesOf(calls, 'request') as [[string, unknown][]];
				const path = calls.find(([, name]) => name === 'Uri-Path')?.[2];
				assert.deepEqual(plain(path) ?? new Map(given).get('pathname'), path ? bytes(t) : `/${t}`);
			}
		}
});

test('a value of a CoAP option that is no hexadecimal does not become code', async () => {
	const [, draft] = hostileDrafts('x', Buffer.of(1)).find(([protocol]) => protocol === 'coap') ?? [];
	assert.ok(draft);
	const values = { options: [['65001', "',process.exit(7)))//"]] as [string, string][] };
	const text = copied(hostileSketch('coap', { ...draft, values }, 'x'), 'javascript') ?? '';
	assert.ok(!(await callsOf(text)).some(([name]) => name.startsWith('process')));
	assert.match(text, /^\/\/ Left out: 65001: ',process\.exit\(7\)\)\)\/\/, which is not an option of CoAP/m);
});

test('XML that is written into a stream as it is may be one element only', () => {
	const one = [
		'<x/>',
		' <a b="c>" d=\'"\'><e>&lt;&#13;&#x41;</e>text</a>\n',
		'<a><![CDATA[</a>]]></a>',
		'<p:a xmlns:p="u"/>',
	];
	const others = [
		'',
		'text',
		'<a>',
		'</a>',
		'<a/><b/>',
		'<a></b>',
		'<a/>text',
		"<x/></iq><message to='eve@h'/>",
		'</stream:stream>',
		'<a>&x;</a>',
		'<a b=c/>',
		'<a b="<"/>',
		'<!-- c --><a/>',
		'<?x?><a/>',
		'<!DOCTYPE a><a/>',
		'<a>\0</a>',
		'<a>\ud800</a>',
		`<a ${' '.repeat(50_000)}`,
		`<a b="${'&lt;x'.repeat(20_000)}`,
	];
	for (const text of one) assert.ok(isOneElement(text), text);
	for (const text of others) assert.ok(!isOneElement(text), text.slice(0, 100));
	assert.ok(isOneElement(`<a>${'x'.repeat(2_000_000)}</a>`));
	for (const body of others.slice(1))
		for (const [verb, target] of [
			['iq', 'bob@h'],
			['publish', 'p.h/node'],
			['stanza', ''],
		] as const) {
			const draft = { verb, target, values: {}, payload: Buffer.from(body) };
			if (Buffer.from(body).toString() !== body) continue;
			for (const id of ['javascript', 'python'])
				assert.equal(copied(hostileSketch('xmpp', draft, 'me'), id), undefined, body.slice(0, 100));
		}
});
