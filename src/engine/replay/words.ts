import { formatCount } from '../../model/text/words';
import type { ReplayState } from './replay';

const proofWords: Record<string, string> = { 'handed-over': 'handed to the socket', unrouted: 'without a receiver' };

const sum = (counts: Iterable<number>) => [...counts].reduce((total, one) => total + one, 0);

/** Whether something was not sent, refused, or could not be read. */
export const hasFailed = ({ proofs, unsent, unread }: ReplayState): boolean =>
	unread + (proofs.refused ?? 0) + (proofs.unknown ?? 0) + sum(unsent.values()) > 0;

/** "Sent 1,204 messages in 3.2 s (1,200 acknowledged, 4 refused; 12 left out), late by 1.2 ms (p99)." */
export function replaySentence({ proofs, sent, skipped, late, ms, stopped }: ReplayState): string {
	const counts = Object.entries(proofs).map(([proof, count]) => `${formatCount(count)} ${proofWords[proof] ?? proof}`);
	if (skipped > 0) counts.push(`${formatCount(skipped)} left out`);
	const inBrackets = counts.length > 0 ? ` (${counts.join(', ')})` : '';
	const lateBy = late.max > 0 ? `, late by ${late.p50.toFixed(1)} ms (p50), ${late.p99.toFixed(1)} ms (p99)` : '';
	return `Sent ${formatCount(sent)} ${sent === 1 ? 'message' : 'messages'} in ${(ms / 1000).toFixed(1)} s${inBrackets}${lateBy}.${
		stopped ? ' It was stopped.' : ''
	}`;
}

/** What was refused, not sent, left out of messages, or not read: a text and how often. */
export function replayDetails({
	refused,
	unsent,
	left,
	problems,
	unread,
}: ReplayState): [text: string, count: number][] {
	const hidden = unread - problems.length;
	return [
		...problems.map((text): [string, number] => [text, 1]),
		...(hidden > 0 ? [['Lines that could not be read', hidden] as [string, number]] : []),
		...[...refused].map(([text, count]): [string, number] => [`Refused: ${text}`, count]),
		...[...unsent].map(([text, count]): [string, number] => [`Not sent: ${text}`, count]),
		...[...left].map(([label, count]): [string, number] => [`Without "${label}", which has no place here`, count]),
	];
}
