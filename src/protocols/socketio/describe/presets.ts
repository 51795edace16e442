import type { Preset } from '../../description';

export const presets: readonly Preset[] = [
	{
		label: 'Socket.IO server',
		help: 'The address of the web server that runs Socket.IO; a token that it expects goes into the fields below.',
		url: 'http://localhost:3000',
		words: 'node',
	},
];
