import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { api } from '../../../../src/playground/kafka/apis/api';
import type { Serve } from '../../../../src/playground/kafka/connection';
import { errors } from '../../../../src/playground/kafka/errors';
import * as t from '../../../../src/playground/kafka/wire/schema';
import type { SaslMechanism, SaslOptions } from './options';

const unused = () => {
	throw new Error('Served by Sasl.');
};
const flexibleNever = Number.POSITIVE_INFINITY;

/** SaslHandshake and SaslAuthenticate (KIP-43, KIP-152). */
export const saslApis = [
	api({
		key: 17,
		name: 'SaslHandshake',
		versions: [0, 1],
		flexible: flexibleNever,
		request: t.struct({ mechanism: t.string }),
		response: t.struct({ errorCode: t.int16, mechanisms: t.array(t.string) }),
		handle: unused,
	}),
	api({
		key: 36,
		name: 'SaslAuthenticate',
		versions: [0, 2],
		flexible: 2,
		request: t.struct({ authBytes: t.bytes }),
		response: t.struct({
			errorCode: t.int16,
			errorMessage: t.nullableString,
			authBytes: t.bytes,
			sessionLifetimeMs: t.since(1, t.int64),
		}),
		handle: unused,
	}),
];

/** One exchange: takes what the client says, returns the answer, and the user as soon as it is authenticated. */
type Exchange = (received: string) => { answer?: string; user?: string };

interface Session {
	exchange?: Exchange;
	user?: string;
	/** Milliseconds since 1970. */
	expires: number;
}

class Refused extends Error {}

/** Signs clients in before anything else is served, and ends sessions that have expired. */
export class Sasl {
	private readonly sessions = new WeakMap<Socket, Session>();
	private readonly mechanisms: readonly SaslMechanism[];

	constructor(private readonly options: SaslOptions) {
		this.mechanisms = options.mechanisms ?? ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'];
	}

	userOf(socket: Socket): string | undefined {
		return this.sessions.get(socket)?.user;
	}

	around(next: Serve): Serve {
		return (served, request, call, socket) => {
			const session = this.sessions.get(socket) ?? { expires: Number.POSITIVE_INFINITY };
			this.sessions.set(socket, session);
			if (served.name === 'SaslHandshake') return this.handshake(session, request as { mechanism: string });
			if (served.name === 'SaslAuthenticate')
				return this.authenticate(session, (request as { authBytes: Buffer }).authBytes, socket);
			const isOpen = session.user !== undefined && Date.now() < session.expires;
			if (isOpen || (served.name === 'ApiVersions' && session.user === undefined))
				return next(served, request, call, socket);
			socket.destroy();
			return undefined;
		};
	}

	private handshake(session: Session, { mechanism }: { mechanism: string }) {
		const known = this.mechanisms.find((one) => one === mechanism);
		if (!known) return { errorCode: errors.unsupportedSaslMechanism, mechanisms: this.mechanisms };
		session.exchange = exchanges[known](this.options);
		return { mechanisms: this.mechanisms };
	}

	private authenticate(session: Session, authBytes: Buffer, socket: Socket) {
		if (!session.exchange) return { errorCode: errors.illegalSaslState, errorMessage: 'SaslHandshake comes first.' };
		try {
			const { answer = '', user } = session.exchange(authBytes.toString());
			if (user === undefined) return { authBytes: Buffer.from(answer) };
			const lifetime = this.options.lifetimeMs;
			Object.assign(session, { user, exchange: undefined });
			session.expires = lifetime === undefined ? Number.POSITIVE_INFINITY : Date.now() + lifetime;
			return { authBytes: Buffer.from(answer), sessionLifetimeMs: BigInt(lifetime ?? 0) };
		} catch (error) {
			session.exchange = undefined;
			// The answer leaves first.
			setTimeout(() => socket.end(), 20);
			const errorMessage = error instanceof Refused ? error.message : 'Authentication failed.';
			return { errorCode: errors.saslAuthenticationFailed, errorMessage };
		}
	}
}

const exchanges: Record<SaslMechanism, (options: SaslOptions) => Exchange> = {
	// RFC 4616.
	PLAIN:
		({ users = {} }) =>
		(received) => {
			const [, user = '', password] = received.split('\0');
			if (!Object.hasOwn(users, user) || users[user] !== password)
				throw new Refused('Authentication failed: Invalid username or password');
			return { user };
		},
	'SCRAM-SHA-256': ({ users = {} }) => scram('sha256', users),
	'SCRAM-SHA-512': ({ users = {} }) => scram('sha512', users),
	// RFC 7628: a refused token is answered with JSON first.
	OAUTHBEARER: ({ tokens = [], users = {} }) => {
		let isRefused = false;
		return (received) => {
			if (isRefused) throw new Refused('Authentication failed: invalid token');
			const fields = received.split('\x01');
			const token = fields.find((field) => field.startsWith('auth=Bearer '))?.slice('auth=Bearer '.length) ?? '';
			if (tokens.includes(token)) return { user: 'token' };
			const user = unsignedUser(token);
			if (user !== undefined && Object.hasOwn(users, user)) return { user };
			isRefused = true;
			return { answer: JSON.stringify({ status: 'invalid_token' }) };
		};
	},
};

/** The subject of an unsigned token that has not expired, as librdkafka makes them for tests. */
function unsignedUser(token: string): string | undefined {
	try {
		const [head, claims] = token
			.split('.')
			.map((part) => JSON.parse(Buffer.from(part, 'base64url').toString() || '{}'));
		return head.alg === 'none' && claims.exp * 1000 > Date.now() ? claims.sub : undefined;
	} catch {
		return undefined;
	}
}

/** RFC 5802, without channel binding. */
function scram(hash: 'sha256' | 'sha512', users: Record<string, string>): Exchange {
	const salt = randomBytes(16);
	const iterations = 4096;
	let first: { user: string; bare: string; reply: string } | undefined;
	return (received) => {
		if (!first) {
			const bare = received.replace(/^n,[^,]*,/, '');
			const [, name = '', nonce = ''] = /^n=([^,]*),r=([^,]*)/.exec(bare) ?? [];
			const user = name.replaceAll('=2C', ',').replaceAll('=3D', '=');
			const reply = `r=${nonce}${randomBytes(12).toString('hex')},s=${salt.toString('base64')},i=${iterations}`;
			first = { user, bare, reply };
			return { answer: reply };
		}
		const { user, bare, reply } = first;
		const refused = new Refused(
			'Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM',
		);
		if (!Object.hasOwn(users, user)) throw refused;
		const [withoutProof = '', proof = ''] = received.split(/,p=/);
		const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
		const salted = pbkdf2Sync(users[user] as string, salt, iterations, hash === 'sha256' ? 32 : 64, hash);
		const message = `${bare},${reply},${withoutProof}`;
		const clientKey = hmac(salted, 'Client Key');
		const signature = hmac(createHash(hash).update(clientKey).digest(), message);
		const expected = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] as number)));
		const given = Buffer.from(proof, 'base64');
		if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw refused;
		return { user, answer: `v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}` };
	};
}
