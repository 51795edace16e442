import assert from 'node:assert/strict';
import test from 'node:test';
import { fieldsOf } from '../../../src/model/profile/fields';
import type { Profile } from '../../../src/model/profile/profile';
import { resolveProfile, risksOf } from '../../../src/model/profile/resolve';
import { describe, descriptions } from '../../../src/protocols/descriptions';

/** Fields that a workspace may set without approval: none decides whom a secret goes to, weakens TLS or raises a limit. */
const harmless: Record<string, string[]> = {
	every: ['connectTimeout'],
	tls: ['tls.alpn', 'tls.first'],
	mqtt: [
		...['username', 'mqttVersion', 'reconnect', 'clientId', 'cleanStart', 'sessionExpiry', 'keepalive'],
		...['receiveMaximum', 'topicAliasMaximum', 'userProperties', 'ws.origin', 'will.topic', 'will.payload', 'will.qos'],
		...['will.retain', 'will.delay', 'will.expiry', 'will.contentType', 'will.responseTopic', 'will.userProperties'],
	],
	websocket: [
		...['username', 'subprotocols', 'origin', 'cookies', 'perMessageDeflate', 'reconnect', 'groupBy', 'pingInterval'],
		'logPings',
	],
	amqp: ['mechanism', 'username', 'heartbeat', 'connectionName', 'reconnect', 'exchanges', 'queues', 'tapPrefix'],
	coap: ['dtls.identity', 'dtls.pskFormat', 'probe', 'pingInterval', 'blockSize', 'nstart', 'responseTimeout'],
	xmpp: ['resource', 'presence', 'priority', 'show', 'status', 'reconnect', 'pingInterval', 'logBrowsing', 'origin'],
	kafka: ['mechanism', 'username', 'extensions', 'clientId', 'reconnect', 'pingInterval'],
	nats: [
		...['username', 'reconnect', 'pingInterval', 'clientName', 'inboxPrefix', 'jetstream.domain', 'jetstream.prefix'],
		'ws.origin',
	],
	amqp1: ['mechanism', 'username', 'ws.origin', 'containerId', 'idleTimeout', 'reconnect', 'addresses'],
	socketio: [
		...['authName', 'auth', 'username', 'transport', 'version', 'path', 'query', 'origin', 'cookies'],
		...['perMessageDeflate', 'reconnect', 'pingInterval'],
	],
};

test('every field of every protocol is marked as risky, is a secret, or was judged to be harmless', () => {
	const undecided = descriptions.flatMap((shape) =>
		fieldsOf(shape)
			.filter(({ risk, type }) => !risk && type !== 'secret')
			.filter(({ key }) => ![shape.id, 'every', 'tls'].some((group) => harmless[group]?.includes(key)))
			.map(({ key }) => `${shape.id} ${key}`),
	);
	assert.deepEqual(undecided, []);
});

test('what names another server, an authority or a switch of verification is never among the harmless', () => {
	const telling =
		/^tls\.(?!alpn|first)|host|server|address(?!es$)|nodes|url$|proxy|verify|insecure|unencrypted|pin$|fingerprint|ca$/i;
	const named = descriptions.flatMap((shape) =>
		fieldsOf(shape).filter(({ key, risk, type }) => telling.test(key) && !risk && type !== 'secret'),
	);
	assert.deepEqual(named, []);
});

const risky: [string, string, Record<string, unknown>, string[]][] = [
	['mqtt', 'mqtt://h', { record: { keep: '500 MB' } }, ['record.keep']],
	['mqtt', 'mqtts://h', { tls: { ca: '/ca.pem', servername: 'evil' } }, ['tls.ca', 'tls.servername']],
	['mqtt', 'mqtts://h', { tls: { cert: '/c', key: '/k' } }, ['tls.cert', 'tls.key']],
	['amqp', 'amqps://h', { tls: { pfx: '/p' } }, ['tls.pfx']],
	['websocket', 'wss://h', { tls: { verify: false } }, ['tls.verify']],
	['xmpp', 'xmpp://h', { tls: { ca: '/ca.pem' } }, ['tls.ca']],
	['mqtt', 'mqtt://h', { tls: { ca: '/ca.pem', servername: 'evil' } }, []],
	['mqtt', 'mqtts://h', { tls: { ca: '', servername: '' } }, []],
	['amqp', 'amqp://h', { nodes: ['evil:5672'] }, ['nodes']],
	['amqp', 'amqp://h', { nodes: [] }, []],
	['amqp', 'amqp://h', { management: { url: 'http://evil:15672' } }, ['management.url']],
	['amqp', 'amqp://h', { management: { url: 'none' } }, []],
	['amqp', 'amqp://h', { nodes: ['H:5673', 'h'] }, []],
	['amqp', 'amqp://[::1]', { nodes: ['[::1]:5673'] }, []],
	['amqp', 'amqp://h', { nodes: ['h:5673', 'h.evil'] }, ['nodes']],
	['amqp', 'amqp://h', { management: { url: 'http://h:15672/base' } }, []],
	['amqp', 'amqps://h', { management: { url: 'https://h:15671' } }, []],
	['amqp', 'amqps://h', { management: { url: 'http://h:15672' } }, ['management.url']],
	['amqp', 'amqp://h', { management: { url: 'http://h:1@evil' } }, ['management.url']],
	['amqp', 'amqp://h', { management: { url: 'http://h\\@evil' } }, ['management.url']],
	['amqp', 'amqp://h', { management: { url: 'http://h\t.evil' } }, ['management.url']],
	['websocket', 'wss://h', { headers: [['X-Trace', '1']] }, []],
	[
		'websocket',
		'wss://h',
		{
			headers: [
				['X-Trace', '1'],
				['hOst', 'evil'],
			],
		},
		['headers'],
	],
	['websocket', 'wss://h', { headers: [['X-Forwarded-Host', 'evil']] }, ['headers']],
	['mqtt', 'wss://h', { ws: { headers: [['Host', 'evil']] } }, ['ws.headers']],
	['coap', 'coap://h', { uriHost: 'evil' }, ['uriHost']],
	['xmpp', 'xmpp://chat.example', { username: 'a@Chat.Example/desk' }, []],
	['xmpp', 'xmpp://chat.example', { username: 'a' }, []],
	['xmpp', 'xmpp://chat.example', { username: ' a@evil.example' }, ['username']],
	['xmpp', 'xmpp://chat.example', { username: 'a@evil.example/x@chat.example' }, ['username']],
	['xmpp', 'xmpp://h', { mechanism: 'PLAIN', allowUnencrypted: true }, ['mechanism', 'allowUnencrypted']],
];

for (const [protocol, url, more, keys] of risky)
	test(`${protocol} ${url} ${JSON.stringify(more)} needs approval for: ${keys.join(', ') || 'nothing'}`, () => {
		const shape = describe(protocol);
		assert.ok(shape);
		const profile: Profile = { id: 'a', name: 'A', protocol, url, ...more };
		const resolved = resolveProfile(profile, shape, undefined);
		assert.deepEqual(
			risksOf(profile, resolved, shape).map(({ key }) => key),
			keys,
		);
	});

test('the approval names the value as it will be used, each of a list apart', () => {
	const shape = describe('amqp');
	assert.ok(shape);
	const risks = (nodes: string[]) => {
		const profile: Profile = { id: 'a', name: 'A', protocol: 'amqp', url: 'amqp://h', nodes };
		return risksOf(profile, resolveProfile(profile, shape, undefined), shape);
	};
	assert.notEqual(risks(['a,b'])[0]?.value, risks(['a', 'b'])[0]?.value);
	assert.match(risks(['evil:5672'])[0]?.text ?? '', /evil:5672/);
	assert.ok((risks(['x'.repeat(10_000)])[0]?.text.length ?? 0) < 400, 'a long value does not hide the others');
});
