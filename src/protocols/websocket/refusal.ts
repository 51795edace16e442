import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { type Failure, toFailure } from '../../base/failure';
import { peerText } from '../shared/peer-text';
import type { Peer } from '../shared/socket-failures';
import { tlsFailure } from '../shared/tls-failures';

/** Of a refusal's body, in bytes and milliseconds: a server that writes on for ever is not waited for. */
const bodyBytes = 1024;
const bodyWithin = 300;

const signIn = new Set([401, 403, 407]);
/** Trying again by itself gets the same answer. */
const final = new Set([400, 401, 403, 405, 407, 410, 426]);

/** An HTTP answer other than 101: its status, headers and the start of its body. The caller destroys the request. */
export async function refusal(answer: IncomingMessage, hidden: readonly string[]): Promise<Failure> {
	const status = answer.statusCode ?? 0;
	// The server's own words for the status may be anything: they are evidence only.
	const words = STATUS_CODES[status] ? `${status} (${STATUS_CODES[status]})` : `${status}`;
	const evidence = [
		`HTTP ${status} ${peerText(answer.statusMessage ?? '', { most: 100, hidden })}`,
		...headerLines(answer, hidden),
		'',
		peerText((await start(answer)).toString('utf8'), { most: bodyBytes, hidden, lines: true }),
	];
	const reason = peerText(answer.statusMessage ?? '', { most: 100, hidden }) || STATUS_CODES[status];
	const end = { code: String(status), ...(reason && { reason }) };
	const failure = { evidence: evidence.join('\n').trim(), end };
	if (signIn.has(status))
		return {
			...failure,
			code: 'credentials-refused',
			message: `The server refused the sign-in with HTTP status ${words}.`,
			remedy: { text: 'Check user name, password, token and headers of the connection.' },
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
		remedy: { text: 'Check the path of the URL, and the headers and subprotocols of the connection.' },
		...(final.has(status) ? { final: true } : {}),
	};
}

/** A cookie that a server sets is a secret of that server: only its name is shown. */
function headerLines(answer: IncomingMessage, hidden: readonly string[]): string[] {
	const lines: string[] = [];
	for (let at = 0; at + 1 < answer.rawHeaders.length && lines.length < 40; at += 2) {
		const name = answer.rawHeaders[at] ?? '';
		const value = answer.rawHeaders[at + 1] ?? '';
		lines.push(
			`${peerText(name, { most: 100 })}: ${/^set-cookie$/i.test(name) ? `${value.split('=')[0]}=…` : peerText(value, { hidden })}`,
		);
	}
	return lines;
}

function start(answer: IncomingMessage): Promise<Buffer> {
	return new Promise((resolve) => {
		const chunks: Buffer[] = [];
		let size = 0;
		const done = () => {
			clearTimeout(timer);
			answer.removeAllListeners('data');
			resolve(Buffer.concat(chunks).subarray(0, bodyBytes));
		};
		const timer = setTimeout(done, bodyWithin);
		answer.on('data', (chunk: Buffer) => {
			chunks.push(chunk.subarray(0, bodyBytes));
			size += chunk.length;
			if (size >= bodyBytes) done();
		});
		for (const end of ['end', 'error', 'close']) answer.on(end, done);
	});
}

/** Errors of `ws` while it reads a 101 answer (its `websocket.js`, event `upgrade`). */
const answers: [RegExp, Omit<Failure, 'evidence'>][] = [
	[
		/no subprotocol/,
		{
			code: 'no-subprotocol',
			message: 'The server chose none of the offered subprotocols.',
			remedy: { text: 'Check the subprotocols of the connection.' },
			final: true,
		},
	],
	[
		/subprotocol/,
		{
			code: 'bad-handshake',
			message: 'The server chose a subprotocol that was not offered.',
			remedy: { text: 'Check the subprotocols of the connection.' },
			final: true,
		},
	],
	[/extension/i, { code: 'bad-handshake', message: 'The server chose an extension that was not offered.' }],
	[
		/Sec-WebSocket-Accept/,
		{ code: 'bad-handshake', message: 'The server’s answer to the handshake does not belong to our request.' },
	],
	[/Upgrade header/, { code: 'bad-handshake', message: 'The server switched to another protocol than WebSocket.' }],
];

/** An error before the connection was open. */
export function handshakeFailure(error: Error & { code?: string }, peer: Peer): Failure {
	const known = answers.find(([pattern]) => pattern.test(error.message))?.[1];
	const { evidence } = toFailure(error);
	if (known) return { ...known, evidence };
	// TLS 1.3 tells only after its handshake that a client certificate is missing or refused.
	if (error.code?.startsWith('ERR_SSL_')) return tlsFailure(error, peer);
	if (error.code === 'HPE_HEADER_OVERFLOW')
		return { code: 'bad-handshake', message: 'The headers of the server’s answer are too long.', evidence };
	if (error.code?.startsWith('HPE_'))
		return {
			code: 'not-http',
			message: 'The server’s answer is not HTTP.',
			evidence,
			remedy: { text: 'Check the port, and whether the URL must start with wss:// or ws://.' },
		};
	if (error.code === 'ECONNRESET' || error.code === 'EPIPE')
		return {
			code: 'handshake-dropped',
			message: 'The server ended the connection during the WebSocket handshake.',
			evidence,
			remedy: { text: 'Check the port, and whether the URL must start with wss:// or ws://.' },
		};
	return { code: 'bad-handshake', message: 'The WebSocket handshake failed.', evidence };
}
