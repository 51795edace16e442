import type { Failure } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';

type Known = Omit<Failure, 'evidence'>;

const signIn = { text: 'Check the user, password, token, nkey or credentials of the connection.' };

/** Errors after which a server closes the connection (nats-server, errors.go). */
const fatal: readonly [RegExp, Known][] = [
	[
		/^authorization violation/i,
		{ code: 'credentials-refused', message: 'The server refused the sign-in.', remedy: signIn, final: true },
	],
	[
		/^user authentication expired/i,
		{
			...{
				code: 'credentials-expired',
				message: 'The server ended the connection: the credentials of the user have expired.',
			},
			...{ remedy: { text: 'Get new credentials and set them in the connection.' }, final: true },
		},
	],
	[
		/^user authentication revoked/i,
		{
			code: 'credentials-revoked',
			message: 'The server ended the connection: the user has been revoked.',
			final: true,
		},
	],
	[
		/^account authentication expired/i,
		{ code: 'credentials-expired', message: 'The server ended the connection: the account has expired.', final: true },
	],
	[
		/^authentication timeout/i,
		{ code: 'login-timeout', message: 'The server ended the connection: the sign-in took too long.' },
	],
	[
		/^maximum (account active )?connections exceeded/i,
		{
			code: 'too-many-connections',
			message: 'The server accepts no more connections.',
			remedy: { text: 'Close another connection, or raise max_connections of the server or the account.' },
		},
	],
	[
		/^stale connection/i,
		{ code: 'stale', message: 'The server ended the connection: it heard nothing from this client for too long.' },
	],
	[
		/^slow consumer/i,
		{
			code: 'slow-consumer',
			message: 'The server ended the connection: this client did not read its messages fast enough (slow consumer).',
			remedy: { text: 'Subscribe to fewer subjects.' },
		},
	],
	[
		/^maximum payload violation/i,
		{ code: 'message-too-large', message: 'The server ended the connection: a message was larger than it accepts.' },
	],
	[
		/^maximum control line exceeded/i,
		{
			code: 'subject-too-long',
			message: 'The server ended the connection: subject and reply subject are longer than it accepts.',
		},
	],
	[
		/^secure connection - tls required/i,
		{
			code: 'tls-required',
			message: 'The server accepts TLS only.',
			remedy: { text: 'Use tls://.' },
			final: true,
		},
	],
	[
		/^attempted to connect to (route|gateway|leaf ?node|client) port/i,
		{
			code: 'wrong-port',
			message: 'This port of the server is for other servers, not for clients.',
			remedy: { text: 'Check the port in the URL, usually 4222.' },
			final: true,
		},
	],
	[
		/^(parser error|unknown protocol operation|invalid client protocol)/i,
		{ code: 'refused-by-server', message: 'The server ended the connection: it did not understand what was sent.' },
	],
	[
		/^(failed account registration|connection throttling is active|no responders requires headers support)/i,
		{ code: 'refused-by-server', message: 'The server refused the connection.' },
	],
	[/^(server shutdown|lame duck)/i, { code: 'closed-by-server', message: 'The server is shutting down.' }],
];

/** The failure for the text of -ERR after which the server closes the connection; undefined for all other texts. */
export function fatalFailure(text: string): Failure | undefined {
	const known = fatal.find(([pattern]) => pattern.test(text))?.[1];
	return known && { ...known, evidence: errorLine(text) };
}

export const errorLine = (text: string): string => `-ERR '${peerText(text)}'`;

/** The subject of a permission that is missing. */
export type Denied = { kind: 'publish' | 'reply' | 'subscribe'; subject: string; queue?: string };

const denials: readonly [RegExp, Denied['kind']][] = [
	[/^permissions violation for publish to (".*")$/is, 'publish'],
	[/^permissions violation for publish with reply of (".*")$/is, 'reply'],
	[/^permissions violation for subscription to (".*?")(?: using queue (".*?"))?(?: \(sid "\d+"\))?$/is, 'subscribe'],
];

/** Reads "Permissions Violation for …", in which Go quotes the subject (`%q`). */
export function deniedOf(text: string): Denied | undefined {
	for (const [pattern, kind] of denials) {
		const match = pattern.exec(text);
		if (!match) continue;
		const [, subject = '', queue] = match;
		return { kind, subject: unquoted(subject), ...(queue !== undefined && { queue: unquoted(queue) }) };
	}
	return undefined;
}

/** A text in Go's quotation (strconv.Quote). */
function unquoted(text: string): string {
	return text
		.slice(1, -1)
		.replace(/\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|x([0-9a-f]{2})|(.))/gi, (_, four, eight, two, one) => {
			const hex = four ?? eight ?? two;
			const code = Number.parseInt(hex, 16);
			return hex === undefined ? one : code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
		});
}
