import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import dns from 'node:dns/promises';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import test, { type TestContext } from 'node:test';
import { createServer as createSecure, type TLSSocket } from 'node:tls';
import { FailureError } from '../../../src/base/failure';
import type { Values } from '../../../src/model/profile/field';
import { adapters } from '../../../src/protocols';
import { createManagement } from '../../../src/protocols/amqp/browse/management';
import { settingsOf } from '../../../src/protocols/amqp/settings';
import { discover } from '../../../src/protocols/coap/browse/discover';
import { realClock } from '../../../src/protocols/coap/wire/clock';
import { hostAndPort, hostForHttp, nameForCertificate, readableHost } from '../../../src/protocols/shared/dial/address';
import { socketFailure } from '../../../src/protocols/shared/dial/socket-failures';
import { withKnownZone } from '../../../src/protocols/shared/dial/zone';
import { deafSink } from '../../../src/protocols/shared/null-sink';
import { connect, refused, resolved } from '../../contract/suite/attempt';
import { pki } from '../../support/servers/pki';

type Interfaces = ReturnType<typeof networkInterfaces>;
const address = (scopeid: number) => ({
	...{ address: 'fe80::1', netmask: '', family: 'IPv6' as const, mac: '', internal: false, cidr: null, scopeid },
});
const some: Interfaces = { lo: [], eth0: [address(0), address(4)], 'Wi-Fi 2': [address(17)], br_lan: [address(5)] };

for (const [host, platform, expected] of [
	['fe80::1%eth0', 'linux', 'fe80::1%eth0'],
	['fe80::1%4', 'linux', 'fe80::1%eth0'],
	['fe80::1%eth0', 'win32', 'fe80::1%4'],
	['fe80::1%Wi-Fi 2', 'win32', 'fe80::1%17'],
	['fe80::1%17', 'win32', 'fe80::1%17'],
	['::1%lo', 'linux', '::1%lo'],
	['::1', 'linux', '::1'],
	['host%eth0', 'linux', 'host%eth0'],
] as const)
	test(`${host} is ${expected} for ${platform}`, () => assert.equal(withKnownZone(host, some, platform), expected));

for (const [host, message] of [
	['fe80::1%eth9', 'This machine has no active network interface named "eth9".'],
	['fe80::1%ETH0', 'This machine has no active network interface named "ETH0".'],
	['fe80::1%0', 'This machine has no active network interface named "0".'],
	['fe80::1%br_lan', 'The name of the network interface "br_lan" cannot be used in an address.'],
] as const)
	test(`${host} is refused`, () =>
		assert.throws(
			() => withKnownZone(host, some, 'linux'),
			(error) => error instanceof FailureError && error.failure.code === 'unknown-zone' && error.message === message,
		));

for (const [host, shown] of [
	['xn--bcher-kva.example', 'bücher.example (xn--bcher-kva.example)'],
	['xn--fsqu00a.xn--0zwm56d', '例子.测试 (xn--fsqu00a.xn--0zwm56d)'],
	// Cyrillic letters that look like Latin ones, beside a Latin one.
	['xn--l-7sba6dbr.com', 'xn--l-7sba6dbr.com'],
	// Hebrew would turn the order of the sentence around.
	['xn--4dbcagdahymbxekheh6e0a7fei0b.example', 'xn--4dbcagdahymbxekheh6e0a7fei0b.example'],
	['xn--.example', 'xn--.example'],
	['example.com', 'example.com'],
] as const)
	test(`${host} is shown as ${shown}`, () => assert.equal(readableHost(host), shown));

test('what a sentence, a Host header and a certificate are given', () => {
	const all = (host: string) => [hostAndPort({ host, port: 1 }), hostForHttp(host), nameForCertificate(host)];
	assert.deepEqual(all('fe80::1%eth0'), ['[fe80::1%eth0]:1', '[fe80::1]', 'fe80::1']);
	assert.deepEqual(all('::1'), ['[::1]:1', '[::1]', '::1']);
	assert.deepEqual(all('example.com.'), ['example.com.:1', 'example.com.', 'example.com']);
	assert.deepEqual(all('xn--bcher-kva.de').slice(0, 2), ['bücher.de:1 (xn--bcher-kva.de)', 'xn--bcher-kva.de']);
	assert.equal(nameForCertificate('Bücher.de.'), 'xn--bcher-kva.de');
	assert.equal(nameForCertificate('[::1%lo]'), '::1');
});

/** The loopback in any case, and where there is one an address that has no meaning without its zone. */
const zoned = Object.entries(networkInterfaces()).flatMap(([name, list = []]) =>
	list.filter((one) => one.address === '::1' || one.address.startsWith('fe80:')).map((one) => [one.address, name]),
);
const urls = zoned.flatMap(([host, name]) => [`[${host}%25${name}]`, `[${host}%${name}]`]);
const values: Values = { 'tls.verify': false, username: 'alice', allowUnencrypted: true };
const protocols: [protocol: string, schemes: string[]][] = [
	['mqtt', ['mqtt', 'mqtts', 'ws', 'wss']],
	['websocket', ['ws', 'wss']],
	['amqp', ['amqp', 'amqps']],
	['xmpp', ['xmpp', 'xmpps', 'ws', 'wss']],
];

async function attempt(protocol: string, url: string, more: Values = {}) {
	const adapter = await adapters[protocol]?.();
	assert.ok(adapter);
	const secrets = { 'dtls.psk': 'key' };
	return { adapter, secrets, profile: resolved(protocol, url, { ...values, ...more }), deadline: 5000 };
}

/** Takes the first words of a client, and hangs up. */
async function serve(t: TestContext, tls: boolean, host: string) {
	const seen: { head: string; servername: unknown }[] = [];
	const { server: pair, read } = pki();
	const heard = (socket: Socket) => {
		socket.on('error', () => {});
		socket.once('data', (head) => {
			seen.push({ head: head.toString('latin1'), servername: tls ? (socket as TLSSocket).servername : undefined });
			socket.destroy();
		});
	};
	const server: Server = tls
		? createSecure({ cert: read(pair.cert), key: read(pair.key) }, heard)
		: createServer(heard);
	server.listen(0, host);
	await once(server, 'listening');
	t.after(() => server.close());
	return { port: (server.address() as AddressInfo).port, seen };
}

test('a zone works in every protocol, and never reaches the server', async (t) => {
	assert.ok(urls.length > 0, 'the loopback has an IPv6 address');
	for (const tls of [false, true]) {
		const { port, seen } = await serve(t, tls, '::');
		for (const [protocol, schemes] of protocols)
			for (const scheme of schemes.filter((one) => (one !== 'ws' && one.endsWith('s')) === tls))
				for (const host of urls) {
					const { failure } = await refused(await attempt(protocol, `${scheme}://${host}:${port}`));
					const last = seen.pop();
					assert.ok(last, `${protocol} at ${scheme}://${host}: ${failure.message} ${failure.evidence}`);
					assert.ok(!last.head.includes('%'), last.head);
					if (/ws/.test(scheme)) assert.match(last.head, new RegExp(`\r\nHost: \\[[0-9a-f:]+\\]:${port}\r\n`, 'i'));
					if (tls) assert.equal(last.servername, false, 'an address is not sent as SNI');
				}
	}
});

test('a zone works with CoAP, with and without DTLS', async (t) => {
	const server = createSocket('udp6');
	const seen: Buffer[] = [];
	server.on('message', (bytes, from) => {
		seen.push(bytes);
		// A ping is answered by a reset (RFC 7252, section 4.3).
		const reset = Buffer.from([0x70, 0, ...bytes.subarray(2, 4)]);
		// Instead of a handshake: the alert handshake_failure.
		const alert = Buffer.from('15fefd000000000000000000020228', 'hex');
		server.send(bytes[0] === 0x40 ? reset : alert, from.port, from.address);
	});
	server.bind(0, '::');
	await once(server, 'listening');
	t.after(() => server.close());
	const { port } = server.address();
	for (const host of urls) {
		const { link } = await connect(await attempt('coap', `coap://${host}:${port}`));
		assert.match(link.facts[0]?.value ?? '', /^(::1|fe80:.*)%\S+, UDP port/);
		link.destroy();
		seen.length = 0;
		await refused(await attempt('coap', `coaps://${host}:${port}`));
		assert.equal(seen[0]?.[0], 22, 'a ClientHello has arrived');
	}
});

test('a zone that does not exist is one sentence in every protocol', async () => {
	const expected = 'This machine has no active network interface named "nosuch0".';
	for (const [protocol, schemes] of [...protocols, ['coap', ['coap', 'coaps']]] as const)
		for (const scheme of schemes) {
			const { failure } = await refused(await attempt(protocol, `${scheme}://[fe80::1%25nosuch0]:9`));
			assert.equal(failure.message, expected, `${protocol}, ${scheme}`);
		}
	const act = {
		...{ action: 'discover', messages: [], progress() {}, signal: new AbortController().signal },
		values: { address: 'ff02::fd%nosuch0' },
	};
	const options = { clock: realClock, sink: deafSink, limit: 1000 };
	await assert.rejects(discover(act, options), { message: expected });
	await assert.rejects(discover({ ...act, values: { address: 'ff02::fd', interface: '::%nosuch0' } }, options), {
		message: expected,
	});
});

test('the management API of RabbitMQ: with a zone, and without it in the Host header', async (t) => {
	const { port, seen } = await serve(t, false, '::');
	for (const host of urls) {
		const url = `http://${host}:${port}`;
		const settings = settingsOf(resolved('amqp', 'amqp://h', { 'management.url': url }), {});
		await assert.rejects(createManagement(settings, { host: 'h', port: 1 })?.get('/overview') ?? Promise.resolve());
		assert.match(seen.pop()?.head ?? '', new RegExp(`\r\nHost: \\[[0-9a-f:]+\\]:${port}\r\n`, 'i'));
	}
});

test('a link-local address without a zone says what is missing', () => {
	const failure = socketFailure(Object.assign(new Error('connect EINVAL'), { code: 'EINVAL' }), {
		...{ host: 'fe80::dead', port: 1 },
	});
	assert.equal(failure.message, 'The address fe80::dead exists on every network, and the URL does not say on which.');
	assert.equal(failure.remedy?.text, 'Add the name of the network interface, for example [fe80::dead%eth0].');
});

test('names in Unicode, in upper case and with a final dot: looked up, asked for and found in the certificate', async (t) => {
	const { ca, sign, read } = pki();
	const pair = sign('idn', 'x', 'subjectAltName=DNS:xn--bcher-kva.example');
	const seen: unknown[] = [];
	const server = createSecure({ cert: read(pair.cert), key: read(pair.key) }, (socket) => {
		seen.push(socket.servername);
		socket.on('error', () => {}).destroy();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.after(() => server.close());
	const { port } = server.address() as AddressInfo;
	const lookedUp: string[] = [];
	t.mock.method(dns, 'lookup', async (name: string) => {
		lookedUp.push(name);
		return [{ address: '127.0.0.1', family: 4 }];
	});
	syncBuiltinESMExports();
	t.after(syncBuiltinESMExports);
	for (const host of ['bücher.example', 'BÜCHER.Example.', 'b%C3%BCcher.example', 'xn--bcher-kva.example'])
		for (const [protocol, scheme] of [
			['mqtt', 'mqtts'],
			['amqp', 'amqps'],
			['websocket', 'wss'],
			['xmpp', 'xmpps'],
			['xmpp', 'wss'],
		] as const) {
			const options = await attempt(protocol, `${scheme}://${host}:${port}`, { 'tls.verify': true, 'tls.ca': ca });
			const { failure } = await refused(options);
			assert.equal(seen.pop(), 'xn--bcher-kva.example', `${protocol} at ${host}: ${failure.message}`);
			assert.match(lookedUp.pop() ?? '', /^xn--bcher-kva\.example\.?$/);
		}
	const other = await attempt('mqtt', `mqtts://bücher.de:${port}`, { 'tls.verify': true, 'tls.ca': ca });
	assert.match(
		(await refused(other)).failure.message,
		/is for xn--bcher-kva\.example, not for bücher\.de \(xn--bcher-kva\.de\)\.$/,
	);
});
