import type { SessionState, SubscriptionState } from '../../../src/model/contracts/session';
import { start } from './store';

/** Names and values that would do harm if they were taken for anything but text. */
export const nasty = [
	'<img src=x onerror=alert(1)>',
	'\u001b[31mred\u001b[0m',
	'\u202egnp.exe\u202c',
	'<script>document.title="owned"</script>',
	'__proto__',
	'"onmouseover="alert(2)',
];
const security = {
	encrypted: true,
	verified: true,
	version: 'TLSv1.3',
	cipher: 'TLS_AES_256_GCM_SHA384',
	authentication: 'user name and password',
	chain: [
		{
			subject: 'broker.example.com',
			issuer: "Let's Encrypt R11",
			validTo: Date.now() + 40 * 86_400_000,
			fingerprint: 'AB:CD:EF:01',
		},
	],
};
const refused = {
	code: 'not-authorized',
	message: 'The broker refused the user name or password.',
	evidence: 'CONNACK 135 Not authorized',
	remedy: { text: 'Set the password', command: 'messagingWorkbench.enterSecret' as const },
	final: true,
};

export const states: Record<string, () => SessionState> = {
	open: () => ({ kind: 'open', since: start, security, facts: [{ label: 'Protocol version', value: '5' }] }),
	unverified: () => ({ kind: 'open', since: start, security: { ...security, verified: false }, facts: [] }),
	plain: () => ({
		kind: 'open',
		since: start,
		security: { encrypted: false, verified: false, authentication: 'none' },
		facts: [],
	}),
	unfinished: () => ({ kind: 'open', since: start, security, facts: [], unfinished: { bytes: 4, size: 1_048_580 } }),
	closed: () => ({ kind: 'closed' }),
	refused: () => ({ kind: 'closed', failure: refused }),
	advised: () => ({
		kind: 'retrying',
		attempt: 2,
		at: Date.now() + 600_000,
		failure: { code: 'unreachable', message: 'Broker 1 cannot be reached.', remedy: { text: 'Add its address.' } },
	}),
	foreign: () => ({
		kind: 'closed',
		failure: { code: 'not-mqtt', message: 'This is an AMQP 0-9-1 server.', otherProtocol: 'amqp', final: true },
	}),
	connecting: () => ({ kind: 'connecting', step: 'tls', since: Date.now() }),
	retrying: () => ({
		kind: 'retrying',
		attempt: 3,
		at: Date.now() + 12_000,
		failure: {
			code: 'refused',
			message: 'Nothing listens at localhost:1883.',
			evidence: 'connect ECONNREFUSED 127.0.0.1:1883',
		},
	}),
};

export const subscribed: SubscriptionState[] = [
	{ id: 's1', subscription: { target: 'plant-00/#', qos: 1 }, state: 'active' },
	{
		id: 'long',
		subscription: { target: 'plant-01/#', qos: 2 },
		state: 'active',
		reduced: true,
		detail: 'QoS 1 granted, 2 asked',
	},
	{
		id: 'long',
		subscription: { target: 'secret/#' },
		state: 'refused',
		failure: { code: 'refused', message: 'The broker refused the subscription.', evidence: 'SUBACK 135' },
	},
];
