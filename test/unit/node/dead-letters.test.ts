import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { toFailure } from '../../../src/base/failure';
import { readHead, readRecorded } from '../../../src/lines/recording';
import { createDeadLetterFile, type DeadLetterOptions } from '../../../src/node/dead-letters';
import { describe } from '../../../src/protocols/descriptions';

const root = mkdtempSync(join(tmpdir(), 'dead-'));
after(() => rmSync(root, { recursive: true, force: true }));
mkdirSync(join(root, 'project'));
const project = join(root, 'project');
const description = describe('mqtt');
assert.ok(description);
const message = { target: 'a/b', payload: Buffer.from([0xff, 0]), headers: [], time: 5000, flags: 1 << 9 };
const failure = { code: 'refused', message: 'It was refused.' };

const letters = (more: Partial<DeadLetterOptions> = {}) =>
	createDeadLetterFile({
		...{ messageFile: join(project, 'bridge.messages'), root: project, rule: '### Edge / "gateway" ../x' },
		head: { protocol: 'mqtt', connection: 'Farm', url: 'mqtt://u:secret@h' },
		...more,
	});

test('dead letters are a recording that later runs continue', async () => {
	for (let run = 0; run < 2; run++) {
		const file = letters();
		assert.equal(file.place, undefined, 'nothing is written before the first one');
		await Promise.all([file.add(message, failure, description), file.add(message, failure, description)]);
		await file.close();
	}
	const path = join(project, 'bridge.edge-gateway-x.dead-letters.recording.jsonl');
	const [first = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
	const head = readHead(first);
	assert.ok(head && 'head' in head);
	assert.doesNotMatch(head.head.url, /secret/);
	assert.equal(lines.length, 8);
	const [one, note] = lines.map((line) => readRecorded(line, head.head.started));
	assert.deepEqual([one?.target, one?.time, [...(one?.payload ?? [])]], ['a/b', 5000, [0xff, 0]]);
	assert.match(Buffer.from(note?.payload ?? []).toString(), /not processed\. It was refused\.$/);
});

writeFileSync(join(project, 'notes.recording.jsonl'), 'my notes\n');
writeFileSync(
	join(project, 'other.recording.jsonl'),
	'{"recording":1,"protocol":"coap","started":"2026-01-01T00:00:00Z"}\n',
);
writeFileSync(join(root, 'outside.recording.jsonl'), '');
symlinkSync(join(root, 'outside.recording.jsonl'), join(project, 'link.recording.jsonl'));
symlinkSync(root, join(project, 'up'));
const refused: [string, string][] = [
	['a file that is no recording', 'notes.recording.jsonl'],
	['a recording of another protocol', 'other.recording.jsonl'],
	['a link to another file', 'link.recording.jsonl'],
	['a file outside of the project', '../outside.recording.jsonl'],
	['a file in a linked folder outside', 'up/outside.recording.jsonl'],
	['a name that is not that of a recording', '.bashrc'],
	['a folder that does not exist', 'nope/x.recording.jsonl'],
];
for (const [name, path] of refused)
	test(`dead letters are not written to ${name}`, async () => {
		const file = letters({ path });
		await assert.rejects(file.add(message, failure, description), (error) =>
			['no-dead-letters', 'outside'].includes(toFailure(error).code),
		);
		await file.close();
		assert.equal(readFileSync(join(root, 'outside.recording.jsonl'), 'utf8'), '');
		assert.equal(readFileSync(join(project, 'notes.recording.jsonl'), 'utf8'), 'my notes\n');
	});
