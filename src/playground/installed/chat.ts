import type { PlaygroundConnection } from '../../model/contracts/playground';

/** Accounts of an XMPP server of the playground. All have the same password. */
export const accounts = ['alice', 'bob', 'farm'] as const;
export const password = 'playground';
export const room = 'farm';

/** The account "alice", which knows the others. Without TLS: the servers have no certificate that a client would trust. */
export const chat = (name: string, port: number): PlaygroundConnection[] => [
	{
		profile: {
			...{ name: `Playground ${name}`, protocol: 'xmpp', url: `xmpp://localhost:${port}` },
			...{ username: 'alice@localhost', allowUnencrypted: true, secrets: ['password'] },
		},
		password,
	},
];
