import { fail } from '../../../base/failure';
import { type SASLOptions, saslScramSha } from './library';

/** How a user signs in. */
export interface SignIn {
	mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | 'OAUTHBEARER';
	username: string;
	password: string;
	/** Of OAUTHBEARER. */
	token: string;
	/** SASL extensions of OAUTHBEARER (RFC 7628, section 3.1). */
	extensions: readonly [string, string][];
}

/** Iterations of SCRAM that a broker may demand. Kafka's default is 4,096; a million takes about half a second. */
const maxIterations = 1_000_000;

/** The options by which the library signs in. Brokers choose the effort of SCRAM, which is limited. */
export function saslOptions({ mechanism, username, password, token, extensions }: SignIn): SASLOptions {
	const common = { mechanism, username, password, token, oauthBearerExtensions: Object.fromEntries(extensions) };
	if (mechanism === 'OAUTHBEARER') {
		return {
			...common,
			// A refused token is answered with JSON that says why, and a second answer confirms the refusal (RFC 7628, section
			// 3.2.2). The library takes the first one for a success.
			authBytesValidator(bytes, callback) {
				if (bytes.length === 0) callback(null, bytes);
				else callback(tokenRefused(bytes.toString()), bytes);
			},
		};
	}
	if (mechanism === 'PLAIN') return common;
	const algorithm = mechanism === 'SCRAM-SHA-512' ? 'SHA-512' : 'SHA-256';
	return {
		...common,
		authenticate(_mechanism, connection, api, _username, _password, _token, callback) {
			const { hi, ...others } = saslScramSha.defaultCrypto;
			const limited: typeof hi = (definition, secret, salt, iterations) => {
				if (iterations > maxIterations)
					throw fail(
						'bad-scram',
						`The broker demands ${iterations} iterations of SCRAM; at most ${maxIterations} are done.`,
					);
				return hi(definition, secret, salt, iterations);
			};
			saslScramSha.authenticate(api, connection, algorithm, username, password, { ...others, hi: limited }, callback);
		},
	};
}

/** In the form of the library's errors, which `kafkaFailure` explains. */
const tokenRefused = (text: string): Error =>
	Object.assign(new Error(text), { apiId: 'SASL_AUTHENTICATION_FAILED', apiCode: 58, serverErrorMessage: text });
