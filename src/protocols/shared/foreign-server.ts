import { type FailureError, fail } from '../../base/failure';
import { orList } from '../../model/text/lists';
import type { ProtocolDescription } from '../description';
import { descriptions } from '../descriptions';
import { peerText } from './peer-text';

/** The server that is expected at a port. */
export interface Expected {
	protocol: Pick<ProtocolDescription, 'id' | 'schemes'>;
	/** In sentences, as in "not an MQTT broker". */
	server: string;
	/** Whether the expected server may begin like this (Latin-1). It is never taken for another one then. */
	starts(head: string): boolean;
}

interface Greeting {
	/** The first bytes in Latin-1; upper and lower case are the same. */
	start: string;
	/** A test of the first line, or of the first bytes in hexadecimal. */
	line?: RegExp;
	hex?: RegExp;
	/** Bytes that are needed for the decision if no line ends before; by default those of `start`. */
	bytes?: number;
	/** In sentences, as in "This is an SSH server". */
	server: string;
}

/** First bytes of servers, unasked or in answer to a request that they do not understand. The first match counts. */
const greetings: readonly Greeting[] = [
	{ start: 'HTTP/', server: 'a web server (HTTP)' },
	{ start: '<html', server: 'a web server (HTTP)' },
	{ start: '<!doctype html', server: 'a web server (HTTP)' },
	{ start: '\0\0', hex: /^0000..040000000000/, bytes: 9, server: 'a web server (HTTP/2)' },
	{ start: 'SSH-', server: 'an SSH server' },
	{ start: '220', line: /^220[ -].*FTP/i, bytes: 80, server: 'an FTP server' },
	{ start: '220', line: /^220[ -].*SMTP/i, bytes: 80, server: 'a mail server (SMTP)' },
	{ start: '220', line: /^220[ -]/, bytes: 4, server: 'a mail or file server' },
	{ start: '421', line: /^421[ -]/, bytes: 4, server: 'a mail or file server' },
	{ start: '5', line: /^5[05]\d[ -]/, bytes: 4, server: 'a mail or file server' },
	{ start: '* OK', server: 'a mail server (IMAP)' },
	{ start: '* BYE', server: 'a mail server (IMAP)' },
	{ start: '+OK', server: 'a mail server (POP3)' },
	{ start: 'INFO {', server: 'a NATS server' },
	{ start: '-ERR', server: 'another server (perhaps Redis)' },
	{ start: '-NOAUTH', server: 'a Redis server' },
	{ start: '-DENIED', server: 'a Redis server' },
	{ start: 'ERROR\nmessage:', server: 'a STOMP server' },
	{ start: 'ERROR\r\n', server: 'a memcached server' },
	{ start: 'RFB 0', server: 'a VNC server' },
	{ start: 'RTSP/', server: 'a media server (RTSP)' },
	{ start: 'SIP/', server: 'a telephony server (SIP)' },
	{ start: 'AMQP\0\0\x09\x01', server: 'an AMQP 0-9-1 server' },
	{ start: 'AMQP\x03', server: 'an AMQP 1.0 server' },
	{ start: 'AMQP\0\x01', server: 'an AMQP 1.0 server' },
	{ start: 'AMQP', bytes: 8, server: 'an AMQP server of another version' },
	{ start: '<?xml', server: 'an XMPP server' },
	{ start: '<stream:', server: 'an XMPP server' },
	{ start: ' ', hex: /^20(0[2-9a-f]|[1-7].)0[01](0[0-5]|[89].)/, bytes: 4, server: 'an MQTT broker' },
	{ start: '\xe0', hex: /^e0(0[1-9a-f]|[1-7].)[89a]/, bytes: 3, server: 'an MQTT broker' },
	{ start: 'E\0\0', hex: /^450000.{4}53/, bytes: 6, server: 'a PostgreSQL server' },
	{ start: '', hex: /^.{6}00(0a3\d|ff.{4}(23|486f7374))/, server: 'a MySQL server' },
	{ start: '\0\0', hex: /^.{8}014163746976654d51/, bytes: 13, server: 'an ActiveMQ server (OpenWire)' },
	{ start: '\xff', hex: /^ff(fb|fc|fd|fe)/, bytes: 2, server: 'a Telnet server' },
];
const tlsAlert: Greeting = { start: '\x15\x03', server: 'TLS' };

const text = /^[\t\r\n -~]+$/;
/** In each supported binary protocol, one of the first bytes up to this number is not printable. */
const enoughText = 4;
/** Bytes that are examined, and bytes that are shown. */
const maxHead = 512;
const shown = 16;

/** Returns the failure that names another server by its first bytes; undefined if it may be the expected one. */
export function foreignServer(bytes: Buffer, { protocol, server, starts }: Expected): FailureError | undefined {
	const head = bytes.toString('latin1', 0, maxHead);
	if (starts(head)) return undefined;
	const hex = bytes.toString('hex', 0, maxHead);
	const evidence = `first bytes ${hex.slice(0, 2 * shown)}, "${peerText(head.slice(0, shown))}"`;
	const named = (message: string, remedy: string, otherProtocol?: string) =>
		fail(`not-${protocol.id}`, message, {
			...{ evidence, remedy: { text: remedy }, final: true },
			...(otherProtocol !== undefined && { otherProtocol }),
		});
	const schemes = (wanted: (scheme: ProtocolDescription['schemes'][number]) => boolean) =>
		orList(protocol.schemes.flatMap((one) => (wanted(one) ? [`${one.scheme}://`] : [])));
	// A scheme with STARTTLS, such as xmpp:// beside xmpps://, has TLS, but does not begin with it.
	const begun = ({ scheme }: { scheme: string }) => !protocol.schemes.some((one) => one.scheme === `${scheme}s`);
	const secure = schemes((one) => one.tls && begun(one));
	if (begins(tlsAlert, head)) return named('This port speaks TLS.', `Use ${secure}.`);
	if (/^1[4-7]fe(fd|ff)/.test(hex)) return named('This port speaks DTLS.', `Use ${secure}.`);
	const ports = protocol.schemes
		.filter(({ scheme }) => !isWeb(scheme))
		.map((one) => `${one.defaultPort} (${one.scheme}://)`);
	const checkPort = `Check the port in the URL${ports.length > 0 ? `, usually ${orList(ports)}` : ''}.`;
	const other = greetings.find((one) => begins(one, head) && (one.line?.test(head) ?? one.hex?.test(hex) ?? true));
	if (other) {
		const web = other.server.includes('(HTTP)') && ports.length > 0 ? schemes(({ scheme }) => isWeb(scheme)) : '';
		return named(
			`This is ${other.server}, not ${server}.`,
			web ? `${checkPort} Over WebSocket use ${web}.` : checkPort,
			descriptions.find((one) => one.server === other.server)?.id,
		);
	}
	if (head.length >= enoughText && text.test(head))
		return named(`This is not ${server}: it answers with text of another protocol.`, checkPort);
	return undefined;
}

const isWeb = (scheme: string) => scheme === 'ws' || scheme === 'wss';

function begins({ start }: Greeting, head: string): boolean {
	return head.slice(0, start.length).toLowerCase() === start.toLowerCase();
}

/** Whether more bytes may still show another server. */
function isUndecided(head: string, { starts }: Expected): boolean {
	if (starts(head)) return false;
	const isLine = head.includes('\n');
	if (head.length < enoughText && text.test(head) && !isLine) return true;
	return [...greetings, tlsAlert].some(
		(one) =>
			one.start !== '' &&
			head.length < (isLine ? one.start.length : (one.bytes ?? one.start.length)) &&
			begins({ ...one, start: one.start.slice(0, head.length) }, head),
	);
}

/**
 * Checks the first bytes of a connection, however they are cut. The function returns the bytes that may be read, or
 * undefined as long as another server is possible. Throws the failure that names another server.
 */
export function createGreetingCheck(expected: Expected): (chunk: Buffer) => Buffer | undefined {
	let head: Buffer | undefined = Buffer.alloc(0);
	return (chunk) => {
		if (!head) return chunk;
		const bytes = Buffer.concat([head, chunk]);
		head = bytes;
		if (isUndecided(bytes.toString('latin1', 0, maxHead), expected)) return undefined;
		const other = foreignServer(bytes, expected);
		if (other) throw other;
		head = undefined;
		return bytes;
	};
}
