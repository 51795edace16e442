import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import test from 'node:test';
import { createServer as createSecure } from 'node:tls';
import type { Values } from '../../../../src/model/profile/field';
import { adapters } from '../../../../src/protocols';
import { isSentence, refused, resolved } from '../../../contract/suite/attempt';
import { foreignGreetings, greeter, tlsAlert } from '../../../support/hostile/greetings';
import { listen } from '../../../support/net/listen';
import { realSession } from '../../../support/run/session';
import { pki } from '../../../support/servers/pki';

const values: Values = { username: 'alice', allowUnencrypted: true };
const secrets = { password: 'canary-secret', 'dtls.psk': 'canary-secret' };

async function failureAt(protocol: string, url: string, more: Values = {}) {
	const adapter = await adapters[protocol]?.();
	assert.ok(adapter);
	const { failure } = await refused({ adapter, secrets, profile: resolved(protocol, url, { ...values, ...more }) });
	assert.ok(isSentence(failure.message), failure.message);
	assert.doesNotMatch(JSON.stringify(failure), /canary/);
	return failure;
}

/** Each transport without encryption. */
const clear: [protocol: string, scheme: string, expected: string][] = [
	['mqtt', 'mqtt', 'an MQTT broker'],
	['mqtt', 'ws', 'a WebSocket server'],
	['amqp', 'amqp', 'an AMQP 0-9-1 server'],
	['websocket', 'ws', 'a WebSocket server'],
	['xmpp', 'xmpp', 'an XMPP server'],
	['xmpp', 'ws', 'a WebSocket server'],
	['kafka', 'kafka', 'a Kafka broker'],
	['nats', 'nats', 'a NATS server'],
	['amqp1', 'amqp', 'an AMQP 1.0 server'],
];
/** When a server that is not the expected one speaks: a client of NATS waits for its first words. */
const foreignTurn = (protocol: string) => (protocol === 'nats' ? 'first' : 'answer');
/** The protocol that `own` of a greeting is compared with. A WebSocket handshake is HTTP in every protocol. */
const spoken = (protocol: string, scheme: string) => (scheme === 'ws' ? 'ws' : protocol);

for (const [protocol, scheme, expected] of clear)
	for (const when of ['first', 'answer', 'slow'] as const) {
		// The HTTP parser reports only the last piece of what it cannot read.
		if (when === 'slow' && scheme === 'ws') continue;
		if (when === 'answer' && foreignTurn(protocol) === 'first') continue;
		test(`${protocol} at ${scheme}:// names other servers (${when})`, { concurrency: 8 }, async (t) => {
			const foreign = foreignGreetings.filter(
				({ own, together }) => !own?.includes(spoken(protocol, scheme)) && !(together && when === 'slow'),
			);
			await Promise.all(
				foreign.map(({ server, bytes }, at) =>
					t.test(`${at}: ${server}`, async (part) => {
						const { port } = await greeter(part, bytes, when);
						const failure = await failureAt(protocol, `${scheme}://127.0.0.1:${port}`);
						assert.equal(failure.message, `This is ${server}, not ${expected}.`, JSON.stringify(failure));
						assert.deepEqual([failure.code, failure.final], [`not-${protocol}`, true]);
						assert.match(failure.remedy?.text ?? '', /^Check the port in the URL/);
					}),
				),
			);
		});
	}

const secure: [protocol: string, scheme: string][] = [
	['mqtt', 'mqtts'],
	['kafka', 'kafka+ssl'],
	['amqp1', 'amqps'],
	['mqtt', 'wss'],
	['amqp', 'amqps'],
	['websocket', 'wss'],
	['xmpp', 'xmpps'],
	['xmpp', 'wss'],
];
for (const [protocol, scheme] of secure)
	test(`${protocol} at ${scheme}:// names a port without TLS`, { concurrency: 8 }, async (t) => {
		// TLS waits for the five bytes of a whole record header.
		const long = foreignGreetings.filter(({ bytes }) => bytes.length >= 5);
		await Promise.all(
			long.map(({ server, bytes }, at) =>
				t.test(`${at}: ${server}`, async (part) => {
					const { port } = await greeter(part, bytes, 'answer');
					const failure = await failureAt(protocol, `${scheme}://127.0.0.1:${port}`);
					assert.equal(failure.message, `Port ${port} does not speak TLS.`, JSON.stringify(failure));
					assert.deepEqual([failure.code, failure.final], ['not-tls', true]);
				}),
			),
		);
	});

for (const [protocol, scheme] of clear) {
	test(`${protocol} at ${scheme}:// names a port with TLS`, async (t) => {
		const { port } = await greeter(t, tlsAlert, foreignTurn(protocol));
		const failure = await failureAt(protocol, `${scheme}://127.0.0.1:${port}`);
		assert.equal(failure.message, 'This port speaks TLS.', JSON.stringify(failure));
		assert.equal(failure.final, true);
		assert.match(failure.remedy?.text ?? '', /^Use ((mqtts|xmpps|tls|amqps):\/\/ or wss|amqps|kafka\+ssl|wss):\/\/\.$/);
	});

	test(`${protocol} at ${scheme}:// recognizes text, and does not try again`, async (t) => {
		const greeting = await greeter(t, Buffer.from('Welcome to my toaster\r\n'), foreignTurn(protocol));
		const session = realSession(protocol, {
			...{ url: `${scheme}://127.0.0.1:${greeting.port}`, values, secrets, pause: () => 1 },
		});
		t.after(() => session.dispose());
		await assert.rejects(
			session.connect(),
			/^FailureError: This is not an? .*: it answers with text of another protocol\.$/,
		);
		assert.equal(session.status().state.kind, 'closed');
		assert.equal(greeting.accepted, 1);
	});
}

// Where the client waits, a server with TLS does so as well.
for (const [protocol, scheme] of clear.filter(([one]) => foreignTurn(one) === 'answer'))
	test(`${protocol} at ${scheme}:// says what a port with TLS may be that hangs up without a word`, async (t) => {
		const server = createSecure({ cert: pki().read(pki().server.cert), key: pki().read(pki().server.key) });
		server.on('tlsClientError', () => {});
		const port = await listen(server);
		t.after(() => server.close());
		const failure = await failureAt(protocol, `${scheme}://127.0.0.1:${port}`);
		assert.match(failure.message, /closed the connection/);
		assert.match(
			failure.remedy?.text ?? '',
			/^(Check the port, and whether the URL must start with .*s:\/\/|The broker may expect TLS \(kafka\+ssl:\/\/\))/,
		);
	});

test('a web server that refuses the WebSocket handshake is not asked again, unless it is busy', async (t) => {
	const cases: [status: string, body: string, code: string, final: boolean | undefined][] = [
		['400 Bad Request', 'The plain HTTP request was sent to HTTPS port', 'not-', true],
		['400 Bad Request', 'Client sent an HTTP request to an HTTPS server.\n', 'not-', true],
		['200 OK', '<html>', 'upgrade-refused', true],
		['404 Not Found', '', 'upgrade-refused', true],
		['429 Too Many Requests', '', 'upgrade-refused', undefined],
		['503 Service Unavailable', '', 'upgrade-refused', undefined],
		['401 Unauthorized', '', 'credentials-refused', true],
		['302 Found', '', 'redirected', true],
	];
	for (const [status, body, code, final] of cases) {
		const bytes = Buffer.from(`HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
		const { port } = await greeter(t, bytes, 'answer');
		for (const protocol of ['mqtt', 'websocket', 'xmpp']) {
			const failure = await failureAt(protocol, `ws://127.0.0.1:${port}`);
			assert.deepEqual([failure.code, failure.final], [code === 'not-' ? `not-${protocol}` : code, final], status);
		}
	}
});

const datagrams: [scheme: string, answer: Buffer, message: string][] = [
	['coap', Buffer.from('15fefd00000000000000000002020a', 'hex'), 'This port speaks DTLS.'],
	['coap', Buffer.from('SIP/2.0 400 Bad Request\r\n\r\n'), 'This is a telephony server (SIP), not a CoAP server.'],
	[
		'coaps',
		Buffer.from('hello there'),
		'This is not a CoAP server with DTLS: it answers with text of another protocol.',
	],
];
for (const [scheme, answer, message] of datagrams)
	test(`${scheme}:// names another server if nothing else answers: ${message}`, async (t) => {
		const server = createSocket('udp4');
		server.on('message', (_, from) => server.send(answer, from.port, from.address));
		server.bind(0, '127.0.0.1');
		await once(server, 'listening');
		t.after(() => server.close());
		const failure = await failureAt('coap', `${scheme}://127.0.0.1:${server.address().port}`, { connectTimeout: 1 });
		assert.deepEqual([failure.message, failure.final, failure.code], [message, true, 'not-coap']);
	});
