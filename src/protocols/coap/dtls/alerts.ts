import { AlertDescription } from '../../../../node_modules/node-dtls-client/build/TLS/Alert.js';
import type { Failure } from '../../../base/failure';

/** RFC 5246, 7.2. */
export interface Alert {
	fatal: boolean;
	description: number;
}

export const closeNotify = 0;

export function readAlert(body: Buffer): Alert | undefined {
	return body.length === 2 ? { fatal: body[0] === 2, description: body[1] as number } : undefined;
}

export const alertBytes = (fatal: boolean, description: number) => Buffer.of(fatal ? 2 : 1, description);

const nameOf = (description: number) =>
	(AlertDescription[description] ?? `alert ${description}`).replace(/_RESERVED$/, '').replaceAll('_', ' ');
const checkBoth = {
	text: 'Check identity and pre-shared key, and whether the key is text or hexadecimal.',
};

/** Failures for the alerts by which a server aborts the handshake. */
const refusals: Record<string, Pick<Failure, 'code' | 'message' | 'remedy'>> = {
	unknown_psk_identity: {
		code: 'unknown-identity',
		message: 'The server has no pre-shared key for this identity.',
		remedy: checkBoth,
	},
	handshake_failure: {
		code: 'no-common-cipher',
		message: 'The server accepts no pre-shared key, or none of the offered ciphers.',
		remedy: { text: 'DTLS with certificates is not supported. Configure the server for a pre-shared key.' },
	},
	protocol_version: { code: 'dtls-version', message: 'The server does not speak DTLS 1.2.' },
};
const wrongKey = {
	code: 'wrong-key',
	message: 'The server reports that the pre-shared key does not match this identity.',
	remedy: checkBoth,
};
Object.assign(refusals, {
	bad_record_mac: wrongKey,
	decrypt_error: wrongKey,
	decryption_failed_RESERVED: wrongKey,
	insufficient_security: refusals.handshake_failure,
});

/** The failure of a handshake. Known reasons are final: they need another setting, not another attempt. */
export function refusedBy({ description }: Alert): Failure {
	const evidence = `DTLS alert ${description}: ${nameOf(description)}`;
	const known = refusals[AlertDescription[description] ?? ''];
	if (known) return { ...known, evidence, final: true };
	return { code: 'dtls-alert', message: `The server aborted the DTLS handshake: ${nameOf(description)}.`, evidence };
}

/** The failure that ends an open session. */
export function endedBy({ description }: Alert): Failure {
	const evidence = `DTLS alert ${description}: ${nameOf(description)}`;
	if (description === closeNotify)
		return { code: 'dtls-closed', message: 'The server has closed the DTLS session.', evidence };
	return { code: 'dtls-alert', message: `The server has ended the DTLS session: ${nameOf(description)}.`, evidence };
}

/** A server that cannot decrypt may discard records silently (RFC 6347, 4.1.2.7). */
export function unreadable(seconds: number): Failure {
	return {
		code: 'wrong-key',
		message: 'The server does not answer encrypted messages: most likely identity or pre-shared key are wrong.',
		evidence: `It answered the start of the DTLS handshake, but not its end within ${seconds} s.`,
		remedy: checkBoth,
		final: true,
	};
}
