import { bigAt, readRecord, textAt, textsAt } from './json';

/** What a server says about itself (NATS client protocol, INFO). */
export interface ServerInfo {
	id: string;
	name: string;
	version: string;
	cluster: string;
	domain: string;
	/** Largest message including its headers, in bytes. */
	maxPayload: number;
	headers: boolean;
	jetStream: boolean;
	authRequired: boolean;
	tlsRequired: boolean;
	tlsAvailable: boolean;
	/** To be signed with an nkey. */
	nonce: string;
	clientId: string;
	clientIp: string;
	/** Other servers of the cluster, which are shown and not connected to. */
	servers: string[];
	/** The server is about to shut down. */
	lameDuck: boolean;
}

/** Undefined if the text is not an INFO of a server. */
export function readInfo(json: string): ServerInfo | undefined {
	const record = readRecord(json);
	if (!record || textAt(record, 'server_id') === '') return undefined;
	const is = (key: string) => record[key] === true;
	const maxPayload = bigAt(record, 'max_payload');
	return {
		id: textAt(record, 'server_id'),
		name: textAt(record, 'server_name'),
		version: textAt(record, 'version'),
		cluster: textAt(record, 'cluster'),
		domain: textAt(record, 'domain'),
		maxPayload: maxPayload > 0n ? Number(maxPayload) : 1024 * 1024,
		headers: is('headers'),
		jetStream: is('jetstream'),
		authRequired: is('auth_required'),
		tlsRequired: is('tls_required'),
		tlsAvailable: is('tls_available'),
		nonce: textAt(record, 'nonce'),
		clientId: record.client_id === undefined ? '' : String(record.client_id),
		clientIp: textAt(record, 'client_ip'),
		servers: textsAt(record, 'connect_urls').slice(0, 1000),
		lameDuck: is('ldm'),
	};
}
