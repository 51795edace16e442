import type { Clock } from '../../files/run/connection';

export const clock: Clock = {
	now: () => performance.now(),
	after(ms, action) {
		const timer = setTimeout(action, ms);
		return { dispose: () => clearTimeout(timer) };
	},
};
