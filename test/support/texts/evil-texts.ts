import { protocolOf, sketchOf } from '../../../src/files/exchange/sketch';
import type { Draft } from '../../../src/model/contracts/message';
import { exchangeTarget } from '../../../src/protocols/amqp/describe/addresses';
import { describe, descriptions } from '../../../src/protocols/descriptions';
import type { Sketch } from '../../../src/protocols/shared/commands/sketch';

/** Texts that a peer may put into any place of a message, each of which was code, an option or a file somewhere. */
export const hostileTexts: readonly string[] = [
	"',process.exit(7)))//",
	'",process.exit(7)))//',
	`'; touch pwned; '`,
	'"; touch pwned; "',
	'$(touch pwned)',
	'`touch pwned`',
	'$' + '{process.exit(7)}',
	'`);process.exit(7);(`',
	'"""+__import__("os").system("touch pwned")+"""',
	"'''+__import__('os').system('touch pwned')+'''",
	'{__import__("os").system("touch pwned")}',
	'%s %n %d %% %',
	'\\',
	"\\'",
	'\\"',
	'\\n\\x41\\u0041\\N{BULLET}\\101',
	'*/process.exit(7)/*',
	'-->',
	'</script><script>process.exit(7)</script>',
	'<!--',
	"</body></message><message to='eve@h'><body>",
	'x\nprocess.exit(7)\ntouch pwned\nimport os',
	'x\rprocess.exit(7)\rtouch pwned',
	'x\u2028process.exit(7)',
	'x\u2029process.exit(7)',
	'x\u0085process.exit(7)',
	'x\x03\ntouch pwned\n',
	'x\x1b[201~\ntouch pwned\n',
	'coding: utf-7 +AAo-touch',
	'half \ud800 and \udc00 of characters',
	'\u202e\u2066 turned',
	'\ufeffmark',
	'__proto__',
	'constructor',
	'-x',
	'--help',
	'--',
	'-',
	'-D',
	'user-property',
	'@/etc/passwd',
	'=ls',
	'~',
	'#',
	'!!',
	'!#:+',
	'a!b\nc!d',
	'a: b',
	':',
	'!nil!',
	'{{Count}} {{{{ }}',
	' space ',
	'\ttab\t',
	'end\n',
	'\n\n',
	'ü😀\u200d',
	'(int) 5',
	'(text) x',
	'a,b',
	'a&b=c?d#e',
	'..',
	'*?[a]{b,c}',
];

/** Payloads that only bytes can be. */
export const hostilePayloads: readonly Uint8Array[] = [
	...hostileTexts.map((text) => Buffer.from(text)),
	Buffer.alloc(0),
	Buffer.of(0),
	Buffer.from('a\0b'),
	Buffer.of(0xff, 0xfe, 0x2d),
	Buffer.from([...Buffer.from('{{'), 0xff]),
	Uint8Array.from({ length: 256 }, (_, at) => at),
	Buffer.from('-n'),
	Buffer.alloc(30_000, "x'"),
	Buffer.alloc(140_000, '%-\n'),
];

/** What UTF-8 has for a text: half a character becomes U+FFFD, in every encoder. */
export const wire = (text: string) => Buffer.from(text).toString();

const url: Record<string, string> = {
	mqtt: 'mqtt://h:1',
	amqp: 'amqp://h',
	websocket: 'ws://h/x',
	coap: 'coap://h',
	xmpp: 'xmpp://h',
	kafka: 'kafka://h',
	amqp1: 'amqp://h',
	socketio: 'http://h',
	nats: 'nats://h',
};

/** A draft of each protocol that has a text in every place that takes one. */
export const hostileDrafts = (text: string, payload: Uint8Array): [protocol: string, draft: Draft][] => {
	const encoded = encodeURIComponent(wire(text));
	const pairs: [string, string][] = [
		[text, text],
		['QoS', text],
		['type', text],
		['__proto__', text],
	];
	return [
		[
			'mqtt',
			{
				verb: 'publish',
				target: text,
				values: { qos: 1, contentType: text, responseTopic: text, correlationData: text, userProperties: pairs },
				payload,
			},
		],
		[
			'amqp',
			{
				verb: 'publish',
				target: exchangeTarget(wire(text), text),
				values: {
					contentType: text,
					contentEncoding: text,
					replyTo: text,
					correlationId: text,
					messageId: text,
					type: text,
					appId: text,
					headers: pairs,
				},
				payload,
			},
		],
		['websocket', { verb: 'send', target: '', values: {}, payload }],
		[
			'coap',
			{
				verb: 'put',
				target: `/${encoded}/${encoded}?${encoded}`,
				values: {
					query: [text],
					uriHost: text,
					contentFormat: 'cbor',
					options: [
						['65001', text],
						['2049', '0aff'],
						[text, '00'],
					],
				},
				payload,
			},
		],
		[
			'kafka',
			{
				verb: 'produce',
				target: text,
				values: { key: { format: 'text', text: wire(text) }, partition: 1, headers: pairs },
				payload,
			},
		],
		['nats', { verb: 'publish', target: text, values: { reply: text, headers: pairs }, payload }],
		[
			'amqp1',
			{
				verb: 'send',
				target: text,
				values: {
					subject: text,
					properties: pairs.map(([name, value]): [string, string] => [name, `(string) ${value}`]),
				},
				payload,
			},
		],
		[
			'socketio',
			{
				verb: 'emit',
				target: `chat/${wire(text).replace(/[%/]/g, encodeURIComponent)}`,
				values: { as: 'binary', attachments: [{ format: 'text', text: wire(text) }] },
				payload,
			},
		],
		['xmpp', { verb: 'message', target: `bob@h/${text}`, values: { subject: text, thread: text, id: text }, payload }],
	];
};

/** The same as a sketch, with a user and, for WebSocket, headers that have the text. */
export function hostileSketch(protocol: string, draft: Draft, text: string): Sketch {
	const description = describe(protocol);
	if (!description) throw new Error(`There is no ${protocol}.`);
	const sketch = sketchOf(draft, description, url[protocol] ?? '');
	if (protocol === 'websocket')
		sketch.headers.push([text, text], ['X-A', text], ['Origin', text], ['Sec-WebSocket-Protocol', 'v1, v2']);
	return { ...sketch, username: text };
}

/** Requests that receive, whose target has the text. */
export const hostileSubscriptions = (text: string): Sketch[] => {
	const encoded = encodeURIComponent(wire(text));
	const targets: [protocol: string, verb: string, target: string][] = [
		['mqtt', 'SUBSCRIBE', text],
		['amqp', 'SUBSCRIBE', exchangeTarget(wire(text), text)],
		['amqp', 'CONSUME', `queue/${text}`],
		['coap', 'OBSERVE', `/${encoded}`],
		['xmpp', 'SUBSCRIBE', text],
		['kafka', 'CONSUME', text],
		['amqp1', 'CONSUME', text],
		['socketio', 'SUBSCRIBE', text],
		['nats', 'SUBSCRIBE', text],
	];
	return targets.map(([protocol, verb, target]) => ({
		verb,
		target,
		headers: [['QoS', '1']],
		messages: [],
		dropped: [],
		protocol,
		url: url[protocol] ?? '',
		username: text,
		own: { verb: '', values: { qos: 1 } },
	}));
};

const ways = new Map(
	await Promise.all(
		descriptions.map(async ({ id, files }) => [id, (await files?.tools?.load())?.copies ?? []] as const),
	),
);

/** What `copyAs` gives for this id, at once. */
export function copied(sketch: Sketch, id: string): string | undefined {
	const own = ways.get(protocolOf(sketch)) ?? [];
	return own.flatMap((way) => (way.id === id ? [way.write(sketch)] : [])).find((text) => text !== undefined);
}
