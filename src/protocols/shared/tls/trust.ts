import type { Failure } from '../../../base/failure';
import type { Certificate } from '../../../model/contracts/session';

/** Verification codes 2, 18, 19, 20 and 21 of OpenSSL: the certificate leads to no trusted authority. */
export const untrusted =
	/DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE/;

/**
 * The failure and its remedy. `chain`: as far as it is known, the server's own first. `own`: subjects in the file of
 * "CA certificate"; undefined if none is set. A user who has set one must not be advised to set one.
 */
export function untrustedFailure(
	code: string,
	chain: readonly Certificate[],
	own: readonly string[] | undefined,
): Pick<Failure, 'code' | 'message' | 'remedy' | 'final'> {
	const [leaf] = chain;
	const last = chain.at(-1) ?? leaf;
	const named = last ? `, "${last.issuer}"` : '';
	const authority = last ? `"${last.issuer}"` : 'that authority';
	const held = own && `The file in "CA certificate" holds ${listed(own)}`;
	const renewed =
		last && own?.includes(last.issuer)
			? ' It has the same name and another key, so it may be an older or a newer one.'
			: '';
	const result = (name: string, message: string, text: string) => ({
		...{ code: name, message, remedy: { text }, final: true },
	});
	if (code.includes('DEPTH_ZERO'))
		return result(
			'certificate-self-signed',
			'The server has signed its certificate itself, so no authority vouches for it.',
			held
				? `${held}, not this certificate.${renewed}`
				: 'If you trust this server, set "CA certificate" to this certificate.',
		);
	const unknown = 'certificate-unknown-ca';
	if (leaf && own?.includes(leaf.subject))
		return result(
			unknown,
			`The file in "CA certificate" holds the server's own certificate, and not that of the authority that signed it, "${leaf.issuer}".`,
			`Choose the certificate of "${leaf.issuer}" instead.`,
		);
	if (code.includes('LEAF_SIGNATURE') || (chain.length === 1 && !code.includes('SELF_SIGNED')))
		return result(
			unknown,
			`The server's certificate was signed by an authority that this machine does not know${named}, and the server does not send an intermediate certificate that leads to a known one.`,
			held
				? `${held}.${renewed} If ${authority} is an intermediate authority, the server must send its certificate after its own; until then, add it to the file.`
				: `If ${authority} is your own authority, set "CA certificate" to its certificate. If it is an intermediate one, the server must send its certificate after its own.`,
		);
	if (/GET_ISSUER_CERT$/.test(code) && held)
		return result(
			unknown,
			`The authority ${authority} is missing: it has signed "${last?.subject}" in the file in "CA certificate", which is an intermediate authority or none.`,
			`Add the certificate of ${authority} to that file, or choose the file that holds it.`,
		);
	return result(
		unknown,
		`The server's certificate leads to an authority that this machine does not know${named}.`,
		held
			? `${held}, not ${authority}.${renewed}`
			: `If you trust this server, set "CA certificate" to the certificate of ${authority}.`,
	);
}

const maxNames = 3;

function listed(names: readonly string[]): string {
	const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : '';
	return `${names
		.slice(0, maxNames)
		.map((name) => `"${name}"`)
		.join(', ')}${more}`;
}
