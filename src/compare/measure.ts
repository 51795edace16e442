import { monitorEventLoopDelay } from 'node:perf_hooks';
import { toFailure } from '../base/failure';
import { createHistogram, type Histogram } from '../base/histogram';
import type { Receipt } from '../model/contracts/message';
import type { Prepared } from '../protocols/adapter';
import type { Route } from '../protocols/comparison';
import type { Connection } from './connection';
import { createMarks } from './mark';
import { pace } from './pace';
import { both } from './report/stats';
import type { Bytes, Latency, Run } from './report/types';
import { createTally } from './tally';

export interface MeasureOptions {
	sender: Connection;
	/** The sender itself if messages come back to it, and if its peer answers. */
	receiver: Connection;
	route: Route;
	target: string;
	/** Bytes. */
	size: number;
	/** Messages per second. */
	rate: number;
	count: number;
	/** Ends when more than this number of messages wait: only the rate counts. */
	probe?: { maxWaiting: number };
	signal: AbortSignal;
}

export interface Measured extends Run {
	/** Messages per second that arrived while sending. */
	arrivedRate: number;
	/** Messages without delivery when the last was sent. */
	backlog: number;
	acknowledgements: number;
}

/** Limits of messages without a delivery: beyond them a run ends, so that memory stays bounded. */
const maxWaiting = 20_000;
const maxWaitingBytes = 64 * 1024 * 1024;
/** Milliseconds without any arrival after which the rest of a run is lost. */
const quietAfter = 2000;
/** Milliseconds without traffic after which the acknowledgements of the last messages are complete, and the longest wait. */
const settledAfter = 30;
const maxSettling = 1000;
/** Resolution of the measured delay of the event loop, in milliseconds. */
const resolution = 5;

const acknowledging = new Set<Receipt['proof']>(['answered', 'acknowledged']);
const refusing = new Set<Receipt['proof']>(['refused', 'unrouted']);

/** One run: sends at a fixed rate, waits for the rest, and counts. Never rejects for what the peer does. */
export async function measure(options: MeasureOptions): Promise<Measured> {
	const { sender, receiver, route, target, size, rate, count, probe, signal } = options;
	const marks = createMarks(size);
	const tally = createTally(count);
	const intended = new Float64Array(count);
	const latency = createHistogram();
	const acknowledged = createHistogram();
	const maxAhead = Math.min(probe?.maxWaiting ?? maxWaiting, Math.max(2, Math.floor(maxWaitingBytes / size)));
	let sent = 0;
	let refused = 0;
	let open = 0;
	/** Of the first message that failed. */
	let firstFailure: string | undefined;
	let isOverloaded = false;
	let lastArrival = performance.now();

	function arrived(sequence: number, now: number): void {
		lastArrival = now;
		if (tally.arrived(sequence)) latency.add(lastArrival - (intended[sequence] as number));
	}
	if (route.delivery === 'copy')
		receiver.onMessage(({ payload }) => {
			const now = performance.now();
			const sequence = marks.sequence(payload);
			if (sequence !== undefined) arrived(sequence, now);
		});

	function settled(sequence: number, { proof, text, evidence }: Receipt): void {
		const now = performance.now();
		open--;
		if (refusing.has(proof)) {
			refused++;
			firstFailure ??= evidence === undefined ? text : `${text} (${evidence})`;
		} else if (route.delivery === 'answer') {
			if (proof === 'answered') arrived(sequence, now);
		} else if (acknowledging.has(proof)) acknowledged.add(now - (intended[sequence] as number));
	}

	const prepare = (sequence: number) =>
		sender.link.prepare({ ...route.send, target, payload: marks.payload(sequence) });
	/** The next message, checked before it is due: that takes up to 10 µs, which a program of its own would not need. */
	let ahead: Prepared | undefined;
	function prepareAhead(): void {
		if (ahead || sent >= count) return;
		try {
			ahead = prepare(sent);
		} catch {
			// It is refused again when it is due.
		}
	}

	function send(sequence: number, due: number): boolean {
		if (sender.ended || receiver.ended) return false;
		if (sent - refused - tally.delivered >= maxAhead) {
			isOverloaded = true;
			return false;
		}
		intended[sequence] = due;
		try {
			const prepared = ahead ?? prepare(sequence);
			ahead = undefined;
			sent++;
			open++;
			sender.link.send(prepared).then(
				(receipt) => settled(sequence, receipt),
				(error) => {
					open--;
					refused++;
					firstFailure ??= toFailure(error).message;
				},
			);
			setImmediate(prepareAhead);
			return true;
		} catch (error) {
			firstFailure ??= toFailure(error).message;
			return false;
		}
	}

	const before = [sender.traffic(), receiver.traffic()] as const;
	const loop = monitorEventLoopDelay({ resolution });
	loop.enable();
	const start = performance.now();
	await pace(count, rate, send, signal);
	const sendingTook = performance.now() - start;
	const arrivedRate = (tally.delivered * 1000) / sendingTook;
	const backlog = sent - refused - tally.delivered;
	loop.disable();
	lastArrival = performance.now();
	const isOver = () => sender.ended !== undefined || receiver.ended !== undefined || signal.aborted;
	// Also after a probe: what is left in a queue would meet the next run, or stay with the user.
	while (tally.delivered < sent - refused || open > 0) {
		if (isOver() || performance.now() - lastArrival > quietAfter) break;
		await pause(5);
	}
	const bytes = () => both(sender.traffic()) + both(receiver.traffic());
	if (!probe) await unchanged(bytes);
	receiver.onMessage(() => {});
	const ended = sender.ended ?? receiver.ended;
	const failure: string | undefined = ended?.message ?? (firstFailure as string | undefined);
	const per = (now: Bytes, then: Bytes): Bytes => ({
		sent: Math.max(0, now.sent - then.sent) / Math.max(1, sent),
		received: Math.max(0, now.received - then.received) / Math.max(1, sent),
	});
	return {
		...(latency.count > 0 && { latency: summary(latency) }),
		...(acknowledged.count > 0 && { acknowledged: summary(acknowledged) }),
		...{ sent, refused, delivered: tally.delivered },
		...(open > 0 && { unacknowledged: open }),
		lost: Math.max(0, sent - refused - tally.delivered),
		...{ duplicated: tally.duplicated, reordered: tally.reordered },
		sender: per(sender.traffic(), before[0]),
		receiver: receiver === sender ? { sent: 0, received: 0 } : per(receiver.traffic(), before[1]),
		delay: Math.max(0, (Number.isFinite(loop.max) ? loop.max : 0) / 1e6 - resolution),
		...((isOverloaded as boolean) && { overloaded: true as const }),
		...(failure !== undefined && { failure }),
		...{ arrivedRate, backlog, acknowledgements: acknowledged.count },
	};
}

/** Waits until a figure stays as it is. */
async function unchanged(figure: () => number): Promise<void> {
	const end = performance.now() + maxSettling;
	for (let before = Number.NaN, now = figure(); now !== before && performance.now() < end; now = figure()) {
		before = now;
		await pause(settledAfter);
	}
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const summary = (histogram: Histogram): Latency => ({
	p50: histogram.at(0.5),
	p99: histogram.at(0.99),
	p999: histogram.at(0.999),
	max: histogram.max,
});
