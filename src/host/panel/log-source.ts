import { setTimeout as pause } from 'node:timers/promises';
import { fail } from '../../base/failure';
import type { Remote } from '../../base/rpc';
import type { EngineApi, FeedMessage } from '../../model/contracts/engine-api';
import { direction, type LogFilter } from '../../model/contracts/message';
import type { MessageCount } from '../../model/contracts/panel-api';

/** Lines requested at a time. */
const linesPerStep = 5000;
/** Milliseconds between two looks at a search. */
const searchPause = 50;

/** Lines of the log in pieces. Each piece states its place: `done` of `total` lines come before its end. */
export type LogSource = AsyncIterable<{ lines: number[]; removed: number; done: number; total: number }>;

export async function* linesOf(lines: number[]): LogSource {
	const total = lines.length;
	for (let at = 0; at < total; at += linesPerStep) {
		const piece = lines.slice(at, at + linesPerStep);
		yield { lines: piece, removed: 0, done: at + piece.length, total };
	}
}

let next = 0;

/** The lines that match a filter, without those that arrive meanwhile. */
export async function* viewOf(
	engine: Pick<Remote<EngineApi>, 'view' | 'page' | 'seqs' | 'dropView'>,
	filter: LogFilter,
): LogSource {
	const name = `export ${next++}`;
	try {
		let page = await engine.view(name, filter);
		while (page.searched < 1) {
			if (page.problem !== undefined) throw fail('bad-filter', page.problem);
			await pause(searchPause);
			page = await engine.page(name, page.high, 0);
		}
		const { low, high } = page;
		for (let at = low; at < high; ) {
			const { from, seqs } = await engine.seqs(name, at, Math.min(linesPerStep, high - at));
			const removed = Math.min(from, high) - at;
			at = from + seqs.length;
			yield { lines: seqs, removed, done: Math.min(at, high) - low, total: high - low };
			if (seqs.length === 0) return;
		}
	} finally {
		await engine.dropView(name);
	}
}

/**
 * Passes the messages of these lines to `take`, in pieces and without notes, or notes alone. `share`: part of the lines
 * that are done, 0 to 1. Resolves with undefined as soon as `take` returns false.
 */
export async function readMessages(
	engine: Pick<Remote<EngineApi>, 'messages'>,
	source: LogSource,
	take: (messages: FeedMessage[], share: number) => Promise<boolean>,
	{ notes = false } = {},
): Promise<MessageCount | undefined> {
	const count: MessageCount = { written: 0, removed: 0 };
	for await (const { lines, removed, done, total } of source) {
		count.removed += removed;
		for (let at = 0; at < lines.length; ) {
			const { messages, read } = await engine.messages(at === 0 ? lines : lines.slice(at));
			at += read;
			count.removed += read - messages.length;
			const wanted = messages.filter(({ flags }) => (direction(flags) === 'note') === notes);
			count.written += wanted.length;
			if (!(await take(wanted, (done - lines.length + at) / total))) return undefined;
		}
	}
	return count;
}
