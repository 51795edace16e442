import type { Failure, PeerCertificate } from '../../../base/failure';
import type { Certificate } from '../../../model/contracts/session';
import { untrusted } from './trust';

/** Whether two SHA-256 fingerprints are the same; colons and case do not matter. */
export function isPinned(fingerprint: string | undefined, pin: string | undefined): boolean {
	if (fingerprint === undefined || pin === undefined) return false;
	const bare = (text: string) => text.replaceAll(':', '').toUpperCase();
	return bare(fingerprint).length === 64 && bare(fingerprint) === bare(pin);
}

/** The failure for a certificate that is not verified and not the pinned one. */
export function changedCertificate(code: string, pin: string, chain: readonly Certificate[]): Failure {
	const [own] = chain;
	return {
		code: 'certificate-changed',
		message: `The server's certificate is not the one that is trusted for this connection. Trusted: ${pin.toUpperCase()}. Presented: ${own?.fingerprint ?? 'none'}.`,
		remedy: {
			text: 'If the server was given a new certificate, trust that one. Otherwise another server has answered.',
		},
		evidence: code,
		final: true,
		...withProblems(code, chain),
	};
}

/** The chain for a failure, each certificate with what is wrong with it. */
export function withProblems(code: string, chain: readonly Certificate[]): Pick<Failure, 'certificates'> {
	if (chain.length === 0) return {};
	const now = Date.now();
	const last = chain.length - 1;
	const problemOf = (one: Certificate, at: number): string | undefined => {
		if (now > one.validTo) return 'expired';
		if (one.validFrom !== undefined && now < one.validFrom) return 'not valid yet';
		if (at === 0 && /ALTNAME_INVALID/.test(code)) return 'for other hosts';
		if (at !== last || !untrusted.test(code)) return undefined;
		return /SELF_SIGNED/.test(code) ? 'signed by itself, not trusted here' : 'its issuer is not known here';
	};
	return {
		certificates: chain.map((one, at): PeerCertificate => {
			const problem = problemOf(one, at);
			return problem === undefined ? one : { ...one, problem };
		}),
	};
}
