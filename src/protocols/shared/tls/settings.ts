import type { ResolvedProfile, Secrets } from '../../../model/profile/profile';

/** What the TLS fields of a profile say, files not yet read. */
export interface TlsSettings {
	ca?: string;
	cert?: string;
	key?: string;
	pfx?: string;
	passphrase?: string;
	/** For SNI and the certificate's names; the host if unset. */
	servername?: string;
	alpn?: readonly string[];
	verify: boolean;
}

/** The TLS fields of `shared/fields.ts` out of a profile. */
export function tlsSettings(profile: ResolvedProfile, secrets: Secrets): TlsSettings {
	const text = (key: string) => {
		const value = profile.values[key];
		return typeof value === 'string' && value !== '' ? value : undefined;
	};
	const alpn = profile.values['tls.alpn'];
	return {
		ca: text('tls.ca'),
		cert: text('tls.cert'),
		key: text('tls.key'),
		pfx: text('tls.pfx'),
		passphrase: secrets['tls.passphrase'],
		servername: text('tls.servername'),
		alpn: Array.isArray(alpn)
			? (alpn.filter((name) => typeof name === 'string' && name !== '') as string[])
			: undefined,
		verify: profile.values['tls.verify'] !== false,
	};
}
