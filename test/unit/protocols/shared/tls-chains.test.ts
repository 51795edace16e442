import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer as createRelay } from 'node:net';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { createServer, type TlsOptions } from 'node:tls';
import { type Failure, FailureError } from '../../../../src/base/failure';
import { dial } from '../../../../src/protocols/shared/dial/dial';
import { linkFailure } from '../../../../src/protocols/shared/tls/failures';
import { secureContext } from '../../../../src/protocols/shared/tls/files';
import type { TlsSettings } from '../../../../src/protocols/shared/tls/settings';
import { freePort } from '../../../support/net/listen';
import { pki } from '../../../support/servers/pki';

const made = pki();
const authority = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign';
const local = 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE';
const clientAuth = 'extendedKeyUsage=clientAuth';
const middle = made.sign('int', 'int', authority);
const server = made.sign('int-server', 'localhost', local, 'int');
const client = made.sign('int-client', 'bob', clientAuth, 'int');
const lower = made.sign('int-2', 'int-2', authority, 'int');
const deep = made.sign('deep-client', 'dora', clientAuth, 'int-2');
const expired = made.sign('old-client', 'carol', clientAuth, 'ca', ['-days', '-1']);

function file(name: string, ...parts: (string | Buffer)[]): string {
	const path = join(made.folder, name);
	writeFileSync(path, Buffer.concat(parts.map((part) => (typeof part === 'string' ? readFileSync(part) : part))));
	return path;
}
const der = (cert: string) => file(`${cert.replace(/\W/g, '-')}.der`, new X509Certificate(made.read(cert)).raw);
const rsaKey = file(
	'rsa.key',
	Buffer.from(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })),
);

async function serve(t: TestContext, options: TlsOptions) {
	const seen: { authorized: boolean; length: number }[] = [];
	const listening = createServer(options, (socket) => {
		socket.on('error', () => {}).end();
		let length = 0;
		for (let one = socket.getPeerCertificate(true); one?.raw; one = one.issuerCertificate) {
			length++;
			if (one.issuerCertificate === one) break;
		}
		seen.push({ authorized: socket.authorized, length });
	});
	listening.on('tlsClientError', () => {});
	listening.listen(0, '127.0.0.1');
	await once(listening, 'listening');
	t.after(() => listening.close());
	return { port: (listening.address() as AddressInfo).port, seen };
}

async function attempt(port: number, tls: TlsSettings): Promise<Failure | undefined> {
	const peer = { host: '127.0.0.1', port };
	const context = { signal: new AbortController().signal, step() {}, found() {} };
	try {
		const { socket, error } = await dial({ ...peer, tls, context });
		// With TLS 1.3 the server judges the client certificate after the handshake: it accepts by its "end".
		if (!socket.destroyed) await new Promise((resolve) => socket.on('close', resolve).resume());
		return error() ? linkFailure(error(), peer) : undefined;
	} catch (error) {
		assert.ok(error instanceof FailureError, String(error));
		return error.failure;
	}
}

const all = { whole: [server.cert, middle.cert], rooted: [server.cert, middle.cert, made.ca], alone: [server.cert] };
const holdsOther = /^The file in "CA certificate" holds "other-ca"/;
const chains: [sent: keyof typeof all, ca: string | undefined, says: RegExp, remedy: RegExp][] = [
	[
		'alone',
		undefined,
		/signed by an authority that this machine does not know, "int", and the server does not send/,
		/If "int" is your own authority, set "CA certificate".*must send its certificate after its own/,
	],
	[
		'alone',
		made.ca,
		/does not know, "int", and the server does not send an intermediate certificate that leads to a known one\.$/,
		/^The file in "CA certificate" holds "ca"\. If "int" is an intermediate authority, the server must send/,
	],
	['alone', made.otherCa, /does not know, "int"/, holdsOther],
	[
		'whole',
		undefined,
		/leads to an authority that this machine does not know, "ca"\.$/,
		/^If you trust this server, set "CA certificate" to the certificate of "ca"/,
	],
	['whole', made.otherCa, /does not know, "ca"\.$/, holdsOther],
	['rooted', undefined, /does not know, "ca"\.$/, /^If you trust this server, set "CA certificate"/],
	['rooted', made.otherCa, /does not know, "ca"\.$/, holdsOther],
	[
		'alone',
		middle.cert,
		/^The authority "ca" is missing: it has signed "int" in the file in "CA certificate"/,
		/^Add the certificate of "ca" to that file/,
	],
	[
		'whole',
		middle.cert,
		/^The authority "ca" is missing: it has signed "int" in the file/,
		/^Add the certificate of "ca"/,
	],
	[
		'alone',
		server.cert,
		/^The file in "CA certificate" holds the server's own certificate, and not that of .* "int"\.$/,
		/^Choose the certificate of "int" instead\.$/,
	],
];
for (const [sent, ca, says, remedy] of chains)
	test(`server sends ${all[sent].length} certificates, CA certificate is ${ca?.split('/').at(-1) ?? 'not set'}`, async (t) => {
		const cert = Buffer.concat(all[sent].map((path) => made.read(path)));
		const { port } = await serve(t, { cert, key: made.read(server.key) });
		const failure = await attempt(port, { ca, verify: true });
		assert.ok(failure);
		assert.match(failure.message, says, JSON.stringify(failure));
		assert.match(failure.remedy?.text ?? '', remedy, JSON.stringify(failure));
		assert.equal(failure.final, true);
		if (ca) assert.doesNotMatch(JSON.stringify(failure), /set \\"CA certificate\\"/i);
	});

test('the missing intermediate authority may stand in the file of authorities, PEM in any order or DER', async (t) => {
	const { port } = await serve(t, { cert: made.read(server.cert), key: made.read(server.key) });
	for (const ca of [file('a.pem', middle.cert, made.ca), file('b.pem', made.ca, made.otherCa, middle.cert)])
		assert.equal(await attempt(port, { ca, verify: true }), undefined);
	const plain = await serve(t, { cert: made.read(made.server.cert), key: made.read(made.server.key) });
	assert.equal(await attempt(plain.port, { ca: der(made.ca), verify: true }), undefined);
});

test('a certificate that is signed by itself: who has set a CA certificate is not told to set one', async (t) => {
	const { port } = await serve(t, { cert: made.read(made.selfSigned.cert), key: made.read(made.selfSigned.key) });
	const failure = await attempt(port, { ca: made.ca, verify: true });
	assert.equal(failure?.remedy?.text, 'The file in "CA certificate" holds "ca", not this certificate.');
	const none = await attempt(port, { verify: true });
	assert.equal(none?.remedy?.text, 'If you trust this server, set "CA certificate" to this certificate.');
	assert.equal(await attempt(port, { ca: made.selfSigned.cert, verify: true }), undefined);
});

const mutual: TlsOptions = {
	...{ cert: made.read(made.server.cert), key: made.read(made.server.key), ca: made.read(made.ca) },
	...{ requestCert: true, rejectUnauthorized: true },
};
const trusted: TlsSettings = { ca: made.ca, verify: true };

for (const [title, settings, length] of [
	['in the right order', { cert: file('c1.pem', client.cert, middle.cert), key: client.key }, 3],
	['the intermediate first', { cert: file('c2.pem', middle.cert, client.cert), key: client.key }, 3],
	['the root first', { cert: file('c3.pem', made.ca, middle.cert, client.cert), key: client.key }, 3],
	[
		'beside others',
		{ cert: file('c4.pem', made.server.cert, middle.cert, made.otherCa, client.cert), key: client.key },
		3,
	],
	[
		'the intermediate in the file of authorities',
		{ cert: client.cert, key: client.key, ca: file('c5.pem', middle.cert, made.ca) },
		3,
	],
	// OpenSSL completes a chain by itself only if the file has a single certificate.
	[
		'an intermediate in each of the two files',
		{ cert: file('c7.pem', lower.cert, deep.cert), key: deep.key, ca: file('c8.pem', middle.cert, made.ca) },
		4,
	],
	['with its key in one file', { cert: file('c6.pem', middle.cert, client.key, client.cert) }, 3],
	['DER', { cert: der(made.client.cert), key: made.client.key }, 2],
] as const)
	for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const)
		test(`a client certificate, ${title}, ${maxVersion}`, async (t) => {
			const { port, seen } = await serve(t, { ...mutual, maxVersion });
			assert.equal(await attempt(port, { ...trusted, ...settings }), undefined);
			assert.deepEqual(seen, [{ authorized: true, length }]);
		});

const traditional = file(
	'traditional.key',
	Buffer.from(
		generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
			...{ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'secret' },
		}),
	),
);
const pairs: [title: string, settings: Partial<TlsSettings>, code: string, says: RegExp][] = [
	[
		'a key of another type',
		{ cert: client.cert, key: rsaKey },
		'bad-key',
		/^The client key does not belong to the client certificate: the key is of the type RSA, the certificate is for EC\.$/,
	],
	[
		'a key of another',
		{ cert: client.cert, key: made.client.key },
		'bad-key',
		/^The client key does not belong to the client certificate\.$/,
	],
	[
		'a key of none',
		{ cert: file('p1.pem', middle.cert, client.cert), key: made.client.key },
		'bad-key',
		/^The client key does not belong to any of the 2 certificates in the file\.$/,
	],
	['a key that is a certificate', { cert: client.cert, key: client.cert }, 'bad-key', /could not be understood/],
	['a certificate that is a key', { cert: client.key, key: client.key }, 'bad-key', /could not be understood/],
	[
		'an encrypted key in the old form, without passphrase',
		{ cert: client.cert, key: traditional },
		'bad-passphrase',
		/is encrypted, and no passphrase was given/,
	],
	[
		'an encrypted key in the old form, with a wrong one',
		{ cert: client.cert, key: traditional, passphrase: 'canary' },
		'bad-passphrase',
		/does not open the client key/,
	],
	[
		'an encrypted key of another type',
		{ cert: client.cert, key: traditional, passphrase: 'secret' },
		'bad-key',
		/type RSA/,
	],
];
for (const [title, settings, code, says] of pairs)
	test(`files: ${title}`, () =>
		assert.rejects(secureContext({ verify: true, ...settings }), (error) => {
			assert.ok(error instanceof FailureError, String(error));
			assert.match(error.message, says, JSON.stringify(error.failure));
			assert.deepEqual([error.failure.code, error.failure.final], [code, true]);
			assert.doesNotMatch(JSON.stringify(error.failure), /canary|PRIVATE/);
			return true;
		}));

/** OpenSSL's own server. Node's checks the client certificate after the handshake and hangs up without a reason. */
async function strictServer(t: TestContext, ...more: string[]): Promise<number> {
	const port = await freePort();
	const { cert, key } = made.server;
	const child = spawn(
		'openssl',
		[
			's_server',
			'-accept',
			`127.0.0.1:${port}`,
			'-cert',
			cert,
			'-key',
			key,
			'-CAfile',
			made.ca,
			'-Verify',
			'3',
			'-verify_return_error',
			...more,
		],
		{ stdio: ['pipe', 'pipe', 'ignore'] },
	);
	const exit = once(child, 'exit');
	t.after(async () => {
		child.kill('SIGKILL');
		await exit;
	});
	for await (const text of child.stdout) if (String(text).includes('ACCEPT')) break;
	return port;
}

const refusals: [title: string, settings: Partial<TlsSettings>, code: string, says: RegExp, remedy: RegExp][] = [
	['none', {}, 'client-certificate-required', /and none was given\.$/, /^Set "Client certificate"/],
	[
		'one of another authority',
		made.stranger,
		'client-certificate-refused',
		/does not know the authority that signed the client certificate, "other-ca"\.$/,
		/If "other-ca" is an intermediate authority/,
	],
	[
		'one without its intermediate',
		client,
		'client-certificate-refused',
		/, "int"\.$/,
		/^If "int" is an intermediate authority, add its certificate to the file/,
	],
	[
		'one that has expired',
		expired,
		'client-certificate-expired',
		/^The server refused the client certificate "carol": it expired on \d{4}-\d\d-\d\d\.$/,
		/valid now/,
	],
];
for (const [title, settings, code, says, remedy] of refusals)
	for (const version of ['-tls1_2', '-tls1_3'])
		test(`a server that asks for a client certificate gets ${title}, ${version}`, async (t) => {
			const failure = await attempt(await strictServer(t, version), { ...trusted, ...settings });
			const unnamed = title === 'none' && version === '-tls1_2';
			assert.match(
				failure?.message ?? '',
				unnamed ? /it may want a client certificate/ : says,
				JSON.stringify(failure),
			);
			assert.equal(failure?.code, unnamed ? 'tls-handshake-refused' : code);
			assert.match(failure.remedy?.text ?? '', remedy);
		});

test('a server that accepts another kind of key: not that none was given', async (t) => {
	const failure = await attempt(await strictServer(t, '-client_sigalgs', 'RSA-PSS+SHA256'), {
		...trusted,
		...made.client,
	});
	assert.equal(failure?.code, 'client-certificate-required', JSON.stringify(failure));
	assert.match(failure.message, /did not accept "alice", so none was sent\.$/);
});

test('a PKCS #12 file that the server does not accept: not that none was given', async (t) => {
	const settings = { ...trusted, pfx: made.pfx, passphrase: 'secret' };
	const failure = await attempt(await strictServer(t, '-client_sigalgs', 'RSA-PSS+SHA256'), settings);
	assert.match(failure?.message ?? '', /did not accept "alice"/, JSON.stringify(failure));
});

for (const [settings, says] of [
	[{}, /closed the connection during the TLS handshake: it may want a client certificate\.$/],
	[client, /during the TLS handshake: it may not accept the client certificate "bob"\.$/],
	[expired, /refused the client certificate "carol": it expired on/],
] as const)
	test(`a server that hangs up in the middle of the handshake: ${says.source}`, async (t) => {
		const { port } = await serve(t, { ...mutual, maxVersion: 'TLSv1.2', requestCert: true });
		const listening = await relayThatCuts(t, port);
		const failure = await attempt(listening, { ...trusted, ...settings });
		assert.match(failure?.message ?? '', says, JSON.stringify(failure));
	});

/** Hangs up when the client answers the server's first message. */
async function relayThatCuts(t: TestContext, port: number): Promise<number> {
	const relay = createRelay((socket) => {
		const upstream = connect(port, '127.0.0.1');
		let heard = false;
		socket.on('error', () => {}).on('close', () => upstream.destroy());
		upstream
			.on('error', () => {})
			.on('data', (bytes) => {
				heard = true;
				socket.write(bytes);
			});
		socket.on('data', (bytes) => (heard ? socket.end() : upstream.write(bytes)));
	});
	relay.listen(0, '127.0.0.1');
	await once(relay, 'listening');
	t.after(() => relay.close());
	return (relay.address() as AddressInfo).port;
}
