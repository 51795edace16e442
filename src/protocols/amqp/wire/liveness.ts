import { type Failure, fail } from '../../../base/failure';

/** The longest interval that is agreed, in seconds: one and a half of them are 15 s, by which a dead link must show. */
export const longestHeartbeat = 10;

/**
 * Heartbeats (AMQP 0-9-1, section 4.2.7): sends one when nothing else was sent for half an interval, and reports a dead
 * server just before one and a half have passed without a byte. RabbitMQ sends them every half interval. `seconds`: 0
 * for none.
 */
export function watch(seconds: number, beat: () => void, dead: (failure: Failure) => void) {
	const interval = seconds * 1000;
	const every = Math.max(20, interval / 16);
	const patience = 1.5 * interval - every;
	let heardAt = performance.now();
	let wroteAt = heardAt;
	let lookedAt = heardAt;
	const look = () => {
		const now = performance.now();
		// After a pause of this thread the timer comes before what has arrived meanwhile: let that be read first.
		const paused = now - lookedAt > interval / 2;
		lookedAt = now;
		if (now - wroteAt >= interval / 2 - every) beat();
		if (paused || now - heardAt < patience) return;
		clearInterval(timer);
		const silent = `nothing for ${((now - heardAt) / 1000).toFixed(1)} s, with a heartbeat agreed of ${seconds} s`;
		dead(fail('silent', 'The server does not answer any more.', { evidence: silent }).failure);
	};
	const timer = seconds > 0 ? setInterval(look, every) : undefined;
	return {
		heard() {
			heardAt = performance.now();
		},
		wrote() {
			wroteAt = performance.now();
		},
		stop: () => clearInterval(timer),
	};
}
