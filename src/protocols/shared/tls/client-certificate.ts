import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { type FailureError, fail } from '../../../base/failure';
import { andList } from '../../../model/text/lists';
import { peerText } from '../peer-text';

/** The client certificate that is sent to a server, for sentences. */
export interface ClientCertificate {
	subject: string;
	/** The issuer of the last certificate of the chain that is sent. */
	issuer: string;
	/** Milliseconds since the epoch. */
	validFrom: number;
	validTo: number;
}

/** Longest chain that is followed. */
const longestChain = 10;

/** All certificates of a file: PEM in any order, or one in DER. Unreadable ones are left out. */
export function certificatesIn(file: Buffer): X509Certificate[] {
	const blocks = file
		.toString('latin1')
		.match(/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]+-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g);
	return (blocks ?? [file]).flatMap((block) => {
		try {
			return [new X509Certificate(block)];
		} catch {
			return [];
		}
	});
}

/** The name of a subject or issuer as OpenSSL writes it, one part in each line. */
export function commonName(name: string | undefined): string {
	const parts = (name ?? '').split('\n');
	const shown = parts.find((part) => part.startsWith('CN=')) ?? parts.find((part) => part.startsWith('O=')) ?? parts[0];
	return peerText(shown?.replace(/^[A-Za-z]+=/, '') || 'no name', { most: 100 });
}

export interface ClientFiles {
	cert: Buffer;
	key: Buffer;
	passphrase?: string;
	/** Certificates of the authorities file, which may complete the chain. */
	authorities: readonly X509Certificate[];
}

/**
 * The certificate that belongs to the key, followed by those that signed it as far as the files have them, in PEM: OpenSSL
 * takes the first one for the client's whatever it is, and shows none if its key is of another type. Throws `bad-key` if
 * none belongs to the key, and what `createPrivateKey` throws. Undefined: the certificates cannot be read.
 */
export function clientChain({ cert, key, passphrase, authorities }: ClientFiles) {
	const all = certificatesIn(cert);
	if (all.length === 0) return undefined;
	const secret = createPrivateKey({ key, passphrase });
	const [leaf] = all.filter((one) => one.checkPrivateKey(secret)).sort(validFirst);
	if (!leaf) throw notTheirs(all, secret);
	const chain = [leaf];
	const others = [...all, ...authorities];
	for (let last: X509Certificate = leaf; chain.length < longestChain; ) {
		const current = last;
		const issuer = others.find((one) => !chain.includes(one) && hasSigned(one, current));
		// The server must know the root, so it need not be sent (RFC 8446, section 4.4.2).
		if (!issuer || hasSigned(issuer, issuer)) break;
		chain.push(issuer);
		last = issuer;
	}
	return { pem: chain.map(String).join(''), shown: shownAs(chain) };
}

export function shownAs(chain: readonly X509Certificate[]): ClientCertificate {
	const [leaf] = chain;
	return {
		...{ subject: commonName(leaf?.subject), issuer: commonName(chain.at(-1)?.issuer) },
		...{ validFrom: Date.parse(leaf?.validFrom ?? ''), validTo: Date.parse(leaf?.validTo ?? '') },
	};
}

function hasSigned(issuer: X509Certificate, one: X509Certificate): boolean {
	return one.checkIssued(issuer) && one.verify(issuer.publicKey);
}

/** After a renewal a file may hold two certificates. The one that is valid longest is the new one. */
function validFirst(one: X509Certificate, other: X509Certificate): number {
	return Date.parse(other.validTo) - Date.parse(one.validTo);
}

const typeName = (key: KeyObject) => (key.asymmetricKeyType ?? 'unknown').toUpperCase();

function notTheirs(all: readonly X509Certificate[], key: KeyObject): FailureError {
	const types = [...new Set(all.map(({ publicKey }) => typeName(publicKey)))];
	const what = all.length === 1 ? 'the client certificate' : `any of the ${all.length} certificates in the file`;
	const why = types.includes(typeName(key))
		? ''
		: `: the key is of the type ${typeName(key)}, the certificate is for ${andList(types)}`;
	return fail('bad-key', `The client key does not belong to ${what}${why}.`, {
		evidence: `certificate of ${all.map(({ subject }) => commonName(subject)).join(', ')}`,
		remedy: { text: 'Set "Client certificate" and "Client key" to files that were made together.' },
		final: true,
	});
}
