import type { FoundConnection, StoredFile } from '../../connection-import';
import { loginOf, readProperty } from '../files/client-properties';
import { urlOf } from '../files/record';

/** Properties as the fields of a connection. */
const fieldKeys: Readonly<Record<string, 'ca' | 'cert' | 'key'>> = {
	'ssl.ca.location': 'ca',
	'ssl.certificate.location': 'cert',
	'ssl.key.location': 'key',
};
const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'];

/** `kcat.conf`: a property of librdkafka in each line, or of a Java client (kcat, `read_conf_file`). */
export function readKcatConfig({ name, text, home }: StoredFile): FoundConnection {
	const found: FoundConnection = { profile: { name: 'kcat', url: '' }, secrets: {}, left: [] };
	const { profile, secrets, left } = found;
	const tls: Record<string, string> = {};
	let servers = '';
	let secure = false;
	for (const line of text.split('\n').map((one) => one.trim())) {
		if (line === '' || line.startsWith('#')) continue;
		const equals = line.indexOf('=');
		if (equals < 1) throw new Error(`${name} has a line that is not of the form property=value.`);
		const [property, value] = [line.slice(0, equals).trim(), line.slice(equals + 1).replace(/\\([:=])/g, '$1')];
		const meaning = readProperty(`${property}=${value}`);
		const login = loginOf(`${property}=${value}`);
		const field = Object.hasOwn(fieldKeys, property) ? fieldKeys[property] : undefined;
		if (login) {
			if (login.username !== undefined) profile.username = login.username;
			if (login.password !== undefined) secrets.password = login.password;
		} else if (meaning.kind === 'servers') servers = meaning.value;
		else if (meaning.kind === 'tls') secure = meaning.tls;
		else if (meaning.kind === 'username') profile.username = meaning.value;
		else if (meaning.kind === 'password') secrets.password = meaning.value;
		else if (/^sasl\.mechanisms?$/.test(property) && mechanisms.includes(value.toUpperCase()))
			profile.mechanism = value.toUpperCase();
		else if (property === 'client.id') profile.clientId = value;
		else if (property === 'ssl.key.password') secrets['tls.passphrase'] = value;
		else if (field) tls[field] = value.replace(/^~(?=\/)/, () => home);
		else left.push(`${property}, which connections do not have`);
	}
	if (servers === '') throw new Error(`${name} names no broker.`);
	if (Object.keys(tls).length > 0) profile.tls = tls;
	const { url, others } = urlOf(servers, secure);
	profile.url = url;
	if (others.length > 0) profile.brokers = others;
	return found;
}
