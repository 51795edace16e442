import type { Failure } from '../../base/failure';
import type { Holding } from '../../model/contracts/hold';
import type { ProtocolDescription } from '../../protocols/description';
import { loopCode } from '../failures';
import type { Clock, Received } from '../run/connection';
import type { PlacedFailure } from '../syntax/ast';
import type { Unmet } from './conditions';
import { createRate, createReport } from './counts';
import type { DeadLetters } from './dead-letters';
import { maxViolations, type RuleCounts, type RuleStats, type Violation } from './state';
import type { Unprocessed } from './worker';

/** What a rule counts and keeps of its messages. Each received message ends in exactly one count. */
export interface Ledger {
	readonly counts: Readonly<RuleCounts>;
	received(): void;
	count(kind: 'done' | 'unmet' | 'looped' | 'dropped', failure?: PlacedFailure): void;
	violated(message: Received, unmet: readonly Unmet[]): void;
	/** A failure that is no end of a message. */
	note(failure: PlacedFailure): void;
	/**
	 * Counts a message that was not processed, and returns its outcome at the source. Throws if it can neither be kept nor left
	 * there.
	 */
	conclude(message: Received, result: Unprocessed, holding: Holding | undefined): Promise<'done' | 'again'>;
	stats(inFlight: number): RuleStats;
	/** Reports the latest counts at once. */
	changed(): void;
}

export interface LedgerOptions {
	clock: Clock;
	description: ProtocolDescription;
	deadLetters: DeadLetters | undefined;
	onChanged(): void;
}

export function createLedger({ clock, description, deadLetters, onChanged }: LedgerOptions): Ledger {
	const counts: RuleCounts = { received: 0, done: 0, unmet: 0, failed: 0, looped: 0, dropped: 0 };
	const rate = createRate(clock);
	const violations: Violation[] = [];
	const report = createReport(clock, onChanged);
	let lastFailure: Failure | undefined;
	const note = (failure: PlacedFailure) => {
		lastFailure = failure;
		report();
	};
	const count: Ledger['count'] = (kind, failure) => {
		counts[kind]++;
		if (failure) lastFailure = failure;
		report();
	};
	return {
		...{ counts, count, note, changed: onChanged },
		received() {
			counts.received++;
			rate.add();
			report();
		},
		violated({ time, target }, unmet) {
			for (const one of unmet) violations.push({ time, target, ...one });
			violations.splice(0, Math.max(0, violations.length - maxViolations));
		},
		async conclude(message, result, holding) {
			report();
			const { failure } = result;
			if (failure.code === loopCode) {
				count('looped', failure);
				return 'done';
			}
			if (result.kind === 'left' && message.held && (holding?.repeats || holding?.survives)) {
				// It is handed back, as if it had not been received.
				counts.received--;
				return 'again';
			}
			note(failure);
			counts.failed++;
			await deadLetters?.add(message, failure, description);
			return 'done';
		},
		stats: (inFlight) => ({
			...counts,
			...{ inFlight, violations, rate: rate.perSecond() },
			...(lastFailure && { lastFailure }),
		}),
	};
}
