import { type Failure, fail } from '../../../base/failure';

/** The longest heartbeat that is agreed, in seconds: one and a half of them are 15 s, by which a dead link must show. */
export const maxHeartbeat = 10;

/**
 * Reports a dead server just before one and a half heartbeat intervals have passed without a byte (AMQP 0-9-1, section
 * 4.2.7; RabbitMQ sends a heartbeat every half interval). amqplib needs between two and three intervals, and counts only
 * the frames that the guard gives it: `alive` is called while the server sends anything. `seconds`: 0 for no check.
 */
export function watchSilence(seconds: number, alive: () => void, dead: (failure: Failure) => void) {
	const interval = seconds * 1000;
	const every = Math.max(20, interval / 16);
	const patience = 1.5 * interval - every;
	let heardAt = performance.now();
	let checkedAt = heardAt;
	const check = () => {
		const now = performance.now();
		// After a pause of this thread the timer runs before the bytes that arrived meanwhile are read.
		const paused = now - checkedAt > interval / 2;
		if (heardAt >= checkedAt) alive();
		checkedAt = now;
		if (paused || now - heardAt < patience) return;
		clearInterval(timer);
		const evidence = `nothing for ${((now - heardAt) / 1000).toFixed(1)} s, with a heartbeat agreed of ${seconds} s`;
		dead(fail('silent', 'The server does not answer any more.', { evidence }).failure);
	};
	const timer = seconds > 0 ? setInterval(check, every) : undefined;
	return {
		heard() {
			heardAt = performance.now();
		},
		stop: () => clearInterval(timer),
	};
}
