import { type Dialogue, type Step, tcpStep } from './hostile';
import { hostileText } from './websocket';

const info = (members: object = {}) =>
	Buffer.from(
		`INFO ${JSON.stringify({ server_id: 'N1', server_name: 'n', version: '2.9.10', proto: 1, headers: true, max_payload: 1048576, ...members })} \r\n`,
	);
const huge = Buffer.from('MSG a 1 2000000000\r\n');
const hugeHeaders = Buffer.from('HMSG a 1 1900000000 2000000000\r\n');
const more = Buffer.alloc(65_536, 'x');
const line = (text: string) => Buffer.from(`${text}\r\n`);
const message = (subject: string, body = 'x') => line(`MSG ${subject} 1 ${Buffer.byteLength(body)}\r\n${body}`);

/** Faults that every line of a server can have. */
const faults = {
	'a line that NATS does not define': line('HELLO'),
	'a line without an end': Buffer.from(`-ERR '${'x'.repeat(300_000)}`),
	'a message line without an end': Buffer.from(`MSG ${'x'.repeat(100_000)}`),
	'a PONG too many': Buffer.from('PONG\r\nPONG\r\nPONG\r\n'),
	'an INFO that is no JSON': line('INFO {"server_id":'),
	'an INFO of another kind': line('INFO [1,2]'),
	'an INFO with deep nesting': line(`INFO ${'['.repeat(5000)}`),
	'headers that are longer than the message': line('HMSG a 1 20 10\r\n0123456789'),
	'a size that is no number': line('MSG a 1 x\r\n'),
	'a negative size': line('MSG a 1 -1\r\n'),
	'a message without a subject': line('MSG  1 1\r\nx'),
	'a body that is longer than its size': line('MSG a 1 1\r\nxyz'),
	'a size of 30 digits': line(`MSG a 1 ${'9'.repeat(30)}`),
	'an error with a hostile text': line(`-ERR 'Authorization Violation ${hostileText}'`),
};

/** A step that ends with a line which starts in a certain way. */
const answering = (name: string, asked: RegExp, answer: Buffer, wrong: Record<string, Buffer> = {}): Step => ({
	name,
	takes: (received) => {
		const match = asked.exec(received.toString('latin1'));
		return match ? match.index + match[0].length : undefined;
	},
	answer: () => answer,
	wrong: () => ({ ...faults, ...wrong }),
	huge,
	endless: { start: hugeHeaders, more },
});

export const natsDialogue: Dialogue = () => [
	tcpStep,
	{
		...answering('info', /^/, info()),
		wrong: () => ({
			...faults,
			'an INFO without an ID': line('INFO {}'),
			'a message before the sign-in': message('a'),
			'an INFO that requires TLS and no TLS': Buffer.concat([info({ tls_required: true }), more]),
		}),
	},
	answering('login', /PING\r\n/, line('PONG'), { 'an unknown refusal': line(`-ERR '${hostileText}'`) }),
	answering('subscribe', /PING\r\n/, line('PONG'), {
		'a refusal with a hostile text': Buffer.concat([
			line(`-ERR 'Permissions Violation for Subscription to "a"'`),
			line('PONG'),
		]),
		'another error': Buffer.concat([line(`-ERR '${hostileText}'`), line('PONG')]),
	}),
	{
		...answering('open', /^/, message('a')),
		wrong: () => ({
			...faults,
			'a message for another subscription': line('MSG a 99 1\r\nx'),
			'a subject that is no UTF-8': Buffer.concat([Buffer.from('MSG '), Buffer.from('c328', 'hex'), line(' 1 1\r\nx')]),
			'a subject of a prototype': message('__proto__'),
			'one bad line, then good ones': Buffer.concat([
				line('MSG a 1'),
				...Array.from({ length: 100 }, () => message('a')),
			]),
			'lame duck with hostile servers': info({ ldm: true, connect_urls: [hostileText, '127.0.0.1:1'] }),
		}),
		floods: {
			'pings without end': { start: Buffer.alloc(0), more: Buffer.from('PING\r\n'.repeat(5000)) },
			'new servers without end': { start: Buffer.alloc(0), more: info({ connect_urls: ['a:1', 'b:2'] }) },
		},
	},
];
