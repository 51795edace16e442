import { fail } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import { checkValue } from './codec/walk';
import { broken } from './frames';
import { descriptorAt, fieldsOf, numberIn, performative, symbolsIn } from './performatives';

export interface HandshakeOptions {
	/** SASL mechanism; undefined: the connection begins without SASL. */
	mechanism: string | undefined;
	/** The server has shown that it speaks AMQP 1.0, and the login begins. */
	greeted(mechanisms: readonly string[]): void;
}

export type Stage = 'greeting' | 'mechanisms' | 'login' | 'second greeting' | 'opening';

export interface Handshake {
	readonly stage: Stage;
	header(bytes: Buffer): void;
	/** A frame of SASL. */
	frame(bytes: Buffer, start: number, end: number): void;
}

/** Identifiers in protocol headers. */
const layer = { amqp: 0, tls: 2, sasl: 3 } as const;
/** No mechanism here has more than one. */
const maxChallenges = 4;

/** Follows protocol headers and SASL (AMQP 1.0, part 5). Throws a FailureError that names the refusal. */
export function createHandshake({ mechanism, greeted }: HandshakeOptions): Handshake {
	let stage: Stage = mechanism === undefined ? 'second greeting' : 'greeting';
	let challenges = 0;

	function checkMechanisms(offered: string[]): void {
		greeted(offered);
		if (mechanism !== undefined && !offered.includes(mechanism))
			throw fail('mechanism-not-offered', `The server does not offer the mechanism ${mechanism}.`, {
				evidence: `offered: ${offered.map((one) => peerText(one, { most: 40 })).join(', ') || 'none'}`,
				remedy: { text: 'Choose another mechanism for this connection.' },
				final: true,
			});
		stage = 'login';
	}

	function checkOutcome(code: number | undefined): void {
		const evidence = `SASL outcome ${code}`;
		if (code === 0) stage = 'second greeting';
		else if (code === 1)
			throw fail(
				'credentials-refused',
				mechanism === 'ANONYMOUS'
					? 'The server refused an anonymous client.'
					: mechanism === 'EXTERNAL'
						? 'The server refused the client certificate as a login.'
						: 'The server refused the user or the password or token.',
				{ evidence, final: true },
			);
		else if (code === 2 || code === 3 || code === 4)
			throw fail('login-failed', 'The server could not check the login because of a fault of its own.', {
				...{ evidence, final: code === 3 },
			});
		else throw broken('The server ended the login with an unknown outcome.', evidence);
	}

	return {
		get stage() {
			return stage;
		},
		header(bytes) {
			const [id, major, minor, revision] = bytes.subarray(4);
			const version = `${major}.${minor}.${revision}`;
			if (bytes.toString('latin1', 0, 4) !== 'AMQP')
				throw broken('The server sent something else than a protocol header after the login.', bytes.toString('hex'));
			if (version !== '1.0.0')
				throw fail('version-refused', 'The server speaks another version of AMQP.', {
					...{ evidence: `protocol header ${version}`, final: true },
				});
			if (id === layer.tls)
				throw fail('tls-required', 'The server wants TLS to begin inside the connection, which is not supported.', {
					...{ remedy: { text: 'Use amqps:// with the port for TLS.' }, final: true },
				});
			const wanted = stage === 'greeting' ? layer.sasl : layer.amqp;
			if (id !== wanted)
				throw fail(
					'sasl-mismatch',
					wanted === layer.sasl
						? 'The server begins the connection without SASL, so it takes no login.'
						: 'The server requires a login with SASL.',
					{
						evidence: `protocol header with the identifier ${id}`,
						remedy: {
							text: `Set "Mechanism" of the connection to ${wanted === layer.sasl ? '"No login"' : 'one with SASL'}.`,
						},
						final: true,
					},
				);
			if (stage === 'greeting') stage = 'mechanisms';
			else {
				if (mechanism === undefined) greeted([]);
				stage = 'opening';
			}
		},
		frame(bytes, start, end) {
			if (stage !== 'mechanisms' && stage !== 'login') throw broken('The server sent a login frame at a wrong time.');
			const { code, list } = descriptorAt(bytes, start, end);
			checkValue(bytes, list, end);
			const [field] = fieldsOf(bytes, list, end);
			if (stage === 'mechanisms') {
				if (code !== performative.mechanisms) throw broken('The server did not name its mechanisms.');
				checkMechanisms(symbolsIn(field));
			} else if (code === performative.outcome) checkOutcome(numberIn(field));
			else if (code !== performative.challenge || ++challenges > maxChallenges)
				throw broken('The server sent a login frame that does not belong here.', `descriptor 0x${code.toString(16)}`);
		},
	};
}
