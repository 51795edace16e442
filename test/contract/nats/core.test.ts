import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connect as tcpConnect } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { createAccount, createUser } from '@nats-io/nkeys';
import type { Draft } from '../../../src/model/contracts/message';
import type { Values } from '../../../src/model/profile/field';
import { adapter } from '../../../src/protocols/nats/adapter';
import { statusOf } from '../../../src/protocols/nats/describe/flags';
import { listen } from '../../support/net/listen';
import { eventually } from '../../support/run/eventually';
import { startNats } from '../../support/servers/nats';
import { pki } from '../../support/servers/pki';
import { connect, type Recorded, refused, resolved } from '../suite/attempt';
import { withServer } from './with-server';

const draft = (target: string, payload = 'x', more: Partial<Draft> = {}): Draft => ({
	...{ verb: 'publish', target, values: {}, payload: Buffer.from(payload) },
	...more,
});
const request = (target: string, values: Values = {}) => draft(target, 'x', { verb: 'request', values });
const sending = (seq: number) => ({ seq, progress() {}, signal: new AbortController().signal });
const targets = ({ messages }: Recorded) => messages.map(({ target }) => target);

test('core NATS', async (t) => {
	const { peer, server, open } = await withServer(t);

	await t.test('a request without a subscriber is named, with its code as an answer', async (context) => {
		const { link, recorded } = await open();
		context.after(() => link.destroy());
		const receipt = await link.send(request('no.service'), sending(7));
		assert.equal(receipt.proof, 'unrouted');
		assert.match(receipt.text, /^no responders: no client is subscribed/);
		assert.deepEqual(
			recorded.messages.map(({ flags, answers }) => [statusOf(flags), answers]),
			[['503', 7]],
		);
	});

	await t.test('waits for several answers, and says how many came in time', async (context) => {
		const { link, recorded } = await open();
		context.after(() => link.destroy());
		for (let at = 0; at < 3; at++) peer.subscribe('many', { callback: (_, message) => void message.respond(`${at}`) });
		peer.subscribe('mute', { callback() {} });
		await peer.flush();
		const all = await link.send(request('many', { maxAnswers: 3 }), sending(1));
		assert.deepEqual([all.proof, /^3 answers in/.test(all.text)], ['answered', true], all.text);
		const some = await link.send(request('many', { maxAnswers: 9, timeout: 0.3 }), sending(2));
		assert.equal(some.text, '3 answers, within 0.3 s');
		const none = await link.send(request('mute', { timeout: 0.2 }), sending(3));
		assert.match(none.text, /^no answer, within 0\.2 s/);
		assert.deepEqual(
			recorded.messages.map(({ answers }) => answers),
			[1, 1, 1, 2, 2, 2],
		);
	});

	await t.test('a message that is too large is refused before it is sent, with both numbers', async (context) => {
		const { link } = await open();
		context.after(() => link.destroy());
		await assert.rejects(link.send(draft('a', 'x'.repeat(1_048_577))), /1,048,577 bytes .*accepts 1,048,576/);
		assert.equal((await link.send(draft('a', 'x'.repeat(1_048_576)))).proof, 'acknowledged');
	});

	await t.test('several queue groups share one subject, each receives every message once', async (context) => {
		const { link, recorded } = await open();
		const other = await open();
		context.after(() => {
			link.destroy();
			other.link.destroy();
		});
		for (const one of [link, other.link]) await one.subscribe?.({ target: 'jobs', mode: 'queue', queue: 'g' });
		for (let at = 0; at < 100; at++) peer.publish('jobs', 'x');
		await peer.flush();
		await eventually('all', () => assert.equal(recorded.messages.length + other.recorded.messages.length, 100));
		assert.ok(recorded.messages.length > 0 && other.recorded.messages.length > 0);
	});

	await t.test('a wildcard leaves out internal subjects, counts them, and shows them when asked', async (context) => {
		const { link, recorded } = await open();
		const other = await open();
		context.after(() => {
			link.destroy();
			other.link.destroy();
		});
		await link.subscribe?.({ target: '>' });
		await other.link.subscribe?.({ target: '>', internal: true });
		await link.browse?.(undefined, 0, 10);
		await other.link.browse?.(undefined, 0, 10);
		peer.publish('$KV.b.k', 'x');
		peer.publish('_INBOX.other.1', 'x');
		peer.publish('end', 'x');
		await peer.flush();
		await eventually('the end', () => assert.equal(targets(recorded).at(-1), 'end'));
		assert.deepEqual(targets(recorded), ['end']);
		await eventually('the count', () =>
			assert.match(recorded.changes.at(-1)?.detail ?? '', /^[\d,]+ messages of internal subjects not shown$/),
		);
		await eventually('the end', () => assert.equal(targets(other.recorded).at(-1), 'end'));
		assert.ok(targets(other.recorded).includes('$KV.b.k') && targets(other.recorded).includes('_INBOX.other.1'));
	});

	await t.test('own messages come back, and those of others keep their reply subject', async (context) => {
		const { link, recorded } = await open();
		context.after(() => link.destroy());
		await link.subscribe?.({ target: 'echo.*' });
		await link.send(draft('echo.1', 'x', { values: { reply: 'reply.to' } }));
		await eventually('echo', () =>
			assert.equal(recorded.messages[0]?.meta?.toString(), Uint8Array.from(Buffer.from('reply.to')).toString()),
		);
	});

	await t.test('a flood of messages costs few pings, and every receipt is proven', async (context) => {
		const { link } = await open();
		context.after(() => link.destroy());
		let count = 0;
		const counter = peer.subscribe('flood', { callback: () => void count++ });
		await peer.flush();
		const receipts = await Promise.all(Array.from({ length: 20_000 }, () => link.send(draft('flood'))));
		assert.ok(receipts.every(({ proof }) => proof === 'acknowledged'));
		await eventually('all', () => assert.equal(count, 20_000));
		counter.unsubscribe();
	});

	await t.test('lame duck is said with the other servers, and the end has its reason', async () => {
		const duck = await startNats();
		const profile = resolved('nats', `nats://127.0.0.1:${duck.port}`);
		const { link, recorded } = await connect({ adapter, profile });
		duck.kill('SIGUSR2');
		await eventually('noted', () => assert.match(recorded.notes.join('\n'), /lame duck mode: it will shut down/));
		duck.kill('SIGKILL');
		assert.ok(await link.ended);
		await duck.stop();
	});
	assert.ok(server.port);
});

test('refusals belong to their message, reply subject or subscription', async (t) => {
	const lines = [
		'authorization { users: [ { user: u, password: p, permissions: {',
		'publish: { allow: ["ok.>", "also.>"] }, subscribe: { allow: ["ok.>"] } } } ] }',
	];
	const server = await startNats({ lines });
	t.after(() => server.stop());
	const profile = resolved('nats', `nats://127.0.0.1:${server.port}`, { username: 'u' });
	const { link, recorded } = await connect({ adapter, profile, secrets: { password: 'p' } });
	const subjects = ['ok.1', 'no.1', 'ok.2', 'no.ä"\\', 'no.1', 'also.x'];
	const proofs = (await Promise.all(subjects.map((subject) => link.send(draft(subject))))).map(({ proof }) => proof);
	assert.deepEqual(proofs, ['acknowledged', 'refused', 'acknowledged', 'refused', 'refused', 'acknowledged']);
	await assert.rejects(async () => link.subscribe?.({ target: 'no.*' }), /no permission to subscribe to "no\.\*"/);
	await assert.rejects(async () => link.subscribe?.({ target: 'no', mode: 'queue', queue: 'g' }), /queue group "g"/);
	await link.subscribe?.({ target: 'ok.>' });
	// Answers cannot be received, so that nothing is sent.
	await assert.rejects(link.send(request('ok.service')), /no permission to subscribe to "_INBOX/);
	assert.deepEqual(recorded.notes, []);
	// The permission is taken away while the subscription is there.
	server.configure([lines[0] as string, (lines[1] as string).replace('allow: ["ok.>"]', 'allow: ["other"]')]);
	server.kill('SIGHUP');
	await eventually('ended', () =>
		assert.match(recorded.changes.at(-1)?.failure?.message ?? '', /no permission to subscribe to "ok\.>"/),
	);
	await link.close();
});

test('signs in with a token, an nkey and a credentials file', async (t) => {
	const user = createUser();
	const seed = Buffer.from(user.getSeed()).toString();
	const nkeys = await startNats({ lines: [`authorization { users: [ { nkey: ${user.getPublicKey()} } ] }`] });
	const tokens = await startNats({ lines: ['authorization { token: "canary-tok" }'] });
	t.after(async () => {
		await nkeys.stop();
		await tokens.stop();
	});
	const at = (port: number, values: Values = {}) => resolved('nats', `nats://127.0.0.1:${port}`, values);
	const used = async (options: Parameters<typeof connect>[0]) => {
		const { link } = await connect(options);
		link.destroy();
		return link.security.authentication;
	};
	assert.equal(await used({ adapter, profile: at(nkeys.port), secrets: { nkey: seed } }), 'nkey');
	assert.equal(await used({ adapter, profile: at(tokens.port), secrets: { token: 'canary-tok' } }), 'token');
	assert.equal(await used({ adapter, profile: at(tokens.port, { username: 'canary-tok' }) }), 'user name');
	const other = Buffer.from(createUser().getSeed()).toString();
	for (const [profile, secrets] of [
		[at(nkeys.port), { nkey: other }],
		[at(nkeys.port), {}],
		[at(tokens.port), { token: 'wrong' }],
	] as const) {
		const { failure } = await refused({ adapter, profile, secrets });
		assert.deepEqual([failure.code, failure.final], ['credentials-refused', true]);
		assert.doesNotMatch(JSON.stringify(failure), new RegExp(other));
	}
	const invalid = await refused({ adapter, profile: at(nkeys.port), secrets: { nkey: 'SUNOTASEED' } });
	assert.equal(invalid.failure.code, 'bad-nkey');
	// A JWT of an operator, whose account and user are signed with nkeys.
	await t.test('credentials', async () => {
		const { folder } = pki();
		const path = join(folder, 'user.creds');
		const write = (text: string) => writeFileSync(path, text);
		write('nothing');
		const bad = await refused({ adapter, profile: at(nkeys.port, { credentials: path }) });
		assert.equal(bad.failure.code, 'bad-file');
		const missing = await refused({ adapter, profile: at(nkeys.port, { credentials: `${path}.none` }) });
		assert.match(missing.failure.message, /cannot be read/);
		const operator = await import('@nats-io/nkeys').then(({ createOperator }) => createOperator());
		const account = createAccount();
		const sign = (by: typeof operator, claims: object) => {
			const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
			const body = `${encode({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encode({ jti: 'x', iat: 1, iss: by.getPublicKey(), ...claims })}`;
			return `${body}.${Buffer.from(by.sign(Buffer.from(body))).toString('base64url')}`;
		};
		const limits = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
		const operatorJwt = sign(operator, {
			name: 'O',
			sub: operator.getPublicKey(),
			nats: { type: 'operator', version: 2 },
		});
		const accountJwt = sign(operator, {
			name: 'A',
			sub: account.getPublicKey(),
			nats: { limits, type: 'account', version: 2 },
		});
		const userJwt = sign(account, {
			...{ name: 'U', sub: user.getPublicKey() },
			nats: { pub: {}, sub: {}, subs: -1, data: -1, payload: -1, type: 'user', version: 2 },
		});
		const jwts = await startNats({
			lines: [
				`operator: ${operatorJwt}`,
				'resolver: MEMORY',
				`resolver_preload: { ${account.getPublicKey()}: ${accountJwt} }`,
			],
		});
		write(
			`-----BEGIN NATS USER JWT-----\n${userJwt}\n------END NATS USER JWT------\n\n*** IMPORTANT ***\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`,
		);
		assert.equal(await used({ adapter, profile: at(jwts.port, { credentials: path }) }), 'credentials file (JWT)');
		await jwts.stop();
	});
});

test('TLS: upgrades where the server requires it, never goes on in plain, and begins with TLS when told to', async (t) => {
	const { server: own, client, ca, read } = pki();
	const tls = [`cert_file: "${own.cert}"`, `key_file: "${own.key}"`];
	const server = await startNats({ tls });
	const mutual = await startNats({ tls: [...tls, `ca_file: "${ca}"`, 'verify: true'] });
	const plain = await startNats();
	const proxy = createTlsServer({ cert: read(own.cert), key: read(own.key) }, (socket) => {
		const inner = tcpConnect(plain.port, '127.0.0.1');
		socket.on('error', () => {}).on('close', () => inner.destroy());
		inner.on('error', () => {}).on('close', () => socket.destroy());
		socket.pipe(inner).pipe(socket);
	});
	const proxyPort = await listen(proxy);
	t.after(async () => {
		proxy.close();
		for (const one of [server, mutual, plain]) await one.stop();
	});
	const at = (scheme: string, port: number, values: Values = {}) =>
		resolved('nats', `${scheme}://127.0.0.1:${port}`, values);
	const secured = async (profile: ReturnType<typeof at>) => {
		const { link } = await connect({ adapter, profile });
		link.destroy();
		return [link.security.encrypted, link.security.authentication];
	};
	assert.deepEqual(await secured(at('tls', server.port, { 'tls.ca': ca })), [true, 'none']);
	assert.deepEqual(await secured(at('nats', server.port, { 'tls.ca': ca })), [true, 'none'], 'nats:// is upgraded');
	assert.deepEqual(
		await secured(at('tls', mutual.port, { 'tls.ca': ca, 'tls.cert': client.cert, 'tls.key': client.key })),
		[true, 'client certificate'],
	);
	assert.deepEqual(await secured(at('tls', proxyPort, { 'tls.ca': ca, 'tls.first': true })), [true, 'none']);
	const without = await refused({ adapter, profile: at('tls', mutual.port, { 'tls.ca': ca }) });
	assert.match(without.failure.code, /certificate|tls/);
	const noTls = await refused({ adapter, profile: at('tls', plain.port, { 'tls.ca': ca }) });
	assert.deepEqual([noTls.failure.code, noTls.failure.final], ['no-tls', true]);
	const stranger = await refused({ adapter, profile: at('nats', server.port) });
	assert.match(stranger.failure.code, /^certificate-/);
});
