export type Mechanism = 'ANONYMOUS' | 'PLAIN' | 'EXTERNAL' | 'XOAUTH2' | 'OAUTHBEARER';

export interface Login {
	/** Undefined: the connection begins without SASL. */
	mechanism: Mechanism | undefined;
	username: string;
	password: string;
	token: string;
}

/** A mechanism as rhea uses one. */
interface LibraryMechanism {
	start(done: (error: undefined, response: Buffer) => void): void;
	step(challenge: Buffer, done: (error: undefined, response: Buffer) => void): void;
}

/** Ends the parts of the responses of OAuth. */
const separator = '\x01';

/** The first response. rhea's own PLAIN and XOAUTH2 cut off names and passwords that are not ASCII. */
export function initialResponse(
	{ mechanism, username, password, token }: Login,
	peer: { host: string; port: number },
): Buffer {
	switch (mechanism) {
		case 'PLAIN':
			return Buffer.from(`\0${username}\0${password}`);
		case 'XOAUTH2':
			return Buffer.from(`user=${username}${separator}auth=Bearer ${token}${separator}${separator}`);
		case 'OAUTHBEARER': {
			// RFC 7628, section 3.1; "," and "=" in the name are escaped as in RFC 5801, section 4.
			const name = username.replaceAll('=', '=3D').replaceAll(',', '=2C');
			const identity = username === '' ? 'n,,' : `n,a=${name},`;
			const where = `host=${peer.host}${separator}port=${peer.port}${separator}`;
			return Buffer.from(`${identity}${separator}${where}auth=Bearer ${token}${separator}${separator}`);
		}
		case 'ANONYMOUS':
			return Buffer.from('anonymous');
		default:
			return Buffer.alloc(0);
	}
}

/** The mechanisms for rhea: the chosen one. Undefined for a connection without SASL. */
export function libraryMechanisms(
	login: Login,
	peer: { host: string; port: number },
): Record<string, () => LibraryMechanism> | undefined {
	if (login.mechanism === undefined) return undefined;
	return {
		[login.mechanism]: () => ({
			start: (done) => done(undefined, initialResponse(login, peer)),
			// A server tells the reason for refusing a token in a challenge (RFC 7628, section 3.2.3).
			step: (_, done) => done(undefined, Buffer.from(separator)),
		}),
	};
}

/** How the login is named for the user; undefined: there is none beside that of TLS. */
export function loginWords({ mechanism }: Login): string | undefined {
	switch (mechanism) {
		case 'PLAIN':
			return 'user name and password';
		case 'XOAUTH2':
		case 'OAUTHBEARER':
			return 'token';
		case 'EXTERNAL':
			return 'client certificate';
		case 'ANONYMOUS':
			return 'anonymous';
		default:
			return undefined;
	}
}
