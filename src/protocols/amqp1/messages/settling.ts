import type { Delivery } from 'rhea';
import type { Sink } from '../../adapter';

/** An outcome that a receiver can give (AMQP 1.0, part 3, section 3.4). */
export type Outcome =
	| { kind: 'accepted' }
	| { kind: 'released' }
	| { kind: 'rejected'; condition: string; description: string }
	| { kind: 'modified'; failed: boolean; undeliverable: boolean };

/** A message that waits for its outcome. */
interface Held {
	delivery: Delivery;
	/** The subscription that has received it. */
	id: string;
	/** It is settled by `Link.settle` and not by the user. */
	byCaller?: boolean;
}

export interface Settling {
	/** Messages that the user settles. */
	readonly size: number;
	/** Messages that `Link.settle` settles. */
	readonly held: number;
	/** The message of this line waits for an outcome. */
	hold(seq: number, held: Held): void;
	/** Whether an outcome was given: it can be given once, and as long as the link is open. */
	settle(seq: number, outcome: Outcome): boolean;
	/** Lines that wait for the user, oldest first. */
	lines(): number[];
	/** Resolves when all outcomes were passed to the library. */
	drained(): Promise<void>;
	/** The subscription has ended: its messages go back. */
	dropped(id: string, text: string): void;
}

export interface SettlingOptions {
	sink: Sink;
	/** One of these messages was settled, so that another may arrive. */
	settled(id: string): void;
	/** There are messages that wait, or none any more. */
	changed(): void;
}

export const outcomeText = (outcome: Outcome): string => {
	switch (outcome.kind) {
		case 'rejected': {
			const reason = [outcome.condition, outcome.description].filter((part) => part !== '').join(': ');
			return reason === '' ? 'rejected' : `rejected: ${reason}`;
		}
		case 'modified': {
			const words = [outcome.failed && 'delivery failed', outcome.undeliverable && 'undeliverable here'];
			return `modified: ${words.filter((one) => one).join(', ') || 'unchanged'}`;
		}
		default:
			return outcome.kind;
	}
};

/** The received messages that wait for an outcome. */
export function createSettling({ sink, settled, changed }: SettlingOptions): Settling {
	const held = new Map<number, Held>();
	/** Those of them that `Link.settle` settles. */
	let byCaller = 0;
	/** Outcomes that rhea has not been given yet. */
	let waiting: { delivery: Delivery; outcome: Outcome }[] = [];

	/**
	 * rhea writes the outcomes of one turn together and gives two neighbours that of the first even if they differ, so that each
	 * turn has one outcome only.
	 */
	function drain(): void {
		const [first] = waiting;
		if (!first) return;
		const text = outcomeText(first.outcome);
		const other = waiting.findIndex(({ outcome }) => outcomeText(outcome) !== text);
		const now = other === -1 ? waiting : waiting.slice(0, other);
		waiting = waiting.slice(now.length);
		for (const { delivery, outcome } of now) apply(delivery, outcome);
		// Behind rhea's own turn.
		process.nextTick(drain);
	}

	function remove(seq: number): Held | undefined {
		const one = held.get(seq);
		if (!one) return undefined;
		held.delete(seq);
		if (one.byCaller) byCaller--;
		else if (held.size === byCaller) changed();
		return one;
	}

	return {
		get size() {
			return held.size - byCaller;
		},
		get held() {
			return byCaller;
		},
		hold(seq, one) {
			held.set(seq, one);
			if (one.byCaller) {
				byCaller++;
				return;
			}
			sink.settlement(seq, {
				open: true,
				text: 'waiting for an outcome',
				atEnd: 'not settled: the server delivers it again',
			});
			if (held.size - byCaller === 1) changed();
		},
		settle(seq, outcome) {
			const one = remove(seq);
			if (!one) return false;
			waiting.push({ delivery: one.delivery, outcome });
			if (waiting.length === 1) process.nextTick(drain);
			if (!one.byCaller) sink.settlement(seq, { open: false, text: outcomeText(outcome) });
			settled(one.id);
			return true;
		},
		async drained() {
			while (waiting.length > 0) await new Promise((resolve) => setImmediate(resolve));
		},
		lines: () => [...held].flatMap(([seq, one]) => (one.byCaller ? [] : [seq])),
		dropped(id, text) {
			for (const [seq, one] of [...held])
				if (one.id === id) {
					remove(seq);
					if (!one.byCaller) sink.settlement(seq, { open: false, text });
				}
		},
	};
}

function apply(delivery: Delivery, outcome: Outcome): void {
	switch (outcome.kind) {
		case 'accepted':
			delivery.accept();
			return;
		case 'released':
			delivery.release();
			return;
		case 'rejected': {
			const { condition, description } = outcome;
			delivery.reject(condition === '' && description === '' ? undefined : ({ condition, description } as never));
			return;
		}
		case 'modified':
			delivery.modified({ delivery_failed: outcome.failed, undeliverable_here: outcome.undeliverable });
	}
}
