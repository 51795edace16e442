import { readFile } from 'node:fs/promises';
import { fromSeed, type KeyPair } from '@nats-io/nkeys';
import { fail } from '../../../base/failure';
import type { Secrets } from '../../../model/profile/profile';
import type { Settings } from '../settings';
import type { ServerInfo } from './info';

/** How the user signs in: the members of CONNECT, and the words for them. */
export interface SignIn {
	words: string | undefined;
	/** `nonce`: of INFO. */
	members(info: ServerInfo): Record<string, string>;
}

/** Largest credentials file, in bytes. */
const maxFile = 1024 * 1024;

/** Reads what is needed to sign in, before anything is opened. Throws a FailureError. */
export async function readSignIn(settings: Settings, secrets: Secrets): Promise<SignIn> {
	const { username, credentials } = settings;
	const { password = '', token = '', nkey = '' } = secrets;
	if (credentials !== undefined) {
		const { jwt, seed } = await readCredentials(credentials);
		const pair = keyPair(seed, 'The credentials file has no valid seed.');
		return { words: 'credentials file (JWT)', members: ({ nonce }) => ({ jwt, ...signature(pair, nonce) }) };
	}
	if (nkey !== '') {
		const pair = keyPair(nkey.trim(), 'The nkey seed is not valid: it starts with "SU" and has 58 characters.');
		return { words: 'nkey', members: ({ nonce }) => ({ nkey: pair.getPublicKey(), ...signature(pair, nonce) }) };
	}
	if (token !== '') return { words: 'token', members: () => ({ auth_token: token }) };
	if (username === undefined) return { words: undefined, members: () => ({}) };
	// As in URLs of NATS, a user name without a password may be a token.
	const alone: Record<string, string> = password === '' ? { auth_token: username } : {};
	return {
		words: password === '' ? 'user name' : 'user name and password',
		members: () => ({ user: username, pass: password, ...alone }),
	};
}

function signature(pair: KeyPair, nonce: string): Record<string, string> {
	return nonce === '' ? {} : { sig: Buffer.from(pair.sign(Buffer.from(nonce))).toString('base64url') };
}

/** The error of the library is not shown, because it may hold a part of the seed. */
function keyPair(seed: string, problem: string): KeyPair {
	try {
		return fromSeed(Buffer.from(seed));
	} catch {
		throw fail('bad-nkey', problem, { final: true });
	}
}

/** A file of `nsc`: a JWT and a seed, each between two lines of dashes. */
async function readCredentials(path: string): Promise<{ jwt: string; seed: string }> {
	const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
		throw fail('bad-file', `The credentials file "${path}" cannot be read.`, { evidence: error.code, final: true });
	});
	const text = bytes.length > maxFile ? '' : bytes.toString('utf8');
	const between = (name: string) =>
		new RegExp(`-{3,}BEGIN ${name}-{3,}\\s+([A-Za-z0-9_.=-]+?)\\s+-{3,}END ${name}`).exec(text)?.[1];
	const jwt = between('NATS USER JWT');
	const seed = between('USER NKEY SEED');
	if (!jwt || !seed)
		throw fail('bad-file', `"${path}" is not a credentials file: it needs a user JWT and an nkey seed.`, {
			final: true,
		});
	return { jwt, seed };
}
