import { FailureError, fail } from '../../../base/failure';
import type { Draft } from '../../../model/contracts/message';
import { checkAny, checkQueue, destinationOf, parseAddress, queueTarget } from '../describe/addresses';
import { amqpFlag } from '../describe/flags';
import { storeMessage } from '../describe/stored-message';
import { type Basic, writeBasic } from '../wire/basic';
import { headTooLarge } from '../wire/frames';
import { basicOf } from './message-properties';
import type { Parcel } from './publishing';

export interface Prepared extends Parcel {
	target: string;
	flags: number;
	meta: Uint8Array;
	logged?: { target: string; payload: Uint8Array };
	basic: Basic;
	/** Milliseconds to wait for the answer of a request. */
	answerWithin?: number;
	/** The server confirms it. */
	confirm: boolean;
	/** It has a user ID, which the server compares with the login: a wrong one ends the channel, and with it confirms of others. */
	needsOwnChannel: boolean;
}

export const replyQueue = 'amq.rabbitmq.reply-to';

/** Checks and encodes a draft. Throws a FailureError that names the fault. `frameMax`: as agreed, in bytes. */
export function prepareDraft(draft: Draft, frameMax: number, correlationId: () => string): Prepared {
	const { verb, target, values, payload } = draft;
	const check = { publish: checkAny, queue: checkQueue, request: checkAny }[verb];
	if (!check) throw fail('bad-verb', 'AMQP has the message types publish, queue and request.');
	const wrong = check(target);
	const address = verb === 'queue' ? destinationOf(target) : parseAddress(target);
	if (wrong || !address) throw fail('bad-target', wrong ?? 'The target is neither an exchange nor a queue.');
	const route =
		address.kind === 'exchange'
			? { exchange: address.exchange, key: address.key }
			: { exchange: '', key: address.kind === 'queue' ? address.queue : '' };
	const place = address.kind === 'queue' && verb === 'queue' ? queueTarget(address.queue) : target;
	const basic = basicOf(values);
	if (verb === 'request') {
		basic.replyTo = replyQueue;
		basic.correlationId ??= correlationId();
	}
	const head = writeBasic(basic);
	const tooLarge = headTooLarge(head, frameMax);
	if (tooLarge) throw new FailureError(tooLarge);
	const timeout = values.timeout;
	const confirm = values.confirm !== false;
	return {
		...route,
		...{ target: place, head, body: payload, basic },
		...(place !== target && { logged: { target: place, payload } }),
		flags: basic.deliveryMode === 2 ? amqpFlag.persistent : 0,
		meta: storeMessage({ ...route, head }),
		confirm,
		needsOwnChannel: confirm && basic.userId !== undefined,
		...(verb === 'request' && { answerWithin: (typeof timeout === 'number' ? timeout : 10) * 1000 }),
	};
}
