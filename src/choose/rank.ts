import type { Comparison } from '../protocols/comparison';
import type { ProtocolDescription } from '../protocols/description';
import type { Need } from '../protocols/needs';

export interface Reason {
	need: Need;
	/** 0 to 3, as in `Fit`. */
	fit: number;
	text: string;
}

export interface Ranked {
	description: ProtocolDescription;
	/** Share of the points that a protocol can reach for these needs, 0 to 1. */
	share: number;
	/** One for each need: the weakest fits first. */
	reasons: Reason[];
	/** A need that the protocol does not meet at all. */
	isUnsuited: boolean;
}

/**
 * Orders protocols by how well they meet all needs: those that miss one come last, however well they meet the others. Without
 * needs all are equal and stay in their order.
 */
export function rank(needs: readonly Need[], descriptions: readonly ProtocolDescription[]): Ranked[] {
	return descriptions
		.flatMap((description) => (description.comparison ? ranked(description, description.comparison, needs) : []))
		.sort((one, other) => missing(one) - missing(other) || other.share - one.share);
}

function ranked(description: ProtocolDescription, { fits }: Comparison, needs: readonly Need[]): Ranked {
	const reasons = needs
		.map((need): Reason => {
			const [fit, text] = fits[need];
			return { need, fit, text };
		})
		.sort((one, other) => one.fit - other.fit);
	const sum = reasons.reduce((total, { fit }) => total + fit, 0);
	const share = needs.length === 0 ? 1 : sum / (3 * needs.length);
	return { description, share, reasons, isUnsuited: reasons.some(({ fit }) => fit === 0) };
}

const missing = ({ reasons }: Ranked) => reasons.filter(({ fit }) => fit === 0).length;
