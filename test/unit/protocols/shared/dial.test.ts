import assert from 'node:assert/strict';
import { createServer as createPlain, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { createServer as createSecure, type TlsOptions } from 'node:tls';
import { type Failure, FailureError } from '../../../../src/base/failure';
import { type Dialed, type DialOptions, dial } from '../../../../src/protocols/shared/dial/dial';
import type { TlsSettings } from '../../../../src/protocols/shared/tls/settings';
import { freePort } from '../../../support/net/listen';
import { eventually } from '../../../support/run/eventually';
import { type Pair, pki } from '../../../support/servers/pki';

const made = pki();

interface Attempt {
	dialed?: Dialed;
	failure?: Failure;
	steps: string[];
	found: string[];
}

async function attempt(options: Omit<DialOptions, 'context'>, signal = new AbortController().signal): Promise<Attempt> {
	const result: Attempt = { steps: [], found: [] };
	const context = {
		signal,
		step: (step: string) => void result.steps.push(step),
		found: (detail: string) => void result.found.push(detail),
	};
	try {
		result.dialed = await dial({ ...options, context });
	} catch (error) {
		if (!(error instanceof FailureError)) throw error;
		result.failure = error.failure;
	}
	return result;
}

async function serve(server: Server, body: (port: number, sockets: Set<Socket>) => Promise<void>): Promise<void> {
	const sockets = new Set<Socket>();
	server.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.on('error', () => {}).on('close', () => sockets.delete(socket));
	});
	server.on('tlsClientError', () => {});
	server.on('secureConnection', (socket: Socket) => socket.on('error', () => {}).resume());
	const port = await freePort();
	await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
	try {
		await body(port, sockets);
	} finally {
		for (const socket of sockets) socket.destroy();
		await new Promise((resolve) => server.close(resolve));
	}
}

const secure = (pair: Pair, more: TlsOptions = {}) =>
	createSecure({ cert: made.read(pair.cert), key: made.read(pair.key), ...more });
const trusting: TlsSettings = { ca: made.ca, verify: true };

interface Case {
	title: string;
	server: Pair;
	tls: TlsSettings;
	host?: string;
	code: string;
	says: RegExp;
	/** Expected in the evidence. */
	evidence?: RegExp;
}

const refusals: Case[] = [
	{
		title: 'an unknown authority',
		...{ server: made.server, tls: { verify: true }, code: 'certificate-unknown-ca' },
		says: /authority that this machine does not know/,
		evidence: new RegExp(`UNABLE_TO_VERIFY_LEAF_SIGNATURE.*${made.fingerprint(made.server.cert)}`),
	},
	{
		title: 'another authority than the one given',
		...{ server: made.server, tls: { ca: made.otherCa, verify: true }, code: 'certificate-unknown-ca' },
		says: /does not know/,
	},
	{
		title: 'signed by itself',
		...{
			server: made.selfSigned,
			tls: trusting,
			code: 'certificate-self-signed',
			says: /signed its certificate itself/,
		},
		evidence: new RegExp(`certificate of localhost.*${made.fingerprint(made.selfSigned.cert)}`),
	},
	{ title: 'expired', server: made.expired, tls: trusting, code: 'certificate-expired', says: /has expired/ },
	{
		title: 'for another host',
		...{ server: made.otherHost, tls: trusting, code: 'certificate-wrong-host' },
		says: /is for another\.example, not for 127\.0\.0\.1/,
		evidence: new RegExp(made.fingerprint(made.otherHost.cert)),
	},
	{
		title: 'for another server name than asked for',
		...{ server: made.server, tls: { ...trusting, servername: 'broker.example' }, code: 'certificate-wrong-host' },
		says: /is for localhost, 127\.0\.0\.1, not for broker\.example/,
	},
];

for (const one of refusals)
	test(`certificate refused: ${one.title}`, () =>
		serve(secure(one.server), async (port, sockets) => {
			const { failure, steps } = await attempt({ host: one.host ?? '127.0.0.1', port, tls: one.tls });
			assert.equal(failure?.code, one.code, JSON.stringify(failure));
			assert.match(failure.message, one.says);
			assert.equal(failure.final, true);
			if (one.evidence) assert.match(failure.evidence ?? '', one.evidence);
			assert.deepEqual(steps, ['tcp', 'tls']);
			await eventually('no socket left', () => assert.equal(sockets.size, 0));
			// Without verification the same certificate is accepted, and marked as not verified.
			const { dialed } = await attempt({ host: '127.0.0.1', port, tls: { ...one.tls, verify: false } });
			assert.equal(dialed?.security.verified, false);
			assert.equal(dialed.security.encrypted, true);
			dialed.socket.destroy();
		}));

test('a good certificate: version, cipher and chain are told, by name and by address', () =>
	serve(secure(made.server, { ALPNProtocols: ['mqtt'] }), async (port) => {
		for (const host of ['localhost', '127.0.0.1']) {
			const { dialed, failure, steps, found } = await attempt({
				host,
				port,
				tls: { ...trusting, alpn: ['x', 'mqtt'] },
			});
			assert.ok(dialed, failure?.message);
			assert.deepEqual(steps, host === 'localhost' ? ['lookup', 'tcp', 'tls'] : ['tcp', 'tls']);
			const { security } = dialed;
			assert.equal(security.version, 'TLSv1.3');
			assert.equal(security.verified, true);
			assert.equal(security.authentication, 'none');
			assert.equal(security.chain?.[0]?.fingerprint, made.fingerprint(made.server.cert));
			assert.equal(security.chain[0].issuer, 'ca');
			assert.ok(security.chain[0].validTo > Date.now());
			assert.match(found.at(-1) ?? '', /ALPN mqtt, certificate of localhost/);
			dialed.socket.destroy();
		}
	}));

test('a server name that the certificate has makes another address good', () =>
	serve(secure(made.otherHost), async (port) => {
		const tls = { ...trusting, servername: 'another.example' };
		const { dialed, failure } = await attempt({ host: '127.0.0.1', port, tls });
		assert.ok(dialed, failure?.message);
		dialed.socket.destroy();
	}));

const mutual: TlsOptions = { requestCert: true, rejectUnauthorized: true, ca: made.read(made.ca) };
const clients: [title: string, settings: Partial<TlsSettings>][] = [
	['PEM', made.client],
	['an encrypted key', { cert: made.client.cert, key: made.encryptedKey, passphrase: 'secret' }],
	['PKCS #12', { pfx: made.pfx, passphrase: 'secret' }],
];

for (const [title, settings] of clients)
	test(`client certificate: ${title}`, () =>
		serve(secure(made.server, mutual), async (port) => {
			const { dialed, failure } = await attempt({ host: '127.0.0.1', port, tls: { ...trusting, ...settings } });
			assert.equal(dialed?.security.authentication, 'client certificate', failure?.message);
			dialed.socket.destroy();
		}));

const files: [title: string, settings: Partial<TlsSettings>, code: string, says: RegExp][] = [
	[
		'a file that is not there',
		{ ca: join(made.folder, 'no.pem') },
		'unreadable-file',
		/CA certificate file .*no\.pem does not exist/,
	],
	[
		'a folder',
		{ cert: made.folder, key: made.client.key },
		'unreadable-file',
		/client certificate file .* cannot be read/,
	],
	['a CA that is a key', { ca: made.client.key }, 'bad-ca', /holds no certificate/],
	['a certificate without key', { cert: made.client.cert }, 'bad-key', /no client key/],
	['a key without certificate', { key: made.client.key }, 'bad-cert', /no client certificate/],
	['a key of another', { cert: made.client.cert, key: made.server.key }, 'bad-key', /does not belong/],
	[
		'a wrong passphrase',
		{ cert: made.client.cert, key: made.encryptedKey, passphrase: 'canary' },
		'bad-passphrase',
		/does not open the client key/,
	],
	[
		'no passphrase',
		{ cert: made.client.cert, key: made.encryptedKey },
		'bad-passphrase',
		/encrypted, and no passphrase/,
	],
	[
		'a wrong passphrase of a PKCS #12',
		{ pfx: made.pfx, passphrase: 'canary' },
		'bad-passphrase',
		/does not open the PKCS/,
	],
	['a PKCS #12 that is none', { pfx: made.ca }, 'bad-key', /could not be understood/],
];

for (const [title, settings, code, says] of files)
	test(`files: ${title}`, async () => {
		const { failure, steps } = await attempt({ host: '127.0.0.1', port: 1, tls: { verify: true, ...settings } });
		assert.equal(failure?.code, code, JSON.stringify(failure));
		assert.match(failure.message, says);
		assert.equal(failure.final, true);
		assert.ok(!JSON.stringify(failure).includes('canary'));
		assert.deepEqual(steps, [], 'no connection was made');
	});

test('a port that speaks no TLS', () =>
	serve(
		createPlain((socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')),
		async (port) => {
			const { failure } = await attempt({ host: '127.0.0.1', port, tls: trusting });
			assert.equal(failure?.code, 'not-tls', JSON.stringify(failure));
			assert.match(failure.message, new RegExp(`Port ${port} does not speak TLS`));
		},
	));

test('a port that hangs up on TLS may be tried again', () =>
	serve(
		createPlain((socket) => void socket.once('data', () => socket.destroy())),
		async (port) => {
			const { failure } = await attempt({ host: '127.0.0.1', port, tls: trusting });
			assert.equal(failure?.code, 'tls-closed', JSON.stringify(failure));
			assert.equal(failure.final, false);
		},
	));

test('a server with old TLS only', () =>
	serve(
		secure(made.server, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
		async (port) => {
			const { failure } = await attempt({ host: '127.0.0.1', port, tls: trusting });
			assert.equal(failure?.code, 'tls-version', JSON.stringify(failure));
		},
	));

test('nothing listens', async () => {
	const { failure, steps } = await attempt({ host: '127.0.0.1', port: await freePort() });
	assert.equal(failure?.code, 'refused');
	assert.match(failure.message, /Nothing accepts connections at 127\.0\.0\.1:\d+\./);
	assert.match(failure.evidence ?? '', /ECONNREFUSED/);
	assert.notEqual(failure.final, true);
	assert.deepEqual(steps, ['tcp']);
});

test('a name that does not exist', async () => {
	const { failure, steps } = await attempt({ host: 'nobody.invalid', port: 1883 });
	assert.match(failure?.code ?? '', /^name-/);
	assert.match(failure?.message ?? '', /nobody\.invalid/);
	assert.deepEqual(steps, ['lookup']);
});

test('localhost reaches a server on 127.0.0.1 only, whatever comes first', () =>
	serve(createPlain(), async (port) => {
		const { dialed, failure } = await attempt({ host: 'localhost', port });
		assert.ok(dialed, failure?.message);
		assert.equal(dialed.security.encrypted, false);
		dialed.socket.destroy();
	}));

for (const when of ['before', 'during'] as const)
	test(`aborted ${when} the TLS handshake: no socket is left`, () =>
		serve(
			createPlain((socket) => void socket.resume()),
			async (port, sockets) => {
				const abort = new AbortController();
				if (when === 'before') abort.abort();
				const trying = attempt({ host: '127.0.0.1', port, tls: trusting }, abort.signal);
				if (when === 'during') await eventually('it is connected', () => assert.equal(sockets.size, 1));
				abort.abort();
				assert.equal((await trying).failure?.code, 'cancelled');
				await eventually('no socket left', () => assert.equal(sockets.size, 0));
			},
		));
