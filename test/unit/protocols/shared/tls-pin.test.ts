import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import test, { type TestContext } from 'node:test';
import { createServer } from 'node:tls';
import { type Failure, FailureError } from '../../../../src/base/failure';
import type { Security } from '../../../../src/model/contracts/session';
import { dial } from '../../../../src/protocols/shared/dial/dial';
import { socketFailure } from '../../../../src/protocols/shared/dial/socket-failures';
import { isPinned } from '../../../../src/protocols/shared/tls/pin';
import type { TlsSettings } from '../../../../src/protocols/shared/tls/settings';
import { type Pair, pki } from '../../../support/servers/pki';

const made = pki();
const other = `${'AB:'.repeat(31)}CD`;

/** The security of a connection to a server with this certificate, or the failure. */
async function attempt(t: TestContext, pair: Pair, tls: Partial<TlsSettings>): Promise<Security | Failure> {
	const server = createServer({ cert: made.read(pair.cert), key: made.read(pair.key) }, (socket) =>
		socket.on('error', () => {}).end(),
	);
	server.on('tlsClientError', () => {});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.after(() => server.close());
	const { port } = server.address() as AddressInfo;
	const context = { signal: new AbortController().signal, step() {}, found() {} };
	try {
		const { socket, security } = await dial({ host: '127.0.0.1', port, tls: { verify: true, ...tls }, context });
		socket.destroy();
		return security;
	} catch (error) {
		assert.ok(error instanceof FailureError);
		return error.failure;
	}
}

const refused: [name: string, pair: Pair, tls: Partial<TlsSettings>, code: string, problem: string][] = [
	['signed by itself', made.selfSigned, {}, 'certificate-self-signed', 'signed by itself, not trusted here'],
	['of an unknown authority', made.server, {}, 'certificate-unknown-ca', 'its issuer is not known here'],
	['for another host', made.otherHost, { ca: made.ca }, 'certificate-wrong-host', 'for other hosts'],
	['expired', made.expired, { ca: made.ca }, 'certificate-expired', 'expired'],
];
for (const [name, pair, tls, code, problem] of refused) {
	test(`a certificate ${name} is refused with its chain`, async (t) => {
		const failure = (await attempt(t, pair, tls)) as Failure;
		assert.equal(failure.code, code);
		const [own] = failure.certificates ?? [];
		assert.equal(own?.fingerprint, made.fingerprint(pair.cert));
		assert.equal(own?.problem, problem);
		assert.ok(own.subject && own.issuer && Number.isFinite(own.validFrom) && Number.isFinite(own.validTo));
	});

	test(`a certificate ${name} is accepted if it is the pinned one, and only then`, async (t) => {
		const pin = made.fingerprint(pair.cert);
		for (const written of [pin, pin.toLowerCase()]) {
			const security = (await attempt(t, pair, { ...tls, pin: written })) as Security;
			assert.deepEqual([security.verified, security.pinned], [true, true]);
		}
		const failure = (await attempt(t, pair, { ...tls, pin: other })) as Failure;
		assert.equal(failure.code, 'certificate-changed');
		assert.equal(failure.final, true);
		for (const fingerprint of [pin, other]) assert.ok(failure.message.includes(fingerprint), failure.message);
		assert.equal(failure.certificates?.[0]?.fingerprint, pin);
	});
}

test('a certificate that can be verified needs no pin, and a pin replaces no authority', async (t) => {
	for (const pin of [undefined, other, made.fingerprint(made.server.cert)]) {
		const security = (await attempt(t, made.server, { ca: made.ca, pin })) as Security;
		assert.deepEqual([security.verified, security.pinned], [true, undefined]);
	}
});

test('without verification a certificate is not called verified, unless it is the pinned one', async (t) => {
	const security = async (pin?: string) => {
		const { verified, pinned } = (await attempt(t, made.selfSigned, { verify: false, pin })) as Security;
		return [verified, pinned];
	};
	assert.deepEqual(await security(), [false, undefined]);
	assert.deepEqual(await security(other), [false, undefined]);
	assert.deepEqual(await security(made.fingerprint(made.selfSigned.cert)), [true, true]);
});

test('only a whole fingerprint is a pin', () => {
	for (const text of [undefined, '', 'AB', other.slice(0, -3)]) assert.equal(isPinned(other, text), false);
	assert.equal(isPinned(undefined, other), false);
	assert.equal(isPinned('', ''), false);
	assert.equal(isPinned(other, other.replaceAll(':', '')), true);
});

test('a code that is the whole message is written once', () => {
	const error = Object.assign(new Error('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), {
		code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	});
	assert.equal(socketFailure(error, { host: 'h', port: 1 }).evidence, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
});
