import assert from 'node:assert/strict';
import test from 'node:test';
import { murmur2 } from '../../../../src/protocols/kafka/messages/murmur2';

// The values of Kafka's own test (org.apache.kafka.common.utils.UtilsTest).
const hashes: [key: string, hash: number][] = [
	['21', -973932308],
	['foobar', -790332482],
	['a-little-bit-long-string', -985981536],
	['a-little-bit-longer-string', -1486304829],
	['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
	['abc', 479470107],
];

test('hashes keys as the Java client does', () => {
	for (const [key, hash] of hashes) assert.equal(murmur2(Buffer.from(key)), hash, key);
});

test('hashes a key of 16 MB without delay', () => {
	assert.equal(typeof murmur2(new Uint8Array(16 << 20)), 'number');
});
