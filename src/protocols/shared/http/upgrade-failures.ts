import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { type Failure, toFailure } from '../../../base/failure';
import { isErrno, type Peer } from '../dial/socket-failures';
import { type Expected, foreignServer } from '../foreign-server';
import { peerText } from '../peer-text';
import { linkFailure } from '../tls/failures';

/** One WebSocket handshake, as its failures describe it. */
export interface Upgrade {
	peer: Peer;
	protocol: Expected['protocol'];
	/** The error that the socket has reported. */
	error(): unknown;
	/** Remedies for a refused request, a refused sign-in and refused subprotocols. */
	remedies: { request: string; signIn: string; subprotocol: string };
	/** The sentence for a server that chose none of the offered subprotocols. */
	noSubprotocol: string;
}

/** Limits for the body of a refusal, in bytes and milliseconds. The server may write for ever. */
const bodyBytes = 1024;
const bodyWithin = 300;

const signIn = new Set([401, 403, 407]);
/** Status codes of a server that is busy. All others below 500 would come again for the same request. */
const passing = new Set([408, 421, 425, 429]);

/** The failure for an HTTP answer other than 101, with status, headers and the start of the body. The caller destroys the request. */
export async function refusal(answer: IncomingMessage, { protocol, remedies }: Upgrade): Promise<Failure> {
	const status = answer.statusCode ?? 0;
	const body = await start(answer);
	// The server's own words for the status may be anything, so they are only evidence.
	const words = STATUS_CODES[status] ? `${status} (${STATUS_CODES[status]})` : `${status}`;
	const evidence = [
		`HTTP ${status} ${peerText(answer.statusMessage ?? '', { most: 100 })}`,
		...headerLines(answer),
		'',
		peerText(body, { most: bodyBytes + 1, lines: true }),
	];
	const reason = peerText(answer.statusMessage ?? '', { most: 100 }) || STATUS_CODES[status];
	const end = { code: String(status), ...(reason && { reason }) };
	const failure = { evidence: evidence.join('\n').trim(), end };
	// The texts of nginx and of Go's HTTP server.
	if (/HTTP request (was sent )?to (an )?HTTPS (port|server)/i.test(body))
		return {
			...failure,
			code: `not-${protocol.id}`,
			message: 'This port speaks TLS.',
			remedy: { text: 'Use wss://.' },
			final: true,
		};
	if (signIn.has(status))
		return {
			...failure,
			code: 'credentials-refused',
			message: `The server refused the sign-in with HTTP status ${words}.`,
			remedy: { text: remedies.signIn },
			final: true,
		};
	if (status >= 300 && status < 400)
		return {
			...failure,
			code: 'redirected',
			message: `The server answered with a redirect, HTTP status ${words}, which is shown and not followed.`,
			remedy: { text: 'If you trust the address in the Location header, put it into the URL of the connection.' },
			final: true,
		};
	return {
		...failure,
		code: 'upgrade-refused',
		message: `The server answered the WebSocket handshake with HTTP status ${words}.`,
		remedy: { text: remedies.request },
		...(status < 500 && !passing.has(status) ? { final: true } : {}),
	};
}

/** Lines of the headers. The value of a cookie is a secret, so only its name is shown. */
function headerLines(answer: IncomingMessage): string[] {
	const lines: string[] = [];
	for (let at = 0; at + 1 < answer.rawHeaders.length && lines.length < 40; at += 2) {
		const name = answer.rawHeaders[at] ?? '';
		const value = answer.rawHeaders[at + 1] ?? '';
		lines.push(
			`${peerText(name, { most: 100 })}: ${/^set-cookie$/i.test(name) ? `${value.split('=')[0]}=…` : peerText(value)}`,
		);
	}
	return lines;
}

/** The start of the body. It ends with an ellipsis if it is cut, by which the redactor finds the start of a secret. */
function start(answer: IncomingMessage): Promise<string> {
	return new Promise((resolve) => {
		const chunks: Buffer[] = [];
		let size = 0;
		const done = () => {
			clearTimeout(timer);
			answer.removeAllListeners('data');
			const text = Buffer.concat(chunks).subarray(0, bodyBytes).toString('utf8');
			resolve(size > bodyBytes ? `${text}…` : text);
		};
		const timer = setTimeout(done, bodyWithin);
		answer.on('data', (chunk: Buffer) => {
			chunks.push(chunk.subarray(0, bodyBytes));
			size += chunk.length;
			if (size > bodyBytes) done();
		});
		for (const end of ['end', 'error', 'close']) answer.on(end, done);
	});
}

/** Errors of ws for a 101 answer (event `upgrade` in its `websocket.js`). */
const answers: readonly [RegExp, message: string][] = [
	[/subprotocol/, 'The server chose a subprotocol that was not offered.'],
	[/extension/i, 'The server chose an extension that was not offered.'],
	[/Sec-WebSocket-Accept/, 'The server’s answer to the handshake does not belong to our request.'],
	[/Upgrade header/, 'The server switched to another protocol than WebSocket.'],
];

/** During the handshake an HTTP server is expected, whatever protocol follows. */
const httpServer = (protocol: Expected['protocol']): Expected => ({
	...{ protocol, server: 'a WebSocket server' },
	starts: (head) => head.startsWith('HTTP/'),
});

/** The error that Node reports for a connection that is closed before the answer. */
export const hungUp = () => Object.assign(new Error('the socket was closed'), { code: 'ECONNRESET' });

/** The failure for an error before the WebSocket was open. */
export function upgradeFailure(error: Error, { peer, protocol, remedies, ...upgrade }: Upgrade): Failure {
	const { evidence } = toFailure(error);
	const subprotocol = { text: remedies.subprotocol };
	if (/no subprotocol/.test(error.message))
		return { code: 'no-subprotocol', message: upgrade.noSubprotocol, evidence, remedy: subprotocol, final: true };
	const known = answers.find(([pattern]) => pattern.test(error.message));
	if (known) return { code: 'bad-handshake', message: known[1], evidence };
	// The socket's own error is the reason; ws reports only that the socket was closed.
	if (upgrade.error()) return linkFailure(upgrade.error(), peer);
	const code = isErrno(error) ? error.code : '';
	if (code === 'HPE_HEADER_OVERFLOW')
		return { code: 'bad-handshake', message: 'The headers of the server’s answer are too long.', evidence };
	const remedy = { text: 'Check the port, and whether the URL must start with wss:// or ws://.' };
	if (code.startsWith('HPE_')) {
		const { rawPacket } = error as { rawPacket?: unknown };
		const other = Buffer.isBuffer(rawPacket) ? foreignServer(rawPacket, httpServer(protocol)) : undefined;
		const message = 'The server’s answer is not HTTP.';
		return other?.failure ?? { code: 'not-http', message, evidence, remedy, final: true };
	}
	if (code === 'ECONNRESET')
		return {
			code: 'handshake-dropped',
			message: 'The server closed the connection during the WebSocket handshake.',
			evidence,
			remedy,
		};
	return { code: 'bad-handshake', message: 'The WebSocket handshake failed.', evidence };
}
