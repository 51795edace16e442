import { type Dialogue, type Step, tcpStep } from './hostile';
import { frame, hostileText, websocketDialogue } from './websocket';

/** With little patience, so that a silent server is noticed soon. */
const session = { sid: 'a1', upgrades: [], pingInterval: 300, pingTimeout: 300, maxPayload: 1_000_000 };
const openPacket = (change: object = {}) => `0${JSON.stringify({ ...session, ...change })}`;
const text = (packet: string) => frame(Buffer.from(packet));
const binary = (size: number) => frame(Buffer.alloc(size, 7), { opcode: 2 });
const evil = JSON.stringify(hostileText);

/** Packets that are wrong as the first one. */
const wrongOpen: Record<string, string> = {
	'a session without an id': openPacket({ sid: '' }),
	'a session whose id is a list': openPacket({ sid: ['a'] }),
	'heartbeats of zero': openPacket({ pingInterval: 0 }),
	'heartbeats that are texts': openPacket({ pingInterval: '25000' }),
	'an open packet that is no JSON': '0{sid',
	'an open packet nested without end': `0${'["a",'.repeat(100_000)}`,
	'a message first': '42["hello"]',
	'a greeting of another protocol': hostileText,
	'an empty packet': '',
	'the open packet twice': `${openPacket()}\n${openPacket()}`,
};

/** Answers to the connection of the main namespace. */
const wrongConnect: Record<string, string> = {
	'a refusal': '44{"message":"no"}',
	'a hostile refusal': `44{"message":${evil},"data":{"content":${evil}}}`,
	'a refusal that is no JSON': '44nope',
	'a refusal that is a list': '44["no"]',
	'a connection without an id, as in version 2': '40',
	'a disconnection': '41',
	'the end of the session': '1',
	'a packet of an unknown type': '49',
	'another open packet': openPacket(),
	'an upgrade': '5',
};

/** Packets that are wrong in an open session. */
const wrongPackets: Record<string, string> = {
	'an event without a name': '42[{}]',
	'an event that is an object': '42{"name":1}',
	'an event cut in its name': '42["hello',
	'an event with an unending escape': '42["hello\\]',
	'an event without its end': '42["hello",1',
	'an acknowledgement without an id': '43[1]',
	'an acknowledgement without a list': '431{"a":1}',
	'an id without end': `42${'1'.repeat(1000)}["a"]`,
	'a namespace without end': `42/${'n'.repeat(5000)}`,
	'attachments beyond any number': '45999999999999999999-["a"]',
	'attachments without a number': '45-["a"]',
	'no attachments': '450-["a"]',
	'a packet of an unknown type': '47["a"]',
	'an unknown packet of Engine.IO': '9x',
	'the open packet again': openPacket(),
	'a disconnection': '41',
	'the end of the session': '1',
};

const frames = (packets: Record<string, string>): Record<string, Buffer> =>
	Object.fromEntries(Object.entries(packets).map(([name, packet]) => [name, text(packet)]));

/** A masked frame with a length of one byte. */
const clientFrame = (received: Buffer) => {
	const length = 6 + ((received[1] ?? 0) & 0x7f);
	return received.length >= 2 && received.length >= length ? length : undefined;
};

const event = '42["tick",{"n":1}]';

/** A Socket.IO server over WebSocket. */
export const socketioDialogue: Dialogue = () => [
	tcpStep,
	websocketDialogue().find(({ name }) => name === 'upgrade') as Step,
	{
		name: 'session',
		takes: () => 0,
		answer: () => text(openPacket()),
		wrong: () => ({
			...frames(wrongOpen),
			'an attachment first': binary(10),
			'no limit, and no second request': text(openPacket({ maxPayload: undefined })),
		}),
		huge: frame(Buffer.alloc(1000), { declared: 255 * 1024 * 1024 }),
		endless: {
			start: frame(Buffer.from('0{"sid":"'), { fin: false }),
			more: frame(Buffer.alloc(60_000, 'a'), { opcode: 0, fin: false }),
		},
	},
	{
		name: 'connect',
		takes: clientFrame,
		answer: () => text('40{"sid":"b2"}'),
		wrong: () => ({ ...frames(wrongConnect), 'an attachment': binary(10) }),
		huge: frame(Buffer.alloc(1000), { declared: 255 * 1024 * 1024 }),
		endless: {
			start: Buffer.alloc(0),
			more: Buffer.concat(Array.from({ length: 200 }, () => text('44/x,{"message":"no"}'))),
		},
	},
	{
		name: 'open',
		takes: () => 0,
		answer: () => text(event),
		wrong: () => ({
			...frames(wrongPackets),
			'an attachment without an event': binary(10),
			'an event between attachments': Buffer.concat([text('452-["a"]'), binary(10), text(event)]),
			'attachments that never come': text('452-["a"]'),
			'ten thousand pings': Buffer.concat(Array.from({ length: 10_000 }, () => text('2'))),
			'a hundred acknowledgements for nothing': Buffer.concat(
				Array.from({ length: 100 }, (_, at) => text(`43${at}[]`)),
			),
			'events of a namespace that was not joined': text('42/other,["a"]'),
		}),
		huge: frame(Buffer.alloc(1000), { opcode: 2, declared: 255 * 1024 * 1024 }),
		endless: { start: text('459999-["a"]'), more: binary(60_000) },
		floods: { 'all that is allowed': { start: Buffer.alloc(0), more: allowed() } },
	},
];

/** Events, events that ask for an acknowledgement, acknowledgements for nothing, pings, refusals and attachments. */
function allowed(): Buffer {
	const pad = 'x'.repeat(500);
	const round = (at: number) => [
		...[text(`42["tick","${pad}"]`), text(`42${at}["ask","${pad}"]`), text(`43${at}["${pad}"]`), text(`2${pad}`)],
		...[
			text(`44/${at},{"message":"${pad}"}`),
			text('451-["file",{"_placeholder":true,"num":0}]'),
			binary(500),
			text('6'),
		],
	];
	return Buffer.concat(Array.from({ length: 200 }, (_, at) => round(at)).flat());
}

/** The flood that an open connection may bear. */
export const socketioFloods = ['all that is allowed'];

function http(body: string | Buffer, ...headers: string[]): Buffer {
	const bytes = Buffer.from(body);
	const head = ['HTTP/1.1 200 OK', `Content-Length: ${bytes.length}`, ...headers, '\r\n'];
	return Buffer.concat([Buffer.from(head.join('\r\n')), bytes]);
}

/** A whole request, with its body. */
const request = (received: Buffer) => {
	const end = received.indexOf('\r\n\r\n');
	if (end < 0) return undefined;
	const length = Number(/content-length: *(\d+)/i.exec(received.toString('latin1', 0, end))?.[1] ?? 0);
	return received.length >= end + 4 + length ? end + 4 + length : undefined;
};
const isPost = (asked: Buffer) => asked.toString('latin1', 0, 4) === 'POST';

const payloads = (packets: Record<string, string>): Record<string, Buffer> =>
	Object.fromEntries(Object.entries(packets).map(([name, packet]) => [name, http(packet)]));
const bare = (status: string, body: string) =>
	Buffer.from(`HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);

/** What is wrong in any answer. */
const wrongAnswers = {
	'a session that it does not know': bare('400 Bad Request', '{"code":1,"message":"Session ID unknown"}'),
	'an error of another kind': bare('500 Oops', hostileText),
	'a redirect': bare('302 Found', ''),
	'no length and no end': Buffer.from('HTTP/1.1 200 OK\r\n\r\n'),
	'an upgrade': Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
	'compressed content': http(Buffer.from('1f8b0800000000000003ff', 'hex'), 'Content-Encoding: gzip'),
	'broken chunks': Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'),
};
const chunk = `ea60\r\n${'a'.repeat(60_000)}\r\n`;
const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const endlessBody = { start: Buffer.from(chunked), more: Buffer.from(chunk) };
const hugeBody = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 9007199254740991\r\n\r\nx');

/** A Socket.IO server by polling. The first connection asks for the session and polls, the second one posts. */
export const socketioPollingDialogue: Dialogue = () => [
	tcpStep,
	{
		name: 'session',
		takes: request,
		answer: (asked) => (isPost(asked) ? http('ok') : http(openPacket())),
		wrong: () => ({
			...payloads(wrongOpen),
			...wrongAnswers,
			'a payload of version 2 without an end': http('97:0{"sid":"a1"'),
			'lengths beyond any number': http('99999999999999:0{"sid":"a1"}'),
			'status 404': bare('404 Not Found', 'no'),
			'status 401': bare('401 Unauthorized', 'no'),
		}),
		huge: hugeBody,
		endless: endlessBody,
	},
	{
		name: 'poll',
		takes: request,
		answer: (asked) => (isPost(asked) ? http('ok') : http('40{"sid":"b2"}')),
		wrong: () => ({ ...payloads(wrongConnect), ...wrongAnswers, 'Base64 that is none': http('b%%%') }),
		huge: hugeBody,
		endless: endlessBody,
	},
	{
		name: 'open',
		takes: request,
		answer: (asked) => (isPost(asked) ? http('ok') : http(event)),
		wrong: () => ({ ...payloads(wrongPackets), ...wrongAnswers, 'empty packets': http(`${event}\x1e\x1e${event}`) }),
		huge: hugeBody,
		endless: endlessBody,
	},
];
