/** A received message as it is checked. */
export interface CheckedMessage {
	target: string;
	payload: Uint8Array;
	flags: number;
	meta?: object;
	/** Time of arrival, in milliseconds since the epoch. */
	time: number;
	/** Ids of the subscriptions that brought it, if they are known. The same array for the same ids is fastest. */
	subscriptions?: readonly string[];
}

export interface CheckLimits {
	/** Nonces and ids that are remembered for each rule. */
	texts: number;
	/** Counters: targets, or senders where a rule tells them apart. */
	streams: number;
}

/** Called when something is forgotten for lack of room, so that a repetition of it is not found. */
export type OnFull = (what: keyof CheckLimits) => void;

/** Called for each gap. `isOpen`: whether a part of it is still missing, as late messages may fill it. */
export type OnGap = (isOpen: () => boolean) => void;

export const checkLimits: CheckLimits = { texts: 100_000, streams: 10_000 };
