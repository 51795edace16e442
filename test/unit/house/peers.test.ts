import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { newFileText } from '../../../src/files/create/new-file';
import { fromHex, toBase64 } from '../../../src/model/contracts/payload';
import { mqtt } from '../../../src/protocols/mqtt/describe/describe';

/** What goes wrong in today's tools, and where it is tested that it does not here: file and words of the test. */
const failures: Record<string, [file: string, test: string][]> = {
	'freezes on "#" or on a busy topic': [
		['contract/session/log.test.ts', '100,000 numbered messages at 20,000 a second'],
		['unit/engine/store/topics.test.ts', 'a topic of nothing but separators, and 100,000 siblings'],
		['bench/editor.bench.ts', 'host loop delay p99 during the flood'],
	],
	'memory without bound': [
		['unit/engine/store/log.test.ts', 'kept and evicted add up to what was appended, whatever the limits'],
		['unit/engine/store/topics.test.ts', 'a full tree: the rest is logged with its target, and counted'],
	],
	'a payload is cut without a word': [['contract/suite/contract.ts', 'one megabyte, and nothing, both ways']],
	'a large binary freezes the window': [['webview/panel/panel.test.ts', 'and a large one in parts']],
	'messages are missing or doubled in view': [
		['unit/engine/store/views.test.ts', 'positions stay while older matches are found and newer ones arrive'],
		['contract/files/overlap.test.ts', 'overlapping subscriptions: a file gets each message once'],
		['contract/mqtt/resume.test.ts', 'a QoS 2 message repeated after a reconnect is logged once'],
	],
	'messages of shared subscriptions are dropped': [['unit/protocols/mqtt/topics.test.ts', '$share/group/a/+']],
	'saved data is lost': [
		['unit/host/settings/write.test.ts', 'a file is always whole however often its writer is killed'],
		['unit/host/settings/edit.test.ts', 'a changed member changes that line only'],
		['unit/model/profile-check.test.ts', 'good entries of a list work beside broken ones'],
	],
	'hexadecimal "ff80" becomes other bytes': [['unit/model/payload.test.ts', "'hex', 'ff80'"]],
	'reconnects for ever, or stays green': [
		['contract/session/retry.test.ts', 'is asked at most 8 times in the first minute'],
		['contract/session/link.test.ts', 'shows within 1.5 keep alives as a retry'],
		['contract/session/twice.test.ts', 'two sessions with one client ID at mosquitto'],
	],
	'passwords in clear, in files and in pages': [
		['vscode/safety.test.ts', "'A password'"],
		['webview/form/form.test.ts', 'the password is nowhere in the profile'],
		['unit/files/exchange/commands.test.ts', 'no pasted password stands in the request'],
	],
	'subscribes to "#" and "$SYS/#" unasked': [['unit/house/peers.test.ts', 'nothing asks for everything by itself']],
	'says published though nothing arrived, and ends with 0': [
		['contract/cli/cli-pipes.test.ts', 'have all left before the process ends'],
		['contract/cli/cli-pipes.test.ts', 'one message at QoS 0 arrives, every time'],
		['contract/cli/protocols.test.ts', 'what no queue takes fails'],
		['contract/cli/protocols.test.ts', 'To no exchange'],
		['contract/cli/run.test.ts', 'a denied publish'],
	],
	'an expectation on a message that never came passes': [
		['contract/cli/run.test.ts', 'a message that never came'],
		['contract/cli/run.test.ts', 'an expectation that never ran'],
	],
	'binary is changed; "retain: false" retains': [
		['contract/cli/run.test.ts', 'options, headers, JSON, binary, false is false'],
		['contract/cli/run.test.ts', 'a truthy word is no boolean'],
	],
	'"keepalive: 10" hangs': [['contract/cli/run.test.ts', "httpYac's MQTT form runs unchanged"]],
	'a conversation with "===" hangs': [
		['unit/files/run/run.test.ts', 'a server that says nothing is not waited for without end'],
		['contract/cli/run.test.ts', 'a WebSocket conversation, text and binary'],
	],
	'AMQP with RabbitMQ 4.1, which wants frames of 8,192 bytes': [
		['unit/house/peers.test.ts', 'frames are large enough'],
	],
	'text of a message becomes a variable, a file or a request of a message file': [
		[
			'unit/files/create/round-trip.test.ts',
			'any AMQP message is published again with the same properties, byte for byte',
		],
		['contract/files/written.test.ts', 'hostile routing keys and headers through RabbitMQ'],
		['vscode/files/files-commands.test.ts', 'names of a received message that look like variables'],
	],
	'text of a server becomes a link that runs a command': [
		['unit/host/ui/sinks.test.ts', 'a hostile text is nothing but text'],
		['vscode/links.test.ts', 'A server that names a link'],
	],
	'a copied command runs code, or sends something else': [
		['unit/files/exchange/copied-run.test.ts', 'exactly the words and bytes of each copied command arrive'],
		['unit/files/exchange/copied-scripts.test.ts', 'and run none'],
		['contract/files/copied-tools.test.ts', 'hostile texts arrive as they are'],
	],
	'a workspace is read, or chooses who gets the password, before it is trusted': [
		['unit/host/trust.test.ts', 'before trust, nothing of the workspace’s files'],
		['unit/model/profile-risks.test.ts', 'every field of every protocol is marked as risky'],
	],
	'numbers are compared and copied with other digits': [
		['unit/model/json.test.ts', 'numbers are compared as integers of any size are'],
		['unit/files/run/run.test.ts', 'a reference inserts the text that the answer has, digits and all'],
	],
	'the end of a subscription is not heard': [
		['contract/cli/ends.test.ts', 'a queue that is deleted ends a file that consumes it'],
		['contract/cli/ends.test.ts', 'an observation that ends with an error is no reading'],
	],
	'a queue, a stream or a room cannot be listened to from a command line': [
		['contract/cli/ends.test.ts', 'a stream is read from any place'],
		['contract/cli/rooms.test.ts', 'a room is listened to'],
	],
	'a test cannot expect a close': [['contract/cli/ends.test.ts', 'WebSocket: a close is a result']],
	'a link-local address is refused': [['unit/model/hosts.test.ts', 'a zone works in every protocol']],
	'a TLS failure sends people to the wrong place': [
		['unit/protocols/shared/tls-chains.test.ts', 'not that none was given'],
		['unit/protocols/shared/tls-chains.test.ts', 'is not told to set one'],
	],
	'one forbidden subscription breaks all others': [
		['contract/mqtt/cut.test.ts', 'both are named, and the others work'],
	],
	'a link that waits for the rest of a message looks open': [
		['contract/session/unfinished.test.ts', 'a server that begins a message and never ends it'],
	],
	'the server’s text repeats the password': [
		['contract/session/secret-echo.test.ts', 'what a server repeats of the password is nowhere'],
	],
	'looking changes the queue': [
		['contract/amqp/reading.ts', 'a tap gets copies and takes nothing away'],
		['contract/amqp/reading.ts', 'peeking shows messages once each and leaves them'],
		['vscode/scenario.test.ts', 'looking has left it there'],
	],
};

test('each failure of today’s tools has its test', () => {
	for (const [failure, tests] of Object.entries(failures))
		for (const [file, words] of tests)
			assert.ok(readFileSync(`test/${file}`, 'utf8').includes(words), `${failure}: ${file} has no "${words}"`);
});

test('nothing asks for everything by itself', () => {
	// What is suggested is clicked by a user, and an example says so in its text.
	assert.doesNotMatch(newFileText({ connection: 'x', description: mqtt }), /SUBSCRIBE (?:#|\$SYS)/);
	assert.ok(mqtt.profile.every(({ fields }) => fields.every(({ key }) => key !== 'subscriptions')));
});

test('frames are large enough', async () => {
	const source = readFileSync('src/protocols/amqp/wire/guard.ts', 'utf8');
	const own = Number(/^export const ownFrameMax = ([\d_]+);/m.exec(source)?.[1]?.replaceAll('_', ''));
	assert.ok(own >= 8192, `${own}`);
});

test('bytes by their digits', () => {
	const read = fromHex('ff80');
	assert.equal('bytes' in read && toBase64(read.bytes), '/4A=');
});
