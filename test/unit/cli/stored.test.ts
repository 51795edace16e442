import assert from 'node:assert/strict';
import test from 'node:test';
import { chosenRecording, placeOf } from '../../../src/cli/stored';

const places: [string, [string, string] | undefined][] = [
	['cluster:recordings', ['cluster', 'recordings']],
	['My Cluster:a.b', ['My Cluster', 'a.b']],
	['kafka://host:9092:recordings', ['kafka://host:9092', 'recordings']],
	['kafka://host:recordings', ['kafka://host', 'recordings']],
	['kafka://host:9092:7', ['kafka://host:9092', '7']],
	['nats://[::1]:4222:RECORDINGS', ['nats://[::1]:4222', 'RECORDINGS']],
	['kafka://host:9092', undefined],
	['kafka://host:9092/', undefined],
	['kafka://host', undefined],
	['farm.recording.jsonl', undefined],
	['cluster:', undefined],
	[':a', undefined],
];
for (const [text, expected] of places)
	test(`the place of a recording: ${text}`, () => {
		const place = placeOf(text);
		assert.deepEqual(place && [place.connection, place.target], expected);
	});

test('of several recordings the newest is taken, or that of the given time', () => {
	const at = (started: string) => ({
		...{ path: started, lines: 1 },
		head: { protocol: 'mqtt', connection: 'x', url: '', started: Date.parse(started) },
	});
	const all = [at('2026-11-28T10:00:00Z'), at('2026-11-29T13:00:00Z'), at('2026-11-29T14:00:00Z')];
	assert.equal(chosenRecording(all, 'x').path, '2026-11-29T14:00:00Z');
	assert.equal(chosenRecording(all, 'x', '2026-11-29T13').path, '2026-11-29T13:00:00Z');
	assert.throws(() => chosenRecording(all, 'x', '2025'), /No recording in x starts at 2025/);
	assert.throws(() => chosenRecording([], 'x'), /x holds no recording/);
});
