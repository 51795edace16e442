import type { ActResult } from '../../../model/contracts/browse';
import type { Act, Sink } from '../../adapter';
import { n } from '../browse/nodes';
import { queueTarget } from '../describe/addresses';
import { amqpFlag } from '../describe/flags';
import type { Connection } from '../wire/connection';

/** Reads the first messages of a queue. Holds them all, so that none arrives twice, then puts them back together. */
export async function peek(
	connection: Connection,
	sink: Sink,
	queue: string,
	limit: number,
	act: Act,
): Promise<ActResult> {
	const channel = await connection.open({ queue });
	const messages: number[] = [];
	let last = 0;
	let left = 0;
	try {
		while (messages.length < limit && !act.signal.aborted) {
			const got = await channel.get(queue);
			if (!got) break;
			last = got.tag;
			left = got.left;
			const { meta, body: payload } = got;
			messages.push(sink.message({ target: queueTarget(queue), payload, flags: got.flags | amqpFlag.peeked, meta }));
			act.progress(
				`${n(messages.length)} of ${n(Math.min(limit, messages.length + left))} read`,
				messages.length / limit,
			);
		}
	} finally {
		if (last > 0) channel.requeue(last, true);
		// Closing would put them back as well; its answer proves that it was done.
		await channel.close();
	}
	const count = `${n(messages.length)} ${messages.length === 1 ? 'message' : 'messages'}`;
	if (messages.length === 0) return { text: `The queue "${queue}" has no ready messages.` };
	return {
		text: `Peeked ${count} in "${queue}" (requeued)${left > 0 && messages.length >= limit ? `; ${n(left)} more are ready` : ''}.`,
		messages,
	};
}
