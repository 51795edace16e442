import type { FormApi } from '../../../src/model/contracts/panel-api';
import type { TestReport } from '../../../src/model/contracts/session';

const fingerprint = `${'AB:'.repeat(31)}CD`;
const report: TestReport = {
	ok: false,
	facts: [],
	steps: [
		{ step: 'lookup', ms: 2, detail: '127.0.0.1' },
		{ step: 'tcp', ms: 1, detail: '127.0.0.1:8883' },
		{
			step: 'tls',
			ms: 14,
			failure: {
				code: 'self-signed',
				message: 'The server’s certificate is signed by itself.',
				evidence: 'DEPTH_ZERO_SELF_SIGNED_CERT, fingerprint AB:CD',
				remedy: { text: 'Choose its CA certificate in the TLS section.' },
				certificates: [
					{ subject: 'broker.example', issuer: 'Barn CA', validFrom: 0, validTo: 4e12, fingerprint },
					{
						subject: 'Barn CA',
						issuer: 'Barn CA',
						validFrom: 0,
						validTo: 4e12,
						fingerprint,
						problem: 'signed by itself, not trusted here',
					},
				],
			},
		},
	],
};
const good: TestReport = {
	ok: true,
	facts: [{ label: 'Protocol version', value: '5' }],
	steps: [
		{ step: 'lookup', ms: 2, detail: '127.0.0.1' },
		{ step: 'tcp', ms: 1 },
		{ step: 'login', ms: 3 },
	],
	security: { encrypted: false, verified: false, authentication: 'none' },
};

/** A host for the form that records its calls. */
export function fakeForm(profile: string, protocol: string, storedSecrets: readonly string[] = []) {
	const calls: { name: string; args: unknown[] }[] = [];
	const stored = new Set(storedSecrets);
	const secrets: unknown[][] = [];
	const drafts: unknown[][] = [];
	const initial: Record<string, unknown> = profile === '' ? { name: '', protocol, url: '' } : JSON.parse(profile);
	let outcome = good;
	const api: FormApi = {
		init: async () => ({
			profile: initial,
			isNew: !('id' in initial),
			scope: 'workspace',
			canWorkspace: true,
			storedSecrets: [...stored],
			names: ['broker.example'],
			isDraft: false,
		}),
		save: async (...args) => void calls.push({ name: 'save', args }),
		test: async (...args) => {
			calls.push({ name: 'test', args });
			return outcome;
		},
		cancelTest: async () => void calls.push({ name: 'cancelTest', args: [] }),
		enterSecrets: async (...args) => void secrets.push(args),
		trustCertificate: async () => {
			calls.push({ name: 'trustCertificate', args: [] });
			outcome = good;
			return fingerprint;
		},
		copy: async (...args) => void calls.push({ name: 'copy', args }),
		keepDraft: async (...args) => void drafts.push(args),
		secretsFor: async () => [...stored],
		// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the editor, as in a setting.
		pickFile: async () => '${workspaceFolder}/certs/ca.pem',
		cancel: async (...args) => void calls.push({ name: 'cancel', args }),
	};
	return {
		api,
		control: {
			calls,
			secrets,
			drafts,
			fail: () => {
				outcome = report;
			},
			/** The server speaks another protocol. */
			speaks(otherProtocol: string) {
				const failure = { code: 'not-mqtt', message: 'This is another server.', otherProtocol };
				outcome = { ok: false, facts: [], steps: [{ step: 'handshake', ms: 1, failure }] };
			},
		},
	};
}
