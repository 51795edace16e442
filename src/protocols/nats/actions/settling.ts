import { fail, toFailure } from '../../../base/failure';
import type { ActResult } from '../../../model/contracts/browse';
import type { Act, Sink } from '../../adapter';
import { counted } from '../browse/words';
import { readMeta } from '../describe/headers';
import type { Consuming } from '../jetstream/consuming';
import { jsonText } from '../jetstream/json-text';
import type { Request } from '../messages/requests';

type Outcome = 'ack' | 'nak' | 'term' | 'progress';

const words: Readonly<Record<Outcome, string>> = {
	ack: 'acknowledged',
	nak: 'to be delivered again',
	term: 'rejected for good',
	progress: 'waiting for an outcome, time extended',
};

export interface SettlingOptions {
	request: Request;
	consuming: Consuming;
	sink: Sink;
}

/** Settles delivered messages (ADR-13 and ADR-15). Each is confirmed by the server. Throws if none waits for an outcome. */
export async function settle(
	{ request, consuming, sink }: SettlingOptions,
	outcome: Outcome,
	act: Act,
): Promise<ActResult> {
	const { delay } = act.values;
	const isLater = outcome === 'nak' && typeof delay === 'number' && delay > 0;
	const nanoseconds = isLater ? BigInt(Math.round(delay * 1000)) * 1_000_000n : 0n;
	const body = {
		ack: '+ACK',
		nak: isLater ? `-NAK ${jsonText({ delay: nanoseconds })}` : '-NAK',
		term: '+TERM',
		progress: '+WPI',
	}[outcome];
	const text = isLater ? `to be delivered again after ${delay} s` : words[outcome];
	let done = 0;
	const problems: string[] = [];
	const messages = act.messages.flatMap(({ seq, meta }) => {
		const { reply } = readMeta(meta instanceof Uint8Array ? meta : undefined);
		return reply !== undefined && consuming.isWaiting(reply) ? [{ seq, reply }] : [];
	});
	if (messages.length === 0) throw fail('settled', 'None of these messages waits for an outcome any more.');
	for (const { seq, reply } of messages) {
		if (act.signal.aborted) break;
		try {
			await request(reply, body, { within: 5000 });
		} catch (error) {
			problems.push(toFailure(error).message);
			continue;
		}
		done++;
		if (outcome === 'progress') {
			sink.settlement(seq, { open: true, text, atEnd: 'no outcome: will be delivered again' });
			continue;
		}
		sink.settlement(seq, { open: false, text });
		consuming.settled(reply, outcome === 'ack');
		act.progress(`${done} of ${messages.length}`, done / messages.length);
	}
	const [problem] = problems;
	const missing = act.messages.length - messages.length;
	const parts = [
		`${counted(done, 'message')} ${words[outcome]}${isLater ? ` after ${delay} s` : ''}, confirmed by the server.`,
		...(problem === undefined ? [] : [`${counted(problems.length, 'message')} not: ${problem}`]),
		...(missing === 0 ? [] : [`${counted(missing, 'message')} no longer waited for an outcome.`]),
	];
	return { text: parts.join(' '), ...(parts.length > 1 && { bad: true }) };
}
