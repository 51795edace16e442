import { toFailure } from '../../../base/failure';
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

/** Settles delivered messages (ADR-13 and ADR-15). Each is confirmed by the server. */
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
	for (const { seq, meta } of act.messages) {
		if (act.signal.aborted) break;
		const { reply } = readMeta(meta instanceof Uint8Array ? meta : undefined);
		if (reply === undefined) continue;
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
		act.progress(`${done} of ${act.messages.length}`, done / act.messages.length);
	}
	const [problem] = problems;
	const all = `${counted(done, 'message')} ${words[outcome]}${isLater ? ` after ${delay} s` : ''}, confirmed by the server.`;
	return problem ? { text: `${all} ${counted(problems.length, 'message')} not: ${problem}`, bad: true } : { text: all };
}
