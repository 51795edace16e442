import type { Preset } from '../../description';

export const presets: readonly Preset[] = [
	{
		label: 'NATS server',
		help: 'A nats-server without an authorization section in its configuration needs no login.',
		url: 'nats://localhost:4222',
	},
	{
		label: 'demo.nats.io',
		help: 'The public demo server needs no login, and everyone can read what you publish there.',
		url: 'nats://demo.nats.io:4222',
		words: 'public test',
	},
	{
		label: 'Synadia Cloud',
		help: 'The account’s users have a credentials file to download in the Synadia Cloud console.',
		url: 'tls://connect.ngs.global:4222',
		words: 'ngs jetstream',
	},
];
