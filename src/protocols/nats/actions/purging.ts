import { fail } from '../../../base/failure';
import type { Act } from '../../adapter';
import { textValue } from '../../shared/values';
import { nodeName, pairName } from '../browse/nodes';
import { checkFilter } from '../describe/subjects';
import { streamOfNode } from './nodes';

/** What "Purge" deletes. */
export interface Purge {
	stream: string;
	/** Undefined: all subjects. */
	filter?: string;
	keep?: bigint;
	before?: bigint;
}

export function purgeOf(act: Pick<Act, 'node' | 'values'>): Purge {
	const pair = pairName(act.node, 'subject');
	const stream = pair && nodeName(act.node, 'subject') ? pair[0] : streamOfNode(act);
	const typed = textValue(act.values, 'subject')?.trim();
	const filter = typed && typed !== '>' ? typed : pair?.[1];
	const wrong = filter === undefined ? undefined : checkFilter(filter);
	if (wrong) throw fail('bad-subject', wrong, { field: 'subject' });
	const [keep, before] = [textValue(act.values, 'keep'), textValue(act.values, 'sequence')];
	if (keep !== undefined && before !== undefined)
		throw fail('bad-purge', 'Enter either the number of messages to keep or a sequence, not both.', { field: 'keep' });
	return {
		stream,
		...(filter !== undefined && { filter }),
		...(keep !== undefined && { keep: BigInt(keep) }),
		...(before !== undefined && { before: BigInt(before) }),
	};
}
