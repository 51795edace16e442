import type { Preset } from '../../description';

export const presets: readonly Preset[] = [
	{
		label: 'WebSocket server',
		help: 'Any WebSocket endpoint: port and path are those of the server, and a login or token goes into the fields below.',
		url: 'ws://localhost:8080',
		words: 'plain',
	},
	{
		label: 'Echo server',
		help: 'The public server of websocket.org needs no login and returns what it receives.',
		url: 'wss://echo.websocket.org',
		words: 'public test',
	},
];
