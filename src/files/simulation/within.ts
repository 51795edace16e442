import type { RunContext } from '../run/connection';

/** Resolves when the work has ended, after `ms` milliseconds, or when the user stops the run. Never rejects. */
export function within(work: Promise<unknown>, ms: number, { clock, signal }: Pick<RunContext, 'clock' | 'signal'>) {
	return new Promise<void>((resolve) => {
		const done = () => {
			timer?.dispose();
			signal.removeEventListener('abort', done);
			resolve();
		};
		const timer = ms === Number.POSITIVE_INFINITY ? undefined : clock.after(ms, done);
		signal.addEventListener('abort', done);
		if (signal.aborted) done();
		work.then(done, done);
	});
}
