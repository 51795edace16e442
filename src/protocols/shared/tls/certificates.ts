import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { Certificate } from '../../../model/contracts/session';
import { peerText } from '../peer-text';

/** Longest chain that is followed. Real ones have a handful of certificates. */
const longestChain = 10;

/** The certificates of the peer in the order in which they were sent, its own first. */
export function peerChain(socket: TLSSocket): Certificate[] {
	const chain: Certificate[] = [];
	let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
	while (next?.fingerprint256 && chain.length < longestChain) {
		chain.push({
			subject: nameOf(next.subject),
			issuer: nameOf(next.issuer),
			validFrom: Date.parse(next.valid_from),
			validTo: Date.parse(next.valid_to),
			fingerprint: next.fingerprint256,
		});
		next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
	}
	return chain;
}

/** The hosts for which a certificate is valid: its alternative names, or else its common name. */
export function peerNames(socket: TLSSocket): string[] {
	const { subject, subjectaltname } = socket.getPeerCertificate();
	const names = (subjectaltname ?? '')
		.split(', ')
		.map((name) => /^(?:DNS|IP Address):(.*)$/.exec(name)?.[1])
		.filter((name) => name !== undefined);
	if (names.length > 0) return names.map((name) => peerText(name));
	const common = (subject as { CN?: unknown } | undefined)?.CN;
	return typeof common === 'string' ? [peerText(common)] : [];
}

function nameOf(name: Record<string, unknown> | undefined): string {
	if (!name) return '(no subject)';
	const common = name.CN ?? name.O ?? Object.values(name)[0];
	return peerText(Array.isArray(common) ? common.join(', ') : String(common ?? '(no subject)'));
}
