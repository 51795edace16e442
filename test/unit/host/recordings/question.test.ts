import assert from 'node:assert/strict';
import test from 'node:test';
import { replayQuestion } from '../../../../src/host/recordings/question';
import type { ReplayPreview } from '../../../../src/model/contracts/replay';

const preview: ReplayPreview = {
	...{
		messages: 1204,
		bytes: 9000,
		targets: 3,
		skipped: 0,
		unsent: [],
		left: [],
		unread: 0,
		ms: 3_600_000,
		stopped: false,
	},
	examples: [['farm/a', 'test/a']],
};
const recording = { name: 'farm.recording.jsonl', protocol: 'mqtt' };
const ask = (more: Partial<ReplayPreview> = {}, speed: number | undefined = 60, times = 1, production?: true) =>
	replayQuestion(
		{ ...(speed !== undefined && { speed }), times, map: [] },
		{ ...preview, ...more },
		{ name: 'Queues', protocol: 'amqp', ...(production && { production }) },
		recording,
	);

test('the question states how much goes where, and how long it takes', () => {
	const { text, detail, button } = ask();
	assert.equal(text, 'Replay 1,204 messages to “Queues”?');
	assert.equal(detail, 'farm/a → test/a\nand 2 more topics\nDuration: 1 min at 60 × the recorded pace.');
	assert.equal(button, 'Replay');
});

test('the question states everything that will not arrive as it was recorded', () => {
	const { text, detail } = ask(
		{
			skipped: 1,
			unsent: [['A topic cannot be empty.', 2]],
			left: [
				['Retain', 3],
				['QoS', 4],
			],
			unread: 1,
		},
		1,
		3,
		true,
	);
	assert.equal(text, '“Queues” is marked as production. Replay 1,204 messages to “Queues”, 3 times?');
	assert.match(detail, /Duration: 3 h at the recorded pace\./);
	assert.match(detail, /1 message left out by range, direction or filter\./);
	assert.match(detail, /Cannot be sent \(2\): A topic cannot be empty\.\n“Change topics” can send them elsewhere\./);
	assert.match(detail, /AMQP 0-9-1 has no place for “Retain” \(3\), “QoS” \(4\)\./);
	assert.match(detail, /1 line of the recording cannot be read\./);
});

test('a name of a target cannot fake a line, and a long one is cut', () => {
	const hostile = `x\nDuration: none\u202e${'y'.repeat(500)}`;
	const { detail } = ask({ examples: [[hostile, hostile]] });
	assert.equal(detail.split('\n').length, 3);
	assert.ok(detail.length < 250);
});

test('there is no button where nothing would be sent', () => {
	const { text, button } = ask({ messages: 0, targets: 0, examples: [], skipped: 7 });
	assert.equal(button, undefined);
	assert.match(text, /^No message of farm\.recording\.jsonl would be sent/);
});
