import { randomBytes } from 'node:crypto';
import type { ResolvedProfile } from '../../model/profile/profile';
import { numberValue, pairsValue, textValue } from '../shared/values';

/** The settings of a profile that are neither TLS nor secrets. */
export interface Settings {
	username?: string;
	/** Path of a credentials file. */
	credentials?: string;
	/** TLS begins before the server has sent its INFO. */
	tlsFirst: boolean;
	clientName: string;
	/** Start of the reply subjects of this connection; no other one has the same. */
	inbox: string;
	/** Start of the subjects of JetStream's API, such as "$JS.API". */
	api: string;
	/** In milliseconds; 0: no pings. */
	pingEvery: number;
	headers: [string, string][];
	origin?: string;
}

export function settingsOf({ values }: ResolvedProfile): Settings {
	const domain = textValue(values, 'jetstream.domain');
	const prefix = textValue(values, 'jetstream.prefix')?.replace(/\.+$/, '');
	return {
		username: textValue(values, 'username'),
		credentials: textValue(values, 'credentials'),
		tlsFirst: values['tls.first'] === true,
		clientName: textValue(values, 'clientName') ?? 'messaging-workbench',
		inbox: `${textValue(values, 'inboxPrefix') ?? '_INBOX'}.${randomBytes(11).toString('hex')}`,
		api: prefix ?? (domain === undefined ? '$JS.API' : `$JS.${domain}.API`),
		pingEvery: (numberValue(values, 'pingInterval') ?? 60) * 1000,
		headers: pairsValue(values, 'ws.headers'),
		origin: textValue(values, 'ws.origin'),
	};
}
