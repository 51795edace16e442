import type { Preset } from '../../description';

export const presets: readonly Preset[] = [
	{
		label: 'ejabberd',
		help: 'Accounts are created with ejabberdctl register; the address is the account’s, such as alice@localhost.',
		url: 'xmpp://localhost:5222',
	},
	{
		label: 'Prosody',
		help: 'Accounts are created with prosodyctl adduser; the address is the account’s, such as alice@localhost.',
		url: 'xmpp://localhost:5222',
	},
];
