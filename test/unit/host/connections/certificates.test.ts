import assert from 'node:assert/strict';
import test from 'node:test';
import { type Failure, FailureError } from '../../../../src/base/failure';
import type * as Certificates from '../../../../src/host/connections/certificates';
import { loadHost } from '../../../support/host/load-host';

const fingerprint = `${'AB:'.repeat(31)}CD`;
const failure: Failure = {
	code: 'certificate-self-signed',
	message: 'The server has signed its certificate itself.',
	evidence: 'DEPTH_ZERO_SELF_SIGNED_CERT',
	remedy: { text: 'Set "CA certificate".' },
	certificates: [
		{ subject: 'barn', issuer: 'barn', validFrom: 0, validTo: 4e12, fingerprint, problem: 'signed by itself' },
		{ subject: 'root', issuer: 'root', validFrom: 0, validTo: 4e12, fingerprint: '00' },
	],
};
const profile = { id: 'x', name: 'Barn', protocol: 'mqtt', url: 'mqtts://h', tls: { ca: '/ca.pem' } };

/** An editor in which these buttons are clicked, one after the other. */
async function begin(...clicks: (string | undefined)[]) {
	const shown: { text: string; detail?: string; buttons: string[] }[] = [];
	const executed: unknown[][] = [];
	const copied: string[] = [];
	const show = async (text: string, { detail }: { detail?: string }, ...buttons: string[]) => {
		shown.push({ text, buttons, ...(detail !== undefined && { detail }) });
		return clicks.shift();
	};
	const host = await loadHost<typeof Certificates>('src/host/connections/certificates.ts', {
		commands: { executeCommand: async (...call: unknown[]) => void executed.push(call) },
		env: { clipboard: { writeText: async (text: string) => void copied.push(text) } },
		window: { showErrorMessage: show, showWarningMessage: show },
	});
	const saved: unknown[] = [];
	const services = {
		log: { failure: (error: FailureError) => error.failure, error() {} },
		profiles: { find: () => ({ profile }), update: async (...call: unknown[]) => void saved.push(call) },
	};
	const trusted = await host.offerTrust(services as never, profile, new FailureError(failure));
	return { host, shown, executed, copied, saved, trusted };
}

test('a certificate is trusted after its chain was shown, and the profile keeps its fingerprint', async () => {
	const { shown, saved, trusted } = await begin('Trust This Certificate…', 'Trust');
	assert.equal(trusted, true);
	assert.deepEqual(shown[0]?.buttons, ['Trust This Certificate…', 'Edit Connection', 'Copy']);
	assert.match(shown[0]?.text ?? '', /Barn: The server has signed its certificate itself\. Set "CA certificate"\./);
	const detail = shown[1]?.detail ?? '';
	for (const part of [
		'Certificate: barn – signed by itself',
		'Signed by: root',
		fingerprint,
		'1970-01-01 to 2096-10-02',
	])
		assert.ok(detail.includes(part), detail);
	assert.deepEqual(saved, [['x', { ...profile, tls: { ca: '/ca.pem', pin: fingerprint } }]]);
});

test('nothing is trusted without the second question', async () => {
	for (const clicks of [[], [undefined], ['Trust This Certificate…', undefined], ['Copy'], ['Edit Connection']]) {
		const { saved, trusted } = await begin(...clicks);
		assert.equal(trusted, false);
		assert.deepEqual(saved, []);
	}
});

test('the failure can be copied with its chain, and the connection edited', async () => {
	const { copied } = await begin('Copy');
	for (const part of [failure.message, 'DEPTH_ZERO_SELF_SIGNED_CERT', fingerprint, 'signed by itself'])
		assert.ok(copied[0]?.includes(part), copied[0]);
	const { executed } = await begin('Edit Connection');
	assert.deepEqual(executed, [['messagingWorkbench.editConnection', 'x']]);
});

test('only a protocol with the field, and only a refused certificate, can be trusted', async () => {
	const { host } = await begin();
	assert.equal(host.canTrust(failure, 'mqtt'), true);
	assert.equal(host.canTrust(failure, 'coap'), false);
	assert.equal(host.canTrust({ ...failure, certificates: [] }, 'mqtt'), false);
	assert.equal(host.canTrust({ code: 'x', message: 'y' }, 'mqtt'), false);
});
