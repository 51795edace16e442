import { type Failure, fail } from '../../../base/failure';

/**
 * Heartbeats (AMQP 0-9-1, section 4.2.7): sends one when nothing else was sent for half an interval, and gives up when
 * nothing at all came for one and a half. RabbitMQ sends them every half interval. `seconds`: 0 for none.
 */
export function watch(seconds: number, beat: () => void, dead: (failure: Failure) => void) {
	const interval = seconds * 1000;
	const every = Math.max(20, interval / 8);
	let heardAt = performance.now();
	let wroteAt = heardAt;
	let lookedAt = heardAt;
	const look = () => {
		const now = performance.now();
		// After a pause of this thread the timer comes before what has arrived meanwhile: let that be read first.
		const paused = now - lookedAt > 4 * every;
		lookedAt = now;
		if (now - wroteAt >= interval / 2 - every) beat();
		if (paused || now - heardAt < 1.5 * interval) return;
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
