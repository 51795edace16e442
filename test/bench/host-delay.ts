import type { Editor } from '../support/editor/editor';
import type { Row } from './rows';

/** All in milliseconds. */
export interface HostDelay {
	/** Of the host's event loop. */
	p99: number;
	max: number;
	/** Of a trivial command, from the host to the window and back. */
	command: { median: number; p95: number; p99: number };
}

/** The host's event loop and a trivial command, over about `ms` milliseconds. */
export async function hostDelay({ probe }: Editor, ms: number): Promise<HostDelay> {
	await probe.measure();
	const times = await probe.roundTrips(Math.floor(ms / 40));
	const { p99, max } = await probe.measured();
	times.sort((a, b) => a - b);
	const at = (part: number) => times[Math.floor(times.length * part)] ?? 0;
	return { p99, max, command: { median: at(0.5), p95: at(0.95), p99: at(0.99) } };
}

/** What it took, beside the same with nothing to do. */
export const delayRow = (name: string, own: number, idle: number, goal?: string): Row => ({
	name,
	value: `${own.toFixed(1)} ms`,
	reference: `${idle.toFixed(1)} ms idle`,
	ratio: own / idle,
	...(goal ? { goal } : {}),
});
