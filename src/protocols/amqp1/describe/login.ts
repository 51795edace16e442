import type { ResolvedProfile } from '../../../model/profile/profile';

type Chosen = 'ANONYMOUS' | 'PLAIN' | 'EXTERNAL' | 'XOAUTH2' | 'OAUTHBEARER';

/** The SASL mechanism of a profile; undefined: it begins without SASL. */
export function mechanismOf({ url, values }: Pick<ResolvedProfile, 'url' | 'values'>): Chosen | undefined {
	const { mechanism = 'auto' } = values;
	if (mechanism === 'none') return undefined;
	if (mechanism !== 'auto') return mechanism as Chosen;
	if (values.username) return 'PLAIN';
	const isSecure = /^(amqps|wss):/i.test(url);
	return isSecure && (values['tls.cert'] || values['tls.pfx']) ? 'EXTERNAL' : 'ANONYMOUS';
}

/** Key of the secret without which a profile cannot sign in. */
export function secretNeeded(profile: Pick<ResolvedProfile, 'url' | 'values'>): string | undefined {
	const mechanism = mechanismOf(profile);
	if (mechanism === 'PLAIN') return 'password';
	return mechanism === 'XOAUTH2' || mechanism === 'OAUTHBEARER' ? 'token' : undefined;
}
