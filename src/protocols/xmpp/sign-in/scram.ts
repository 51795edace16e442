import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { fail } from '../../../base/failure';
import { sentence } from '../../../base/sentence';
import { peerText } from '../../shared/peer-text';

/** More iterations are refused, since a server could stall the client with them. Recommendations are far below. */
export const maxIterations = 1_000_000;
const derive = promisify(pbkdf2);

export interface ScramOptions {
	/** The name in Node's crypto module. */
	hash: 'sha1' | 'sha256' | 'sha512';
	username: string;
	password: string;
	/** "n": no channel binding; "y": possible, but not offered by the server; otherwise the binding (RFC 5802, section 6). */
	binding: 'n' | 'y' | { type: string; data: Buffer };
	/** For tests. */
	nonce?: string;
}

/** One SCRAM exchange (RFC 5802, RFC 7677). The members are used in this order. */
export interface Scram {
	readonly first: string;
	/** The client-final-message in answer to the server-first-message. Throws `bad-scram`. */
	answer(challenge: string): Promise<string>;
	/** Throws `server-not-verified` unless the server proves that it knows the password. */
	verify(final: string): void;
}

export function scram({ hash, username, password, binding, nonce }: ScramOptions): Scram {
	const clientNonce = nonce ?? randomBytes(18).toString('base64');
	const flag = typeof binding === 'string' ? binding : `p=${binding.type}`;
	const header = `${flag},,`;
	const bare = `n=${prepare(username).replace(/=/g, '=3D').replace(/,/g, '=2C')},r=${clientNonce}`;
	const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
	let signature: Buffer | undefined;

	return {
		first: header + bare,
		async answer(challenge) {
			const { r, s, i, m, e } = members(challenge);
			if (e !== undefined) throw bad(sentence(`The server ended the sign-in: ${peerText(e)}`));
			// A mandatory extension (RFC 5802, section 5.1).
			if (m !== undefined) throw bad('The server requires an unknown extension of SCRAM.');
			if (!r?.startsWith(clientNonce) || r.length === clientNonce.length)
				throw bad(
					'The server did not continue the nonce of the client, so it may be an impostor (RFC 5802, section 5).',
				);
			const iterations = /^[1-9]\d{0,9}$/.test(i ?? '') ? Number(i) : 0;
			if (iterations === 0 || !s) throw bad('The server sent no salt or no iteration count.');
			if (iterations > maxIterations)
				throw bad(
					`The server requires ${iterations.toLocaleString('en')} iterations of the password hash; at most ${maxIterations.toLocaleString('en')} are accepted.`,
				);
			const size = createHash(hash).digest().length;
			const salted = await derive(prepare(password), Buffer.from(s, 'base64'), iterations, size, hash);
			const bound = typeof binding === 'string' ? Buffer.alloc(0) : binding.data;
			const without = `c=${Buffer.concat([Buffer.from(header), bound]).toString('base64')},r=${r}`;
			const all = `${bare},${challenge},${without}`;
			const key = hmac(salted, 'Client Key');
			const proof = hmac(createHash(hash).update(key).digest(), all);
			for (let at = 0; at < proof.length; at++) proof[at] = (proof[at] as number) ^ (key[at] as number);
			signature = hmac(hmac(salted, 'Server Key'), all);
			return `${without},p=${proof.toString('base64')}`;
		},
		verify(final) {
			const { v } = members(final);
			const received = Buffer.from(v ?? '', 'base64');
			if (!signature || received.length !== signature.length || !timingSafeEqual(received, signature))
				throw fail(
					'server-not-verified',
					'The server did not prove that it knows the password, so it may be an impostor (RFC 5802, section 5).',
					{ final: true },
				);
		},
	};
}

const bad = (message: string) => fail('bad-scram', message, { final: true });

/** Reads "r=…,s=…". Names are single letters; the first of each counts. */
function members(text: string): { [letter in 'r' | 's' | 'i' | 'm' | 'e' | 'v']?: string } {
	const found = new Map<string, string>();
	for (const part of text.split(','))
		if (/^[a-z]=/.test(part) && !found.has(part.slice(0, 1))) found.set(part.slice(0, 1), part.slice(2));
	return Object.fromEntries(found);
}

/** SASLprep (RFC 4013, section 2) without its prohibitions, which the server enforces. */
function prepare(text: string): string {
	return text
		.replace(/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
		.replace(/\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200b|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/g, '')
		.normalize('NFKC');
}
