import assert from 'node:assert/strict';
import type { Clock } from '../../../src/files/run/connection';

/** Time that passes only when nothing else is left to do. */
export function virtualClock(): Clock & {
	run<T>(work: Promise<T>): Promise<T>;
	/** Lets time pass until the condition holds. */
	until(what: string, condition: () => boolean): Promise<void>;
} {
	let now = 0;
	let timers: { at: number; action: () => void }[] = [];
	return {
		now: () => now,
		after(ms, action) {
			const timer = { at: now + ms, action };
			timers.push(timer);
			return {
				dispose() {
					timers = timers.filter((one) => one !== timer);
				},
			};
		},
		async until(what, condition) {
			for (let idle = 0; !condition(); ) {
				await new Promise((resolve) => setImmediate(resolve));
				if (condition()) return;
				const next = timers.sort((a, b) => a.at - b.at).shift();
				assert.ok(next || idle++ < 100, `${what}: it never comes`);
				now = Math.max(now, next?.at ?? 0);
				next?.action();
			}
		},
		async run(work) {
			let done = false;
			const settled = work.finally(() => {
				done = true;
			});
			settled.catch(() => {});
			for (let idle = 0; !done && idle < 100; ) {
				await new Promise((resolve) => setImmediate(resolve));
				if (done) break;
				const next = timers.sort((a, b) => a.at - b.at).shift();
				if (!next) idle++;
				else {
					idle = 0;
					now = Math.max(now, next.at);
					next.action();
				}
			}
			assert.ok(done, 'it waits for something that never comes');
			return settled;
		},
	};
}
