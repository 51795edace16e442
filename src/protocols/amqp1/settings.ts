import type { ResolvedProfile, Secrets } from '../../model/profile/profile';
import { type Address, parseAddress } from '../shared/dial/address';
import { type TlsSettings, tlsSettings } from '../shared/tls/settings';
import { listValue, numberValue, pairsValue, textValue } from '../shared/values';
import { amqp1 } from './describe/describe';
import { mechanismOf } from './describe/login';
import type { Login } from './wire/sasl';

/** The settings of a profile, checked and with defaults. */
export interface Settings extends Login {
	address: Address;
	tls: TlsSettings | undefined;
	/** As the server is told which of its hosts or virtual hosts is meant. */
	hostname: string;
	/** Undefined: a new one for each session of the product. */
	containerId: string | undefined;
	/** Seconds. */
	idleTimeout: number;
	/** The user states that the server keeps browsed messages. */
	trustsBrowsing: boolean;
	addresses: string[];
	headers: Record<string, string[]>;
	origin: string | undefined;
}

export function settingsOf(profile: ResolvedProfile, secrets: Secrets): Settings {
	const { values } = profile;
	const address = parseAddress(profile.url, amqp1);
	const headers: Record<string, string[]> = {};
	for (const [name, value] of pairsValue(values, 'ws.headers')) headers[name] = [...(headers[name] ?? []), value];
	return {
		address,
		tls: address.tls ? tlsSettings(profile, secrets) : undefined,
		mechanism: mechanismOf(profile),
		username: textValue(values, 'username') ?? '',
		password: secrets.password ?? '',
		token: secrets.token ?? '',
		hostname: textValue(values, 'hostname') ?? address.host,
		containerId: textValue(values, 'containerId'),
		idleTimeout: numberValue(values, 'idleTimeout') ?? 10,
		trustsBrowsing: values.trustBrowsing === true,
		addresses: listValue(values, 'addresses').filter((one) => one !== ''),
		headers,
		origin: textValue(values, 'ws.origin'),
	};
}
