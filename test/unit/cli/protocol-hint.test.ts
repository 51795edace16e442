import assert from 'node:assert/strict';
import test from 'node:test';
import { type Failure, FailureError, fail, toFailure } from '../../../src/base/failure';
import { UsageError } from '../../../src/cli/commands/usage';
import { withProtocolHint } from '../../../src/cli/protocol-hint';

const remedyOf = (more: Partial<Failure>, url: string, taken: string) =>
	toFailure(withProtocolHint(new FailureError({ code: 'not-mqtt', message: 'No.', ...more }), url, taken)).remedy?.text;

test('a failure names the option that selects the protocol which the server speaks', () => {
	const remedy = { text: 'Check the port.' };
	assert.equal(remedyOf({ final: true, remedy, otherProtocol: 'nats' }, 'ws://h', 'mqtt'), 'Add --protocol nats.');
	assert.match(
		remedyOf({ final: true, remedy }, 'wss://h', 'mqtt') ?? '',
		/^Check the port\. wss:\/\/ was taken for MQTT\. Otherwise add --protocol websocket, .*or socketio\.$/,
	);
});

test('nothing is added where the URL tells the protocol, or where the network failed', () => {
	assert.equal(remedyOf({ final: true }, 'mqtt://h', 'mqtt'), undefined);
	for (const code of ['refused', 'not-permitted', 'credentials-refused'])
		assert.equal(remedyOf({ code }, 'ws://h', 'mqtt'), undefined, code);
	assert.equal(remedyOf({ final: true }, 'coap://h', 'coap'), undefined);
	const wrong = withProtocolHint(new UsageError('Write a queue.'), 'amqp://h', 'amqp') as Error;
	assert.equal(wrong.message, 'Write a queue. amqp:// was taken for AMQP 0-9-1. Otherwise add --protocol amqp1.');
	assert.ok(wrong instanceof UsageError);
	const other = fail('x', 'y', { final: true });
	assert.equal(withProtocolHint(other, undefined, 'mqtt'), other, 'a saved connection');
});
