import assert from 'node:assert/strict';
import test from 'node:test';
import { headerValues } from '../../../src/cli/headers';
import { nats } from '../../../src/protocols/nats/describe/describe';

test('the header Verb decides which options a message has', () => {
	const read = (...headers: string[]) => headerValues(headers, 'PUBLISH', nats);
	assert.deepEqual(read('Message-Id: 7', 'A: 1'), {
		headers: [
			['Message-Id', '7'],
			['A', '1'],
		],
	});
	assert.deepEqual(read('Message-Id: 7', 'A: 1', 'verb: Stream'), {
		verb: 'stream',
		messageId: '7',
		headers: [['A', '1']],
	});
	assert.deepEqual(read('Verb: request', 'Timeout: 2'), { verb: 'request', timeout: 2 });
	assert.throws(() => read('Verb: none'), /must be one of publish, request, stream/);
});
