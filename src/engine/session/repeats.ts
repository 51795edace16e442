import { fail, toFailure } from '../../base/failure';
import type { Draft } from '../../model/contracts/message';
import type { Repeat } from '../../model/contracts/session';

/** Minimum interval in milliseconds. */
const shortest = 10;

/**
 * Messages that are sent repeatedly. The next one is sent after `everyMs`, but never before the previous one has
 * settled.
 */
export interface Repeats {
	readonly list: Repeat[];
	start(draft: Draft, everyMs: number): number;
	stop(id: number): void;
	stopAll(): void;
}

export function createRepeats(send: (draft: Draft) => Promise<unknown>, changed: () => void): Repeats {
	const running = new Map<number, { repeat: Repeat; timer?: ReturnType<typeof setTimeout> }>();
	let next = 1;

	async function run(id: number, draft: Draft): Promise<void> {
		const due = performance.now();
		try {
			await send(draft);
			update(id, (repeat) => ({ ...repeat, count: repeat.count + 1, failure: undefined }));
		} catch (error) {
			update(id, (repeat) => ({ ...repeat, failure: toFailure(error) }));
		}
		const entry = running.get(id);
		if (!entry) return;
		entry.timer = setTimeout(() => run(id, draft), Math.max(0, due + entry.repeat.everyMs - performance.now()));
	}

	function update(id: number, change: (repeat: Repeat) => Repeat): void {
		const entry = running.get(id);
		if (entry) entry.repeat = change(entry.repeat);
		changed();
	}

	function stop(id: number): void {
		clearTimeout(running.get(id)?.timer);
		running.delete(id);
		changed();
	}

	return {
		get list() {
			return [...running.values()].map(({ repeat }) => repeat);
		},
		start(draft, everyMs) {
			if (everyMs < shortest)
				throw fail('bad-interval', `Messages can be repeated every ${shortest} ms or less often.`);
			const id = next++;
			running.set(id, { repeat: { id, target: draft.target, everyMs, count: 0 } });
			void run(id, draft);
			return id;
		},
		stop,
		stopAll() {
			for (const id of [...running.keys()]) stop(id);
		},
	};
}
