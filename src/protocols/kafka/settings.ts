import { fail } from '../../base/failure';
import type { ResolvedProfile, Secrets } from '../../model/profile/profile';
import { cutText } from '../../model/text/text';
import { parseAddress } from '../shared/dial/address';
import type { Peer } from '../shared/dial/socket-failures';
import { type TlsSettings, tlsSettings } from '../shared/tls/settings';
import { listValue, numberValue, pairsValue, textValue } from '../shared/values';
import { type HostMap, hostMap, readPeer } from './cluster/hosts';
import { kafka } from './describe/describe';
import type { SignIn } from './wire/sign-in';

/** The settings of a profile, checked and with defaults. */
export interface Settings {
	/** The address of the URL is the first. */
	bootstrap: Peer[];
	hosts: HostMap;
	tls: TlsSettings | undefined;
	signIn: SignIn | undefined;
	clientId: string;
	/** Interval of pings in milliseconds; 0: none. */
	pingEvery: number;
	/** Time for a whole attempt, in milliseconds. */
	connectWithin: number;
}

/** Throws `bad-url` or `bad-field`, final. */
export function settingsOf(profile: ResolvedProfile, secrets: Secrets): Settings {
	const { values } = profile;
	const address = parseAddress(profile.url, kafka);
	const others = listValue(values, 'brokers').filter((entry) => entry.trim() !== '');
	return {
		bootstrap: [
			{ host: address.host, port: address.port },
			...others.map((entry) => {
				const { host, port = address.port } = readPeer(entry, address.scheme, 'Further bootstrap brokers');
				return { host, port };
			}),
		],
		hosts: hostMap(pairsValue(values, 'hosts'), address.scheme),
		tls: address.tls ? tlsSettings(profile, secrets) : undefined,
		signIn: signInOf(profile, secrets),
		clientId:
			textValue(values, 'clientId') ?? `messaging-workbench-${cutText(profile.name, 60).replace(/[^\w.-]+/g, '-')}`,
		pingEvery: (numberValue(values, 'pingInterval') ?? 60) * 1000,
		connectWithin: (numberValue(values, 'connectTimeout') ?? 15) * 1000,
	};
}

function signInOf({ values }: ResolvedProfile, secrets: Secrets): SignIn | undefined {
	const username = textValue(values, 'username') ?? '';
	const password = secrets.password ?? '';
	const chosen = textValue(values, 'mechanism') ?? 'auto';
	const mechanism = chosen === 'auto' ? (username === '' ? 'none' : 'PLAIN') : chosen;
	if (mechanism === 'none') return undefined;
	const token = secrets.token ?? '';
	if (mechanism === 'OAUTHBEARER' ? token === '' : username === '')
		throw fail(
			'credentials-missing',
			mechanism === 'OAUTHBEARER'
				? 'The connection has no token for OAUTHBEARER.'
				: `The connection has no user name for ${mechanism}.`,
			{ final: true },
		);
	return {
		mechanism: mechanism as SignIn['mechanism'],
		...{ username, password, token },
		extensions: pairsValue(values, 'extensions'),
	};
}
