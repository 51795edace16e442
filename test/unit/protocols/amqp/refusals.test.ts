import assert from 'node:assert/strict';
import test from 'node:test';
import { method } from '../../../../src/protocols/amqp/wire/frames';
import { channelRefusal, connectionRefusal } from '../../../../src/protocols/amqp/wire/refusals';

const known = { user: 'bob', vhost: '/' };

test('why a channel was closed, in words, from RabbitMQ’s own texts', () => {
	const there = 'There is a queue "q" already, and it differs:';
	const cases: [number, string, number, string][] = [
		[
			403,
			"access to exchange 'amq.default' in vhost '/' refused for user 'bob'",
			method.publish,
			'The user "bob" has no write permission on the default exchange ("amq.default" in permissions) in the virtual host "/".',
		],
		[
			403,
			"access to queue 'q' in vhost '/' refused for user 'bob'",
			method.queueDeclare,
			'The user "bob" has no configure permission on the queue "q" in the virtual host "/".',
		],
		[
			403,
			"access to exchange 'x' in vhost '/' refused for user 'bob'",
			method.queueBind,
			'The user "bob" has no read permission on the exchange "x" in the virtual host "/".',
		],
		[
			403,
			"read access to queue 'q' in vhost '/' refused for user 'bob'",
			method.get,
			'The user "bob" has no read permission on the queue "q" in the virtual host "/".',
		],
		[
			403,
			"access to exchange 'x' in vhost '/' refused for user 'bob'",
			method.exchangeBind,
			'The user "bob" has no read or write permission on the exchange "x" in the virtual host "/".',
		],
		[
			403,
			"queue name 'amq.q' contains reserved prefix 'amq.*'",
			method.queueDeclare,
			'Names that start with "amq." are reserved for the server: choose another one.',
		],
		[
			403,
			"deletion of system exchange 'amq.direct' in vhost '/' not allowed",
			method.exchangeDelete,
			'The exchange "amq.direct" belongs to the server and cannot be deleted.',
		],
		[
			406,
			"inequivalent arg 'durable' for queue 'q' in vhost '/': received 'false' but current is 'true'",
			method.queueDeclare,
			`${there} durable is yes there, and no was asked for.`,
		],
		[
			406,
			"inequivalent arg 'x-message-ttl' for queue 'q' in vhost '/': received none but current is the value '1000' of type 'long'",
			method.queueDeclare,
			`${there} x-message-ttl is "1000" there, and none was asked for.`,
		],
		[
			406,
			"inequivalent arg 'x-queue-type' for queue 'q' in vhost '/': received the value 'quorum' of type 'longstr' but current is none",
			method.queueDeclare,
			`${there} type (x-queue-type) is not set there, and "quorum" was asked for.`,
		],
		[
			406,
			"inequivalent arg 'durable' for queue 'it's 'q'' in vhost 'o'x': received 'false' but current is 'true'",
			method.queueDeclare,
			"There is a queue \"it's 'q'\" already, and it differs: durable is yes there, and no was asked for.",
		],
		[
			406,
			"invalid property 'exclusive-owner' for queue 'q' in vhost '/'",
			method.queueDeclare,
			'A queue of this type cannot be for one connection only, so "q" was not declared.',
		],
		[
			406,
			"invalid arg 'x-max-priority' for queue 'q' in vhost '/' of queue type rabbit_quorum_queue",
			method.queueDeclare,
			'Queues of this type do not take the argument "x-max-priority".',
		],
		[
			406,
			"invalid arg 'x-message-ttl' for queue 'q' in vhost '/': {value_negative,-1}",
			method.queueDeclare,
			'The argument "x-message-ttl" is invalid: {value_negative,-1}.',
		],
		[406, 'unknown delivery tag 1', method.ack, 'The server refused: a precondition failed.'],
	];
	for (const [code, text, about, message] of cases)
		assert.equal(channelRefusal({ code, text, about }, known).message, message);
});

test('what closes a whole connection, in words', () => {
	const refusal = (code: number, text: string) =>
		connectionRefusal({ code, text, about: 0 }, { ...known, stage: 'open' });
	assert.equal(
		refusal(540, "NOT_IMPLEMENTED - basic.get not supported by stream queues queue 'st' in vhost '/'").code,
		'is-stream',
	);
	assert.equal(refusal(503, "COMMAND_INVALID - unknown exchange type 'x'").code, 'no-such-type');
	assert.equal(
		refusal(503, "COMMAND_INVALID - invalid exchange type 'foo'").message,
		'The server does not know exchanges of the type "foo".',
	);
});
