import type { Certificate, Security } from './session';

const day = 86_400_000;

/** Days before its expiry from which on a certificate is reported. */
export const soon = 30;

/** Whole days until the certificate ends, negative afterwards. `now`: milliseconds since the epoch. */
export const daysLeft = ({ validTo }: Certificate, now: number): number => Math.floor((validTo - now) / day);

/** "2027-01-31 (70 days left)" */
export function validity(certificate: Certificate, now: number): string {
	const days = daysLeft(certificate, now);
	const left = days < 0 ? 'expired' : days === 1 ? '1 day left' : `${days} days left`;
	return `${new Date(certificate.validTo).toISOString().slice(0, 10)} (${left})`;
}

/** The certificate of the chain that expires first. */
export function firstToEnd({ chain = [] }: Security): Certificate | undefined {
	return chain.reduce<Certificate | undefined>(
		(first, one) => (first && first.validTo <= one.validTo ? first : one),
		undefined,
	);
}

/** Weaknesses of a connection's security, the worst first. `local`: its bytes do not leave this machine, so they need no encryption. */
export function weaknesses(security: Security, now: number, local = false): string[] {
	const { encrypted, verified } = security;
	if (!encrypted) return local ? [] : ['Not encrypted'];
	const found = verified ? [] : ['Certificate not verified'];
	const first = firstToEnd(security);
	const days = first ? daysLeft(first, now) : soon;
	if (days < 0) found.push('Certificate expired');
	else if (days < soon) found.push(`Certificate expires in ${days} ${days === 1 ? 'day' : 'days'}`);
	return found;
}

/** Stands for the security of a connection on this machine. */
export const localWords = 'Local, not encrypted';

/** One line for a tooltip: "TLSv1.3, TLS_AES_256_GCM_SHA384, certificate until 2027-01-31 (70 days left), SCRAM-SHA-256". */
export function securityWords(security: Security, now: number, local = false): string {
	const { encrypted, version, cipher, authentication, mechanisms, pinned } = security;
	const first = firstToEnd(security);
	const signIn = authentication === 'none' ? 'no sign-in' : authentication;
	return [
		...weaknesses(security, now, local),
		...(encrypted ? [version, cipher] : local ? [localWords] : []),
		pinned && 'certificate pinned',
		first && `certificate until ${validity(first, now)}`,
		mechanisms ? `${authentication} (${mechanisms.used})` : signIn,
	]
		.filter(Boolean)
		.join(', ');
}
