import type { Question } from '../../../model/contracts/browse';
import type { Subscription } from '../../../model/profile/profile';
import { type Groups, lagOf } from '../browse/groups';
import { counted } from '../browse/words';

/** What joining a consumer group changes, with the current numbers; undefined for a reading without a group. */
export async function groupQuestion(
	groups: Groups,
	{ target, mode, group }: Subscription,
): Promise<Question | undefined> {
	if (mode !== 'group' || typeof group !== 'string' || group === '') return undefined;
	const text = `Join the consumer group "${group}"?`;
	const button = 'Join Group';
	const [described, positions] = await Promise.all([
		groups.describe(group).catch(() => undefined),
		groups.committed(group).catch(() => []),
	]);
	if (!described || (described.members.length === 0 && positions.length === 0))
		return {
			text,
			detail: `It is new: it is created, and its positions in "${target}" are stored in the cluster.`,
			button,
		};
	const own = positions.filter((one) => one.topic === target);
	const lag = lagOf(own);
	const members = described.members.length;
	const shared =
		members === 0
			? 'It has no members at the moment.'
			: `Its partitions are divided anew: ${counted(members, 'member')} will receive less.`;
	const moved =
		lag === undefined
			? `Its positions in "${target}" begin to move.`
			: `${lag === 0n ? 'New messages' : counted(lag, 'unread message')} of "${target}" will be read here and committed.`;
	return { text, detail: `${shared} ${moved}`, button };
}
