import { type Failure, toFailure } from '../../base/failure';
import type { Clock, ConnectionSpec } from '../run/connection';
import { connectionKey, type Pool, type Pooled } from '../run/connections/pool';
import { pause } from '../run/repeat';

/** Pauses between attempts to connect again, in milliseconds; the last one is repeated. */
const pauses = [1000, 2000, 5000, 10_000, 30_000];

/** The connections of a rule. They are opened again when they have ended. */
export interface Targets {
	/** The first attempt at each throws its failure. Later ones are repeated until there is a connection or the rule ends. */
	open(spec: ConnectionSpec): Promise<Pooled>;
	/** Undefined: it is not open now. */
	current(spec: ConnectionSpec): Pooled | undefined;
	/** Whether a connection that was lost is being opened. */
	isWaiting(): boolean;
	/** The connection has ended: the next `open` makes a new one. */
	lost(pooled: Pooled): void;
}

export interface TargetsOptions {
	pool: Pool;
	clock: Clock;
	/** Aborted when the rule ends, with a FailureError as the reason. */
	signal: AbortSignal;
	/** A connection that was lost cannot be opened yet. */
	onDown(failure: Failure): void;
	/** A connection that was lost will not be opened again, such as one that the user has closed. */
	onGone(failure: Failure): void;
}

export function createTargets({ pool, clock, signal, onDown, onGone }: TargetsOptions): Targets {
	interface Line {
		pooled: Promise<Pooled>;
		current?: Pooled;
	}
	const lines = new Map<string, Line>();
	/** Keys of specs: that of a step is the same for each message. */
	const keys = new WeakMap<ConnectionSpec, string>();
	function keyOf(spec: ConnectionSpec): string {
		const cached = keys.get(spec);
		if (cached !== undefined) return cached;
		const key = connectionKey(spec);
		keys.set(spec, key);
		return key;
	}
	/** Keys of connections that were open once. */
	const known = new Set<string>();

	async function connect(spec: ConnectionSpec, key: string): Promise<Pooled> {
		for (let attempt = 0; ; attempt++) {
			signal.throwIfAborted();
			try {
				const pooled = await pool.open(spec);
				known.add(key);
				return pooled;
			} catch (error) {
				const failure = toFailure(error);
				if (!known.has(key)) throw error;
				if (failure.final) {
					onGone(failure);
					throw error;
				}
				onDown(failure);
			}
			await pause(pauses[Math.min(attempt, pauses.length - 1)] ?? 0, { clock, signal });
		}
	}

	return {
		open(spec) {
			const key = keyOf(spec);
			const existing = lines.get(key);
			if (existing) return existing.pooled;
			// A rule keeps its connections, also those that a request would open for itself alone.
			const line: Line = { pooled: connect({ ...spec, own: false }, key) };
			lines.set(key, line);
			line.pooled.then(
				(pooled) => {
					line.current = pooled;
				},
				() => lines.delete(key),
			);
			return line.pooled;
		},
		current: (spec) => lines.get(keyOf(spec))?.current,
		isWaiting: () => [...lines].some(([key, { current }]) => !current && known.has(key)),
		lost(pooled) {
			for (const [key, { current }] of lines) if (current === pooled) lines.delete(key);
			void pool.drop(pooled);
		},
	};
}
