import { isNumber, isRecord, isString, listOf, oneOf, optional, shape, textUpTo } from '../../base/check';
import type { Direction } from './message';

/** The messages of a recording that are sent again. */
export interface ReplayRequest {
	/** Chosen by the caller; identifies the replay in `Status.running` and for `stop`. */
	id: string;
	path: string;
	/** Protocol of the recording. */
	protocol: string;
	/** Changes of targets, as `TargetRules` describes them. */
	map: [string, string][];
	/** Only these targets: a wildcard filter of the protocol, or the start of a target. */
	only?: string;
	/** Of the recorded time, in milliseconds since its start. */
	part: { from?: number; until?: number };
	directions: Direction[];
	/** Of the recorded pace, 0.1 to 100; undefined: as fast as messages are acknowledged. */
	speed?: number;
	times: number;
	/** Messages that will be sent in all, for the progress. */
	total?: number;
}

/** What a replay would send. */
export interface ReplayPreview {
	messages: number;
	/** Bytes of the payloads. */
	bytes: number;
	/** Different recorded targets, and the first of them with what they become. */
	targets: number;
	examples: [recorded: string, target: string][];
	/** Messages outside of the range, of the other direction, or of targets that are not wanted. */
	skipped: number;
	/** Messages that cannot be sent, by the reason as a sentence. */
	unsent: [reason: string, count: number][];
	/** Options that the other protocol has no place for, by their label. */
	left: [label: string, count: number][];
	/** Lines of the recording that cannot be read. */
	unread: number;
	/** Recorded time from the first message to the last one, in milliseconds. */
	ms: number;
	/** The user has stopped it. */
	stopped: boolean;
}

const isPair = (value: unknown) =>
	Array.isArray(value) && value.length === 2 && value.every((one) => textUpTo(70_000)(one));

export const isReplayRequest = shape({
	...{ id: isString, path: isString, protocol: textUpTo(100), map: listOf(isPair, 1000) },
	only: optional(textUpTo(70_000)),
	part: isRecord,
	directions: listOf(oneOf('in', 'out'), 2),
	speed: optional(isNumber),
	times: isNumber,
	total: optional(isNumber),
});
