import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { FailureError, fail } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import { endOf, errorOf, evidenceOf } from '../describe/conditions';
import { passwordMechanisms } from '../describe/fields';
import { child, children, type Element, namespaces, xml } from '../wire/xml';
import { type Binding, bindingOf } from './binding';
import { type Scram, scram } from './scram';

export interface SignIn {
	/** The part before the @; empty for the identity in the client certificate. */
	username: string;
	domain: string;
	password: string;
	/** "auto" or a mechanism's name. */
	wanted: string;
	/** TLS has authenticated with a client certificate. */
	certificate: boolean;
	encrypted: boolean;
	/** Source of the channel binding, also below a WebSocket. */
	socket: Socket;
}

export interface Talk {
	send(text: string): void;
	/** Resolves with the next element. Rejects when the stream ends. */
	next(): Promise<Element>;
}

const hashes = { 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-512': 'sha512' } as const;

function offeredBy(features: Element): string[] {
	const list = child(features, 'mechanisms', namespaces.sasl);
	return children(list, 'mechanism').map(({ text }) => peerText(text.trim(), { most: 40 }));
}

export interface SignedIn {
	offered: string[];
	used: string;
	/** Type of the channel binding, if there was one. */
	bound?: Binding['type'];
}

/** Signs in with SASL (RFC 6120, section 6). */
export async function signIn(talk: Talk, features: Element, by: SignIn): Promise<SignedIn> {
	const offered = offeredBy(features);
	const binding = bindingOf(features, by.socket);
	const used = choose(offered, by, binding !== undefined);
	if (used === 'EXTERNAL') await exchange(talk, used, external(by));
	else if (used === 'PLAIN') await exchange(talk, used, base64(`\0${by.username}\0${by.password}`));
	else {
		const hash = hashes[/^SCRAM-(SHA-\d+)/.exec(used)?.[1] as keyof typeof hashes];
		const bound = used.endsWith('-PLUS') ? binding : undefined;
		// With "y", a server that does offer channel binding assumes a downgrade attack (RFC 5802, section 6).
		const couldBind = by.socket instanceof TLSSocket && !offered.some((name) => name.endsWith('-PLUS'));
		const { username, password } = by;
		await exchange(talk, used, scram({ hash, username, password, binding: bound ?? (couldBind ? 'y' : 'n') }));
		return { offered, used, bound: bound?.type };
	}
	return { offered, used };
}

/** The identity in the certificate. Without it a server may choose another one, or find none (XEP-0178, section 2). */
const external = ({ username, domain }: SignIn) => (username === '' ? '=' : base64(`${username}@${domain}`));

function choose(offered: readonly string[], by: SignIn, canBind: boolean): string {
	const evidence = `offered: ${offered.join(', ') || 'none'}`;
	const refuse = (message: string, remedy: string) =>
		fail('no-mechanism', message, { evidence, final: true, remedy: { text: remedy } });
	const usable = (name: string) =>
		offered.includes(name) && (canBind || !name.endsWith('-PLUS')) && (by.encrypted || name !== 'PLAIN');
	if (by.wanted === 'EXTERNAL' || (by.wanted === 'auto' && by.certificate && offered.includes('EXTERNAL'))) {
		if (!offered.includes('EXTERNAL'))
			throw refuse(
				'The server does not offer to sign in with a client certificate (EXTERNAL).',
				'Choose another mechanism.',
			);
		if (!by.certificate)
			throw refuse('EXTERNAL needs a client certificate, and the connection has none.', 'Set one under TLS.');
		return 'EXTERNAL';
	}
	if (by.wanted !== 'auto') {
		if (by.wanted === 'PLAIN' && !by.encrypted)
			throw refuse('PLAIN would send the password unencrypted, so it is used over TLS only.', 'Use TLS.');
		if (!usable(by.wanted))
			throw refuse(
				`The server does not offer the mechanism ${by.wanted}, or it cannot be used on this connection.`,
				'Choose the strongest mechanism supported by both sides.',
			);
		return by.wanted;
	}
	const found = passwordMechanisms.find(usable);
	if (!found && offered.includes('PLAIN'))
		throw refuse('The server offers only mechanisms that would send the password unencrypted.', 'Use TLS.');
	if (!found)
		throw refuse('The server offers no supported mechanism to sign in.', 'Ask the administrator of the server.');
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
			// A signature that came in a challenge is not repeated.
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
	const messages: Record<string, string> = {
		'not-authorized':
			mechanism === 'EXTERNAL'
				? 'The server refused this client certificate for this address.'
				: 'The server refused the user name or password.',
		'account-disabled': 'The account is disabled.',
		'credentials-expired': 'The password has expired.',
		'encryption-required': 'The server requires TLS before signing in.',
		'invalid-mechanism': 'The server does not accept this mechanism at present.',
		'mechanism-too-weak': 'The server requires a stronger mechanism for this account.',
		'temporary-auth-failure': 'The server cannot check the sign-in at present.',
	};
	const isTemporary = error.condition === 'temporary-auth-failure';
	return new FailureError({
		code: isTemporary ? 'sign-in-failed' : 'credentials-refused',
		message: Object.hasOwn(messages, error.condition)
			? (messages[error.condition] as string)
			: 'The server refused the sign-in.',
		evidence: `${mechanism}: ${evidenceOf(error)}`,
		end: endOf(error),
		final: !isTemporary,
		remedy: isTemporary
			? undefined
			: { text: `Check address and ${mechanism === 'EXTERNAL' ? 'client certificate' : 'password'}.` },
	});
}
