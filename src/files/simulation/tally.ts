import type { Failure } from '../../base/failure';
import { createHistogram, type Histogram } from '../../base/histogram';
import type { Proof, Receipt } from '../../model/contracts/message';
import type { ProtocolDescription } from '../../protocols/description';
import { isProven } from '../run/ask';
import type { Latency, SimulationReport } from './report';

const maxReasons = 20;

/** Counts what becomes of the clients and messages of a simulation. */
export function createTally(description: ProtocolDescription) {
	const clients = { connected: 0, refused: 0, lost: 0 };
	const counts = { sent: 0, acknowledged: 0, refused: 0, unknown: 0, unsent: 0, skipped: 0, behind: 0 };
	const reasons = new Map<string, number>();
	const fromDue = createHistogram();
	const fromSending = createHistogram();

	function reason(text: string): void {
		const key = reasons.has(text) || reasons.size < maxReasons - 1 ? text : 'Other reasons.';
		reasons.set(key, (reasons.get(key) ?? 0) + 1);
	}

	/** The peer has accepted or answered a message, or expectations say that its refusal is right. */
	function accepted(proof: Proof, due: number, sent: number, now: number): void {
		counts.sent++;
		if (proof !== 'handed-over') counts.acknowledged++;
		fromDue.add(now - due);
		fromSending.add(now - sent);
	}

	return {
		clients,
		counts,
		/** Milliseconds; undefined before the first acknowledgement. */
		get p99(): number | undefined {
			return fromDue.count === 0 ? undefined : fromDue.at(0.99);
		},
		/** Clients that could not connect or lost their connection. */
		get failedClients(): number {
			return clients.refused + clients.lost;
		},
		clientFailed(kind: 'refused' | 'lost', text: string): void {
			clients[kind]++;
			reason(text);
		},
		/** The end of a message. Times in milliseconds: when it was due, when it was sent, when the receipt came. */
		receipt(receipt: Receipt, due: number, sent: number, now: number): void {
			const { proof, text } = receipt;
			if (isProven(receipt, description)) {
				accepted(proof, due, sent, now);
				return;
			}
			counts.sent++;
			if (proof === 'refused' || proof === 'unrouted') counts.refused++;
			else counts.unknown++;
			// The same reason takes another time for each message.
			reason(text.replace(/ in [\d.,]+ m?s\b/g, ''));
		},
		accepted,
		/** A message that was not sent. */
		unsent(text: string): void {
			counts.unsent++;
			reason(text);
		},
		/** An exchange that failed, such as a request without a reply. */
		unanswered({ code, message }: Failure): void {
			counts.sent++;
			if (code === 'refused' || code === 'unrouted') counts.refused++;
			else counts.unknown++;
			reason(message);
		},
		/** Sent messages without a receipt when the simulation was stopped. */
		pending(count: number): void {
			counts.sent += count;
			counts.unknown += count;
		},
		report(wanted: number, rate: SimulationReport['rate']): SimulationReport {
			return {
				clients: { wanted, ...clients },
				...counts,
				latency: { fromDue: latencyOf(fromDue), fromSending: latencyOf(fromSending) },
				rate,
				reasons: [...reasons].map(([text, count]) => ({ text, count })),
			};
		},
	};
}

export type Tally = ReturnType<typeof createTally>;

/** Exact to a microsecond. */
const micro = (ms: number) => Math.round(ms * 1000) / 1000;

const latencyOf = (histogram: Histogram): Latency => ({
	p50: micro(histogram.at(0.5)),
	p99: micro(histogram.at(0.99)),
	p999: micro(histogram.at(0.999)),
	max: micro(histogram.max),
});
