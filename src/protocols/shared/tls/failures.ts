import type { Failure } from '../../../base/failure';
import type { Certificate } from '../../../model/contracts/session';
import { hostAndPort, readableHost } from '../dial/address';
import { type Peer, socketFailure } from '../dial/socket-failures';
import type { ClientCertificate } from './client-certificate';
import { withProblems } from './pin';
import { untrusted, untrustedFailure } from './trust';

/** The state of a handshake when it failed. */
export interface Handshake {
	/** The client certificate for the server. */
	client?: ClientCertificate;
	/** The server has answered in TLS. */
	answered: boolean;
}

type Words = (peer: Peer, handshake: Handshake) => Pick<Failure, 'message' | 'remedy' | 'final'>;

const clientCertificate = { text: 'Set "Client certificate" and "Client key" to the ones that the server knows.' };
const otherPort = { text: 'Use the port for TLS, or the scheme without TLS.' };

/**
 * Errors of OpenSSL, BoringSSL and Node for TLS; the first match counts. The texts differ between versions, so code and
 * message are compared together, in capitals and with underscores.
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
		/CERT_UNTRUSTED|INVALID_CA/,
		'certificate-unknown-ca',
		() => ({ message: "The server's certificate was signed by a certificate that is not one of an authority." }),
	],
	[/CERT_REVOKED/, 'certificate-revoked', () => ({ message: "The server's certificate has been revoked." })],
	[
		/CERTIFICATE_REQUIRED|PEER_DID_NOT_RETURN_A_CERTIFICATE/,
		'client-certificate-required',
		(_, { client }) =>
			client
				? {
						message: `The server asks for a client certificate and did not accept "${client.subject}", so none was sent.`,
						remedy: { text: 'The server may not accept its kind of key. Ask which client certificates it accepts.' },
					}
				: { message: 'The server asks for a client certificate, and none was given.', remedy: clientCertificate },
	],
	[
		/ALERT_UNKNOWN_CA/,
		'client-certificate-refused',
		(_, { client }) => ({
			message: `The server does not know the authority that signed the client certificate${client ? `, "${client.issuer}"` : ''}.`,
			remedy: client
				? {
						text: `If "${client.issuer}" is an intermediate authority, add its certificate to the file in "Client certificate". Otherwise set that to a certificate that the server knows.`,
					}
				: clientCertificate,
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
		/UNRECOGNIZED_NAME/,
		'tls-unknown-name',
		() => ({ message: 'The server does not know the requested name.', remedy: { text: 'Set "Server name".' } }),
	],
	[
		/ALERT_HANDSHAKE_FAILURE/,
		'tls-handshake-refused',
		(_, { client }) => ({
			message: `The server refused the TLS handshake: it may ${client ? `not accept the client certificate "${client.subject}"` : 'want a client certificate'}, or supports none of the offered ciphers.`,
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
		(peer, handshake) => cutOff(`The server closed the connection during the TLS handshake`, peer, handshake),
	],
	[
		/ECONNRESET|EPIPE/,
		'reset',
		(peer, handshake) =>
			cutOff(`${hostAndPort(peer)} cut the connection off during the TLS handshake`, peer, handshake),
	],
];

function cutOff(what: string, { port }: Peer, { client, answered }: Handshake): ReturnType<Words> {
	if (!answered) return { message: `${what}: port ${port} may not speak TLS.`, remedy: otherPort, final: false };
	const why = client ? `not accept the client certificate "${client.subject}"` : 'want a client certificate';
	return { message: `${what}: it may ${why}.`, remedy: clientCertificate, final: false };
}

const handshakes = new WeakMap<object, Handshake>();

/** Stores the state of the handshake with an error. */
export function withHandshake(error: unknown, handshake: Handshake): void {
	if (error instanceof Error) handshakes.set(error, handshake);
}

/** The failure for an error of TLS, during the handshake or, with TLS 1.3, after it. */
export function tlsFailure(error: unknown, peer: Peer): Failure {
	const plain = socketFailure(error, peer);
	const text = (plain.evidence ?? '').toUpperCase().replace(/[ /]/g, '_');
	const known = table.find(([pattern]) => pattern.test(text));
	if (!known)
		return untrusted.test(text) ? { ...untrustedFailure(text, [], undefined), evidence: plain.evidence } : plain;
	const handshake = (error instanceof Error && handshakes.get(error)) || { answered: false };
	const failure = { code: known[1], final: true, ...known[2](peer, handshake), evidence: plain.evidence };
	return outdated(failure, handshake) ?? failure;
}

const day = (time: number) => new Date(time).toISOString().slice(0, 10);

/** The cause for a refused client certificate that is out of date, whatever the server reports. */
function outdated(failure: Failure, { client, answered }: Handshake): Failure | undefined {
	const isRefusal = /^(client-certificate-|tls-handshake-refused)/.test(failure.code);
	const isCutOff = answered && /^(tls-closed|reset)$/.test(failure.code);
	if (!client || !(isRefusal || isCutOff)) return undefined;
	const { subject, validFrom, validTo } = client;
	const now = Date.now();
	if (validFrom <= now && now <= validTo) return undefined;
	const why = now > validTo ? `expired on ${day(validTo)}` : `is not valid before ${day(validFrom)}`;
	return {
		...failure,
		code: 'client-certificate-expired',
		final: true,
		message: `The server refused the client certificate "${subject}": it ${why}.`,
		remedy: { text: 'Set "Client certificate" and "Client key" to a certificate that is valid now.' },
	};
}

/** The failure for a server's certificate that was not accepted, by its verification code. `own`: as in `untrustedFailure`. */
export function verificationFailure(
	code: string,
	peer: Peer,
	chain: readonly Certificate[],
	own: readonly string[] | undefined,
): Failure {
	const failure = untrusted.test(code)
		? untrustedFailure(code, chain, own)
		: tlsFailure(Object.assign(new Error(code), { code }), peer);
	const evidence = [code, chain[0] && inWords(chain[0])].filter((part) => part).join('; ');
	const certificates = withProblems(code, chain);
	if (failure.code !== 'connection-failed') return { ...failure, evidence, ...certificates };
	const message = "The server's certificate was refused.";
	return { code: 'certificate-refused', message, final: true, evidence, ...certificates };
}

/** The failure for an open socket that broke. In TLS 1.3 a missing client certificate is reported only then. */
export function linkFailure(error: unknown, peer: Peer): Failure {
	const plain = socketFailure(error, peer);
	return plain.code === 'connection-failed' ? tlsFailure(error, peer) : plain;
}

const wrongHostCode = 'ERR_TLS_CERT_ALTNAME_INVALID';

/** The failure for a certificate that is valid for other names. `chain`: that of the server, its own first. */
export function wrongHost(
	host: string,
	names: readonly string[],
	chain: readonly [Certificate, ...Certificate[]],
): Failure {
	const listed = names.slice(0, 10).join(', ') || 'no host at all';
	return {
		code: 'certificate-wrong-host',
		message: `The server's certificate is for ${listed}, not for ${readableHost(host)}.`,
		evidence: `${wrongHostCode}; ${inWords(chain[0])}`,
		remedy: { text: 'Use one of these names in the URL, or set "Server name" to it.' },
		final: true,
		...withProblems(wrongHostCode, chain),
	};
}

function inWords(certificate: Certificate): string {
	return `certificate of ${certificate.subject}, SHA-256 ${certificate.fingerprint}`;
}
