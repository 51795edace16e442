import { type Failure, fail } from '../../../base/failure';

/** A dead link shows at the latest after this, whatever the keep alive; in milliseconds. */
const longest = 15_000;

export interface Liveness {
	heard(): void;
	wrote(): void;
	stop(): void;
}

/**
 * Asks with PINGREQ when nothing was heard for half the time in which a dead link must show (1.5 keep alives or 15 s,
 * whichever is less), and gives up when nothing came by its end. Also keeps the promise to the broker that something is
 * sent within each keep alive (MQTT 5, 3.1.2.10). `keepAlive` in seconds, 0 for none.
 */
export function watch(keepAlive: number, ping: () => void, dead: (failure: Failure) => void): Liveness {
	const within = Math.min(longest, keepAlive > 0 ? keepAlive * 1500 : longest) * 0.95;
	const quiet = keepAlive > 0 ? keepAlive * 500 : Number.POSITIVE_INFINITY;
	let heardAt = performance.now();
	let wroteAt = heardAt;
	/** When the question was asked that has not been answered. */
	let askedAt: number | undefined;
	const look = () => {
		const now = performance.now();
		// Asked and not heard since: a machine that slept for an hour asks first, too.
		if (askedAt !== undefined && now - askedAt >= within / 2) {
			clearInterval(timer);
			const silent = `nothing for ${Math.round((now - heardAt) / 1000)} s, although it was asked (PINGREQ)`;
			dead(fail('silent', 'The broker does not answer any more.', { evidence: silent }).failure);
		} else if (askedAt === undefined && now - heardAt >= within * 0.45) {
			askedAt = now;
			ping();
		} else if (now - wroteAt >= quiet) ping();
	};
	const timer = setInterval(look, Math.max(20, within / 40));
	return {
		heard() {
			heardAt = performance.now();
			askedAt = undefined;
		},
		wrote() {
			wroteAt = performance.now();
		},
		stop: () => clearInterval(timer),
	};
}
