import { fail } from '../../base/failure';
import type { ResolvedProfile, Secrets } from '../../model/profile/profile';
import { cutText } from '../../model/text/text';
import { type Address, parseAddress } from '../shared/dial/address';
import type { Peer } from '../shared/dial/socket-failures';
import { type TlsSettings, tlsSettings } from '../shared/tls/settings';
import { listValue, numberValue, textValue } from '../shared/values';
import { amqp } from './describe/describe';
import type { Login } from './wire/library';

/** The settings of a profile, checked and with defaults. */
export interface Settings extends Login {
	/** The node of the URL is the first. */
	nodes: Peer[];
	tls?: TlsSettings;
	/** Prefix for the names of tap queues; if empty, the server names them. */
	tapPrefix: string;
	/** Undefined if it is not used; `node` is the API of the node that the link is connected to. */
	management: { url: string } | 'node' | undefined;
	exchanges: string[];
	queues: string[];
	/** Time for a whole attempt, in milliseconds. */
	connectWithin: number;
}

/** Throws `bad-url` or `bad-field`, final. */
export function settingsOf(profile: ResolvedProfile, secrets: Secrets): Settings {
	const { values } = profile;
	const address = parseAddress(profile.url, amqp);
	const text = (key: string) => textValue(values, key)?.trim() ?? '';
	const list = (key: string) => listValue(values, key).filter((entry) => entry !== '');
	const user = text('username') || 'guest';
	const management = text('management.url');
	return {
		nodes: [{ host: address.host, port: address.port }, ...list('nodes').map((node) => peer(node, address))],
		tls: address.tls ? tlsSettings(profile, secrets) : undefined,
		mechanism: values.mechanism === 'EXTERNAL' ? 'EXTERNAL' : 'PLAIN',
		user,
		password: secrets.password ?? (user === 'guest' ? 'guest' : ''),
		vhost: vhostOf(address.path),
		heartbeat: numberValue(values, 'heartbeat') ?? 10,
		connectionName: text('connectionName') || `Messaging Workbench: ${cutText(profile.name, 60)}`,
		tapPrefix: text('tapPrefix'),
		management: management === 'none' ? undefined : management ? { url: management } : 'node',
		exchanges: list('exchanges'),
		queues: list('queues'),
		connectWithin: (numberValue(values, 'connectTimeout') ?? 15) * 1000,
	};
}

/** RabbitMQ's URI specification: no path means the virtual host "/", the path "/" the one with the empty name. */
function vhostOf(path: string): string {
	const [name = ''] = path.split(/[?#]/);
	if (name === '') return '/';
	const bad = (message: string) => fail('bad-url', message, { final: true });
	if (name.indexOf('/', 1) > 0)
		throw bad('The path of the URL is the name of one virtual host: write "%2F" for a "/" in it.');
	try {
		return decodeURIComponent(name.slice(1));
	} catch {
		throw bad('The virtual host in the URL is not percent-encoded correctly.');
	}
}

/** Reads host, host:port or [address]:port. */
function peer(text: string, { scheme, port }: Address): Peer {
	const wrong = fail('bad-field', '"Other nodes of the cluster" has an entry that is not host or host:port.', {
		final: true,
	});
	if (/[/@?#\s]/.test(text)) throw wrong;
	try {
		const address = parseAddress(`${scheme}://${text}`, amqp);
		return { host: address.host, port: /:\d+$/.test(text) && !/^[^[]*:.*:/.test(text) ? address.port : port };
	} catch {
		throw wrong;
	}
}
