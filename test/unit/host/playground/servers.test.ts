import assert from 'node:assert/strict';
import test from 'node:test';
import { fail, toFailure } from '../../../../src/base/failure';
import type * as Texts from '../../../../src/host/playground/server-list';
import { createPlaygroundState } from '../../../../src/host/playground/state';
import type { PlaygroundServer } from '../../../../src/model/contracts/playground';
import { loadHost } from '../../../support/host/load-host';
import { recordingEditor } from '../../../support/host/recording-editor';

const { serversText, startingText } = await loadHost<typeof Texts>(
	'src/host/playground/server-list.ts',
	recordingEditor().vscode,
);

const server = (label: string, port: number, state: PlaygroundServer['state'], text?: string): PlaygroundServer => ({
	...{ id: label, label, port, usualPort: port, state, since: Date.now() - 8000, connections: [] },
	...(text === undefined ? {} : { text }),
});
const current = () => [
	server('MQTT', 1883, 'open'),
	server('CoAP', 5683, 'open'),
	server('RabbitMQ', 5672, 'starting'),
	server('NATS', 4222, 'starting'),
	server('Prosody', 5222, 'missing', 'Prosody is not installed.'),
	server('ejabberd', 5322, 'failed', 'ejabberd has ended. No space left.'),
];

test('the servers are told by their states', () => {
	const servers = current();
	assert.equal(
		serversText(servers),
		'MQTT on port 1883, CoAP on port 5683. RabbitMQ and NATS are starting. Prosody is not installed. ejabberd does not run.',
	);
	assert.equal(startingText(servers), 'Playground: RabbitMQ is starting (8 s), NATS is starting (8 s)');
	assert.equal(startingText(servers.slice(0, 2)), undefined);
});

test('a refused connection to a server that does not run is explained, and no other', () => {
	const state = createPlaygroundState();
	const servers = current();
	let changes = 0;
	state.onChanged(() => changes++);
	state.set(servers);
	assert.equal(changes, 1);
	const explained: [url: unknown, text: string | undefined][] = [
		['amqp://localhost:5672', 'RabbitMQ of the playground is starting (8 s).'],
		['xmpp://localhost:5222', 'Prosody is not installed.'],
		['xmpp://127.0.0.1:5322', 'ejabberd has ended. No space left.'],
		['mqtt://127.0.0.1:1883', undefined],
		['xmpp://prosody.example:5222', undefined],
		['amqp://localhost:5673', undefined],
		[undefined, undefined],
	];
	for (const [url, text] of explained) assert.equal(state.explain(url), text, String(url));
	const refused = fail('refused', 'Nothing accepts connections.', { remedy: { text: 'Check host and port.' } });
	const remedyOf = (error: unknown, url: string) => toFailure(state.explained(error, url)).remedy?.text;
	assert.equal(remedyOf(refused, 'xmpp://localhost:5222'), 'Prosody is not installed.');
	assert.equal(remedyOf(refused, 'xmpp://localhost:5223'), 'Check host and port.');
	assert.equal(remedyOf(fail('reset', 'It was cut off.'), 'xmpp://localhost:5222'), undefined);
	state.dispose();
});
