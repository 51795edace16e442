import type { ActResult } from '../../../model/contracts/browse';
import { counts } from '../browse/known-names';
import { n } from '../browse/nodes';
import type { Connection } from '../wire/connection';
import { type Forwarded, stayedInWords } from './forward';

export type Done = Pick<Forwarded, 'sent' | 'stayed' | 'back' | 'to'>;

/** Maximum number of destinations that the sentence names, and that its properties list. */
const maxNamed = 3;
const maxListed = 50;

/** What is in the queue after messages were taken out of it; undefined if the server does not say. */
export async function remaining(
	connection: Connection,
	queue: string,
	{ sent, ready }: Forwarded,
): Promise<string | undefined> {
	const now = await counts(connection, queue).catch(() => undefined);
	if (!now) return undefined;
	const arrived = ready === undefined ? 0 : now.ready - (ready - sent);
	const again = arrived > 0 ? `; ${n(arrived)} arrived meanwhile, perhaps dead-lettered again` : '';
	return `"${queue}" now has ${n(now.ready)} ready${again}.`;
}

/** The result of sending messages on. `from`: the queue in words; `missing`: sentences about messages that were not found. */
export function result(
	done: Done,
	from: string,
	{ missing = [], rest }: { missing?: readonly string[]; rest?: string } = {},
): ActResult {
	const count = `${n(done.sent)} ${done.sent === 1 ? 'message' : 'messages'}`;
	const behind = from && ` ${from}`;
	const places = [...done.to];
	const to =
		places.length > maxNamed
			? ` to ${n(places.length)} destinations`
			: places.length > 1
				? ` to ${places.map(([place, sent]) => `${place} (${n(sent)})`).join(', ')}`
				: places.map(([place]) => ` to ${place}`).join('');
	const parts = [
		done.sent === 0
			? `Nothing was sent${behind}.`
			: `Sent ${count}${behind}${to}, ${done.sent === 1 ? 'confirmed' : 'each confirmed'} before it was removed from its queue.`,
		stayedInWords(done),
		...missing,
		done.back > 0 &&
			`${n(done.back)} ${done.back === 1 ? 'message was' : 'messages were'} requeued, marked as redelivered.`,
		rest,
	];
	const bad = done.stayed.size > 0 || missing.length > 0;
	const properties = places.slice(0, maxListed).map(([label, sent]) => ({ label, value: n(sent) }));
	return {
		text: parts.filter((part) => part).join(' '),
		...(places.length > maxNamed && { properties }),
		...(bad && { bad }),
	};
}
