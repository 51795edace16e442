import type { Failure } from '../../base/failure';
import type { Certificate } from '../../model/session';
import { hostAndPort, readableHost } from './address';
import { type Peer, socketFailure } from './socket-failures';

type Words = (peer: Peer) => Pick<Failure, 'message' | 'remedy' | 'final'>;

const clientCertificate = { text: 'Set "Client certificate" and "Client key" to the ones that the server knows.' };
const otherPort = { text: 'Use the port for TLS, or the scheme without TLS.' };
const ownCa = { text: 'If it is yours, set "CA certificate" to the authority that signed it.' };

/**
 * What OpenSSL, BoringSSL and Node say when TLS fails, the first match counts. The texts differ between versions, so
 * code and message are compared together, in capitals, with underscores.
 */
const table: readonly [pattern: RegExp, code: string, words: Words][] = [
	[
		/CERT_HAS_EXPIRED/,
		'certificate-expired',
		() => ({
			message: "The server's certificate has expired.",
			remedy: { text: 'The server needs a new certificate.' },
		}),
	],
	[
		/CERT_NOT_YET_VALID/,
		'certificate-not-yet-valid',
		() => ({
			message: "The server's certificate is not valid yet.",
			remedy: { text: 'Check the clock of this machine, then the certificate.' },
		}),
	],
	[
		/DEPTH_ZERO_SELF_SIGNED_CERT/,
		'certificate-self-signed',
		() => ({ message: 'The server has signed its certificate itself, so nobody vouches for it.', remedy: ownCa }),
	],
	[
		/SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_UNTRUSTED|INVALID_CA/,
		'certificate-unknown-ca',
		() => ({
			message: "The server's certificate was signed by an authority that this machine does not know.",
			remedy: ownCa,
		}),
	],
	[/CERT_REVOKED/, 'certificate-revoked', () => ({ message: "The server's certificate has been revoked." })],
	[
		/ALERT_CERTIFICATE_REQUIRED|PEER_DID_NOT_RETURN_A_CERTIFICATE/,
		'client-certificate-required',
		() => ({ message: 'The server asks for a client certificate, and none was given.', remedy: clientCertificate }),
	],
	[
		/ALERT_UNKNOWN_CA/,
		'client-certificate-refused',
		() => ({
			message: 'The server does not know the authority that signed the client certificate.',
			remedy: clientCertificate,
		}),
	],
	[
		/ALERT_CERTIFICATE_EXPIRED/,
		'client-certificate-expired',
		() => ({ message: 'The server refused the client certificate: it has expired.', remedy: clientCertificate }),
	],
	[
		/ALERT_CERTIFICATE_REVOKED/,
		'client-certificate-revoked',
		() => ({ message: 'The server refused the client certificate: it has been revoked.', remedy: clientCertificate }),
	],
	[
		/ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_UNKNOWN|ACCESS_DENIED|DECRYPT_ERROR)/,
		'client-certificate-refused',
		() => ({ message: 'The server refused the client certificate.', remedy: clientCertificate }),
	],
	[
		/ALERT_NO_APPLICATION_PROTOCOL/,
		'alpn-refused',
		() => ({
			message: 'The server speaks none of the ALPN protocols that were offered.',
			remedy: { text: 'Correct "ALPN protocols".' },
		}),
	],
	[
		/ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE/,
		'tls-version',
		() => ({ message: 'The server speaks no TLS version that this machine accepts (1.2 or 1.3).' }),
	],
	[
		/ALERT_UNRECOGNIZED_NAME/,
		'tls-unknown-name',
		() => ({ message: 'The server does not know the name it was asked for.', remedy: { text: 'Set "Server name".' } }),
	],
	[
		/ALERT_HANDSHAKE_FAILURE/,
		'tls-handshake-refused',
		() => ({
			message: 'The server refused the TLS handshake: it may want a client certificate, or shares no cipher with us.',
			remedy: clientCertificate,
		}),
	],
	[
		/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNEXPECTED_MESSAGE|BAD_RECORD_TYPE|INVALID_ALERT/,
		'not-tls',
		(peer) => ({
			message: `Port ${peer.port} does not speak TLS.`,
			remedy: otherPort,
		}),
	],
	[
		/DISCONNECTED_BEFORE_SECURE/,
		'tls-closed',
		(peer) => ({
			message: `The server closed the connection during the TLS handshake: port ${peer.port} may not speak TLS.`,
			remedy: otherPort,
			final: false,
		}),
	],
	[
		/ECONNRESET|EPIPE/,
		'reset',
		(peer) => ({
			message: `${hostAndPort(peer)} cut the connection off during the TLS handshake: it may not speak TLS.`,
			remedy: otherPort,
			final: false,
		}),
	],
];

/** Why TLS failed, during the handshake or, where TLS 1.3 tells late, after it. */
export function tlsFailure(error: unknown, peer: Peer, certificate?: Certificate): Failure {
	const plain = socketFailure(error, peer);
	const text = (plain.evidence ?? '').toUpperCase().replace(/[ /]/g, '_');
	const known = table.find(([pattern]) => pattern.test(text));
	if (!known) return plain;
	const evidence = [plain.evidence, certificate && inWords(certificate)].filter((part) => part).join('; ');
	return { code: known[1], final: true, ...known[2](peer), evidence };
}

/** Why a socket that was open, with TLS or without, broke: TLS 1.3 tells only then that it wants a client certificate. */
export function linkFailure(error: unknown, peer: Peer): Failure {
	const plain = socketFailure(error, peer);
	return plain.code === 'connection-failed' ? tlsFailure(error, peer) : plain;
}

/** The certificate is for other names than the one asked for. */
export function wrongHost(host: string, names: readonly string[], certificate: Certificate): Failure {
	const listed = names.slice(0, 10).join(', ') || 'no host at all';
	return {
		code: 'certificate-wrong-host',
		message: `The server's certificate is for ${listed}, not for ${readableHost(host)}.`,
		evidence: `ERR_TLS_CERT_ALTNAME_INVALID; ${inWords(certificate)}`,
		remedy: { text: 'Use one of these names in the URL, or set "Server name" to it.' },
		final: true,
	};
}

function inWords(certificate: Certificate): string {
	return `certificate of ${certificate.subject}, SHA-256 ${certificate.fingerprint}`;
}
