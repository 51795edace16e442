import { certificatePin } from '../../../model/profile/fields';
import type { ResolvedProfile, Secrets } from '../../../model/profile/profile';
import { listValue, textValue } from '../values';

/** The TLS settings of a profile; their files are not read yet. */
export interface TlsSettings {
	ca?: string;
	cert?: string;
	key?: string;
	pfx?: string;
	passphrase?: string;
	/** Used for SNI and for verifying the certificate; the host if unset. */
	servername?: string;
	alpn?: readonly string[];
	verify: boolean;
	/** SHA-256 fingerprint of a certificate of the peer that is accepted although it cannot be verified. */
	pin?: string;
}

/** Reads the TLS fields of a profile (`shared/fields.ts`). */
export function tlsSettings({ values }: ResolvedProfile, secrets: Secrets): TlsSettings {
	const alpn = listValue(values, 'tls.alpn').filter((name) => name !== '');
	return {
		ca: textValue(values, 'tls.ca'),
		cert: textValue(values, 'tls.cert'),
		key: textValue(values, 'tls.key'),
		pfx: textValue(values, 'tls.pfx'),
		passphrase: secrets['tls.passphrase'],
		servername: textValue(values, 'tls.servername'),
		alpn: alpn.length > 0 ? alpn : undefined,
		verify: values['tls.verify'] !== false,
		pin: textValue(values, certificatePin),
	};
}
