import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { FailureError, fail } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import { endOf, errorOf, evidenceOf } from '../describe/conditions';
import { child, children, type Element, namespaces, xml } from '../wire/xml';
import { type Binding, bindingOf } from './binding';
import { type Scram, scram } from './scram';

export interface SignIn {
	/** The part before the @; empty: whom the certificate names. */
	username: string;
	domain: string;
	password: string;
	/** "auto" or a mechanism's name. */
	wanted: string;
	/** A client certificate was given to TLS. */
	certificate: boolean;
	encrypted: boolean;
	/** What channel binding is taken from; a WebSocket has TLS as well. */
	socket: Socket;
}

export interface Talk {
	send(text: string): void;
	/** The next element. Rejects when the stream breaks. */
	next(): Promise<Element>;
}

/** Strongest first. */
export const mechanisms = [
	'SCRAM-SHA-512-PLUS',
	'SCRAM-SHA-256-PLUS',
	'SCRAM-SHA-1-PLUS',
	'SCRAM-SHA-512',
	'SCRAM-SHA-256',
	'SCRAM-SHA-1',
	'PLAIN',
] as const;

const hashes = { 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-512': 'sha512' } as const;

export function offeredBy(features: Element): string[] {
	const list = child(features, 'mechanisms', namespaces.sasl);
	return children(list, 'mechanism').map(({ text }) => peerText(text.trim(), { most: 40 }));
}

export interface SignedIn {
	offered: string[];
	used: string;
	/** What it was bound to. */
	bound?: Binding['type'];
}

/** Signs in by SASL (RFC 6120, section 6). */
export async function signIn(talk: Talk, features: Element, by: SignIn): Promise<SignedIn> {
	const offered = offeredBy(features);
	const binding = bindingOf(features, by.socket);
	const used = choose(offered, by, binding !== undefined);
	if (used === 'EXTERNAL') await exchange(talk, used, external(by));
	else if (used === 'PLAIN') await exchange(talk, used, base64(`\0${by.username}\0${by.password}`));
	else {
		const hash = hashes[/^SCRAM-(SHA-\d+)/.exec(used)?.[1] as keyof typeof hashes];
		const bound = used.endsWith('-PLUS') ? binding : undefined;
		// Saying "y" where the server offers it would be answered as a downgrade (RFC 5802, section 6).
		const could = by.socket instanceof TLSSocket && !offered.some((name) => name.endsWith('-PLUS'));
		const { username, password } = by;
		await exchange(talk, used, scram({ hash, username, password, binding: bound ?? (could ? 'y' : 'n') }));
		return { offered, used, bound: bound?.type };
	}
	return { offered, used };
}

/** Named, it is whom the certificate is for: else a server may pick another, or know nobody (XEP-0178, section 2). */
const external = ({ username, domain }: SignIn) => (username === '' ? '=' : base64(`${username}@${domain}`));

function choose(offered: readonly string[], by: SignIn, canBind: boolean): string {
	const evidence = `offered: ${offered.join(', ') || 'none'}`;
	const refuse = (message: string, remedy: string) =>
		fail('no-mechanism', message, { evidence, final: true, remedy: { text: remedy } });
	const usable = (name: string) =>
		offered.includes(name) && (canBind || !name.endsWith('-PLUS')) && (by.encrypted || name !== 'PLAIN');
	if (by.wanted === 'EXTERNAL' || (by.wanted === 'auto' && by.certificate && offered.includes('EXTERNAL'))) {
		if (!offered.includes('EXTERNAL'))
			throw refuse('The server does not let anyone sign in by client certificate.', 'Choose another mechanism.');
		if (!by.certificate)
			throw refuse('EXTERNAL signs in by a client certificate, but none is given.', 'Give one under TLS.');
		return 'EXTERNAL';
	}
	if (by.wanted !== 'auto') {
		if (by.wanted === 'PLAIN' && !by.encrypted)
			throw refuse('PLAIN would send the password in the clear, so it is used over TLS only.', 'Use TLS.');
		if (!usable(by.wanted))
			throw refuse(
				`The server does not offer the mechanism ${by.wanted} in a way that can be used.`,
				'Choose "automatic".',
			);
		return by.wanted;
	}
	const found = mechanisms.find(usable);
	if (!found && offered.includes('PLAIN'))
		throw refuse('The server offers only ways that would send the password in the clear.', 'Use TLS.');
	if (!found) throw refuse('The server offers no way to sign in that is known here.', 'Ask who runs the server.');
	return found;
}

const base64 = (text: string) => Buffer.from(text).toString('base64') || '=';
const plain = (text: string) => (text.trim() === '=' ? '' : Buffer.from(text, 'base64').toString());

async function exchange(talk: Talk, mechanism: string, by: string | Scram): Promise<void> {
	const isScram = typeof by !== 'string';
	talk.send(xml('auth', { xmlns: namespaces.sasl, mechanism }, isScram ? base64(by.first) : by));
	let step: 'first' | 'final' | 'verified' = 'first';
	for (let rounds = 0; rounds < 5; rounds++) {
		const { name, ns, text, ...rest } = await talk.next();
		if (ns === namespaces.sasl && name === 'failure') throw refused({ name, ns, text, ...rest }, mechanism);
		if (ns === namespaces.sasl && name === 'success') {
			if (!isScram) return;
			if (step === 'first') break;
			// What came in a challenge need not come again.
			if (step === 'final') by.verify(plain(text));
			return;
		}
		if (ns !== namespaces.sasl || name !== 'challenge' || !isScram) break;
		if (step === 'first') {
			talk.send(xml('response', { xmlns: namespaces.sasl }, base64(await by.answer(plain(text)))));
			step = 'final';
		} else {
			by.verify(plain(text));
			step = 'verified';
			talk.send(xml('response', { xmlns: namespaces.sasl }));
		}
	}
	throw fail('bad-sign-in', `The server did not follow the steps of ${mechanism} while signing in.`, { final: true });
}

/** RFC 6120, section 6.5. */
function refused(failure: Element, mechanism: string): FailureError {
	const error = errorOf(failure);
	const message: Record<string, string> = {
		'not-authorized':
			mechanism === 'EXTERNAL'
				? 'The server does not let this address in with this client certificate.'
				: 'The server refused the user name or password.',
		'account-disabled': 'The account is disabled.',
		'credentials-expired': 'The password has expired.',
		'encryption-required': 'The server wants TLS before signing in.',
		'invalid-mechanism': 'The server does not accept this mechanism now.',
		'mechanism-too-weak': 'The server wants a stronger mechanism for this account.',
		'temporary-auth-failure': 'The server cannot check who we are now.',
	};
	const passing = error.condition === 'temporary-auth-failure';
	return new FailureError({
		code: passing ? 'sign-in-failed' : 'credentials-refused',
		message: Object.hasOwn(message, error.condition)
			? (message[error.condition] as string)
			: 'The server refused the sign-in.',
		evidence: `${mechanism}: ${evidenceOf(error)}`,
		end: endOf(error),
		final: !passing,
		remedy: passing
			? undefined
			: { text: `Check address and ${mechanism === 'EXTERNAL' ? 'client certificate' : 'password'}.` },
	});
}
