import { toFailure } from '../../base/failure';
import { type Carriable, type Carried, carried } from '../../lines/carry';
import { createLineReader } from '../../lines/read';
import type { Recorded } from '../../lines/recording';
import { type Direction, type Draft, direction } from '../../model/contracts/message';
import type { ProtocolDescription } from '../../protocols/description';

/** The messages of a recording that are replayed, and where to. */
export interface Selection {
	/** The protocol of the recording. */
	from: ProtocolDescription;
	to: ProtocolDescription;
	/** Of the recorded time, in milliseconds since its start. */
	part: { from?: number; until?: number };
	directions: readonly Direction[];
	/** The target to send to; undefined: the message is left out. */
	targetOf(target: string): string | undefined;
}

/** What became of the messages of a recording before they were sent. */
export interface Chosen {
	/** Messages outside of the range, of the other direction, or of targets that are not wanted. */
	skipped: number;
	/** Messages that cannot be sent, by the reason as a sentence; at most 20 reasons, further ones under "Other reasons.". */
	unsent: Map<string, number>;
	/** Options that the other protocol has no place for, by their label. */
	left: Map<string, number>;
}

export interface Drafts {
	readonly chosen: Chosen;
	/** Undefined: the message is not sent, which is counted. */
	of(message: Recorded): Draft | undefined;
	/** Counts a text; at most 20 different ones. */
	count(counts: Map<string, number>, text: string): void;
}

const maxReasons = 20;

/** Makes drafts for another connection of recorded messages. Notes are no messages. */
export function createDrafts({ from, to, part, directions, targetOf }: Selection): Drafts {
	const chosen: Chosen = { skipped: 0, unsent: new Map(), left: new Map() };
	const { from: start = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = part;

	function count(counts: Map<string, number>, text: string): void {
		const key = counts.has(text) || counts.size < maxReasons ? text : 'Other reasons.';
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}

	function carry(message: Recorded, target: string): Carried | undefined {
		try {
			return carried(from, to, withOptions(message), target);
		} catch (error) {
			count(chosen.unsent, toFailure(error).message);
			return undefined;
		}
	}

	const readLine = from.verbs[0] && createLineReader(from.verbs[0], from.files?.received);

	function withOptions(message: Recorded): Carriable {
		const values = message.line === undefined ? undefined : readLine?.(Buffer.from(message.line))?.values;
		return values ? { ...message, values } : message;
	}

	return {
		chosen,
		count,
		of(message) {
			const way = direction(message.flags);
			if (way === 'note') return undefined;
			const isWanted = directions.includes(way) && message.at >= start && message.at < until;
			const target = isWanted ? targetOf(message.target) : undefined;
			if (target === undefined) {
				chosen.skipped++;
				return undefined;
			}
			const draft = carry(message, target);
			for (const label of draft?.left ?? []) count(chosen.left, label);
			return draft?.draft;
		},
	};
}
