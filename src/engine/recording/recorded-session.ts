import { stat } from 'node:fs/promises';
import { Coalescer } from '../../base/coalesce';
import { type Failure, fail, toFailure } from '../../base/failure';
import type { ActRequest, ActResult } from '../../model/contracts/browse';
import { flag } from '../../model/contracts/message';
import type { Limits, OpenRequest, SessionState, ShownFile, Status } from '../../model/contracts/session';
import type { Session } from '../session/session';
import { rowBytes } from '../store/log/segment';
import type { Store } from '../store/store';
import type { OpenedRecording, RecordedBatch } from './read';
import { openRecordings } from './read-parts';

/** Milliseconds. */
const statusEvery = 100;
/** Interval in milliseconds at which a file that was read to its end is looked at again. */
const lookEvery = 1000;
/** Share of the limits of the log at which reading ends: what was read must not be evicted by what follows. */
const fullAt = 0.95;

export interface RecordedOptions {
	path: string;
	limits: Pick<Limits, 'logBytes' | 'logMessages'>;
	/** Its clock must return `time` of the last call of `setTime`. */
	store: Pick<
		Store,
		| 'append'
		| 'clear'
		| 'mark'
		| 'setChecks'
		| 'marked'
		| 'received'
		| 'sent'
		| 'kept'
		| 'notes'
		| 'keptBytes'
		| 'evicted'
		| 'topics'
		| 'unlisted'
	>;
	setTime(time: number): void;
	/** Whether the file begins with a head. */
	onHead?(has: boolean): void;
	onChanged(status: Status): void;
	/** For tests. */
	onRead?(): void;
}

/** Actions on a recording that the engine runs. `read-from` takes `from`, in milliseconds since the start. */
export const recordedActions = { readNext: 'read-next', readFrom: 'read-from' } as const;

/** The session of a recording: its peer is a file, so that it is shown like a connection. Nothing can be sent or changed. */
export function createRecordedSession(options: RecordedOptions): Session {
	const { path, limits, store, setTime, onChanged, onRead } = options;
	const encoder = new TextEncoder();
	const coalescer = new Coalescer(statusEvery, () => onChanged(status()));
	const ending = new AbortController();
	let state: SessionState = { kind: 'closed' };
	let revision = 0;
	let file: ShownFile | undefined;
	/** Messages that were read since the log was cleared last, and rows that clearing has removed. */
	let read = 0;
	let cleared = { evicted: 0, received: 0, sent: 0 };
	/** Time of the last message since the start of the recording, in milliseconds. */
	let lastAt = 0;
	let reading: { share: number; abort: AbortController; done: Promise<void> } | undefined;

	function set(next: SessionState): void {
		state = next;
		coalescer.request();
	}

	function status(): Status {
		const { received, sent, kept, notes, keptBytes, evicted, topics, unlisted, marked } = store;
		return {
			...{ revision: ++revision, state, kept, notes, keptBytes, topics, unlisted, marked },
			evicted: evicted - cleared.evicted,
			received: received - cleared.received,
			sent: sent - cleared.sent,
			...{ rate: 0, subscriptions: [], repeats: [], browse: 0 },
			states: [...(file?.rest === undefined ? [] : ['rest']), ...(file?.gone === 'replaced' ? ['replaced'] : [])],
			running: reading
				? [{ id: 'read', action: 'read', text: `${read.toLocaleString('en')} read`, done: reading.share }]
				: [],
			...(file && { file }),
		};
	}

	const note = (text: string, bad = true) =>
		void store.append('', encoder.encode(text), flag.note | (bad ? flag.bad : 0));
	const isFull = () =>
		store.kept >= limits.logMessages * fullAt ||
		store.keptBytes + store.kept * rowBytes >= limits.logBytes * fullAt ||
		store.evicted > cleared.evicted;

	/** Returns false when the log has no room for more. */
	function append(shown: ShownFile, { messages, problems, unread }: RecordedBatch, from: number): boolean {
		for (const { at, time, target, payload, flags, meta, marks } of messages) {
			if (at < from) continue;
			if (isFull()) {
				shown.rest = at;
				return false;
			}
			setTime(time);
			const seq = store.append(target, payload, flags, meta);
			if (marks) store.mark(seq, marks);
			lastAt = at;
			if ((flags & flag.note) !== 0) continue;
			read++;
			if (shown.from === undefined || time < shown.from) shown.from = time;
			if (shown.until === undefined || time > shown.until) shown.until = time;
		}
		for (const problem of problems) note(problem);
		shown.unread += unread;
		return true;
	}

	async function readFrom(opened: OpenedRecording, batches: AsyncGenerator<RecordedBatch>, from: number) {
		const shown = file;
		if (!shown || !reading) return;
		const { abort } = reading;
		for await (const batch of batches) {
			const goesOn = append(shown, batch, from);
			reading.share = batch.share;
			shown.size = Math.max(shown.size, opened.read ?? 0);
			coalescer.request();
			if (!goesOn) {
				note('The log has no room for the rest of the recording. “Show Next Part” goes on here.', false);
				return;
			}
			// Between two pieces, requests of the page are answered.
			await new Promise((resolve) => setImmediate(resolve));
		}
		if (!abort.signal.aborted) return;
		shown.rest = lastAt;
		note('Reading was stopped. “Show Next Part” goes on here.', false);
	}

	/** Reads the file from a time on, in place of what is shown. */
	async function start(from: number): Promise<void> {
		const abort = new AbortController();
		lastAt = from;
		const opening = openRecordings(path);
		let done: () => void = () => {};
		reading = {
			share: 0,
			abort,
			done: new Promise((resolve) => {
				done = resolve;
			}),
		};
		let opened: OpenedRecording;
		try {
			opened = await opening;
		} catch (error) {
			reading = undefined;
			done();
			throw error;
		}
		const { head, size } = opened;
		options.onHead?.(head !== undefined);
		file = { size, unread: 0, ...(head && { connection: head.connection, url: head.url }) };
		const current = file;
		set({
			...{ kind: 'open', since: head?.started ?? Date.now(), facts: [] },
			security: { encrypted: false, verified: false, authentication: 'none' },
		});
		void readFrom(opened, opened.batches(abort.signal, from === 0 ? undefined : from), from || Number.NEGATIVE_INFINITY)
			.then(() => {
				if (current.unread > 10)
					note(`${current.unread.toLocaleString('en')} lines could not be read; the first are named above.`);
			})
			.catch((error) => fault(toFailure(error)))
			.finally(() => {
				reading = undefined;
				done();
				coalescer.request();
				onRead?.();
				if (!abort.signal.aborted && current.rest === undefined) void watch(opened, current);
			});
	}

	/** Reads on when the file grows, until it is deleted or replaced. */
	async function watch(opened: OpenedRecording, shown: ShownFile): Promise<void> {
		const isOver = () => ending.signal.aborted || file !== shown;
		const first = await stat(path).catch(() => undefined);
		while (!isOver() && shown.rest === undefined) {
			await new Promise((resolve) => setTimeout(resolve, lookEvery).unref());
			if (isOver()) return;
			const now = await stat(path).catch(() => undefined);
			if (isOver() || reading) continue;
			if (!now || now.ino !== first?.ino || now.size < (opened.read ?? 0)) {
				shown.gone = now ? 'replaced' : 'deleted';
				note(
					now
						? 'The file was replaced by another one. “Read Again” shows it.'
						: 'The file was deleted or moved. The messages that were read are still shown.',
				);
				coalescer.request();
				return;
			}
			if (!opened.more || now.size === shown.size) continue;
			const abort = new AbortController();
			reading = { share: 1, abort, done: Promise.resolve() };
			try {
				await readFrom(opened, opened.more(abort.signal), Number.NEGATIVE_INFINITY);
				shown.size = now.size;
			} catch (error) {
				fault(toFailure(error));
			} finally {
				reading = undefined;
				coalescer.request();
				onRead?.();
			}
		}
	}

	async function open({ profile }: OpenRequest): Promise<void> {
		if (reading || state.kind === 'open') return;
		store.setChecks(profile.checks ?? []);
		set({ kind: 'connecting', step: 'lookup', since: Date.now() });
		try {
			await start(0);
		} catch (error) {
			set({ kind: 'closed', failure: toFailure(error) });
			throw error;
		}
	}

	async function act({ action, values }: ActRequest): Promise<ActResult> {
		const from = action === recordedActions.readNext ? (file?.rest ?? 0) : values.from;
		if (!Object.values<string>(recordedActions).includes(action) || typeof from !== 'number') return refuse();
		reading?.abort.abort();
		await reading?.done;
		store.clear();
		const { evicted, received, sent } = store;
		cleared = { evicted, received, sent };
		read = 0;
		file = undefined;
		await start(Math.max(0, from));
		return { text: '' };
	}

	function fault(failure: Failure): void {
		note(failure.message);
	}

	const refuse = (): never => {
		throw fail('recorded', 'This is a recording: nothing can be sent or changed.');
	};
	const refuseLater = async (): Promise<never> => refuse();

	return {
		...{ open, act, status },
		async close() {
			reading?.abort.abort();
		},
		...{ send: refuseLater, subscribe: refuseLater, unsubscribe: refuseLater, test: refuseLater },
		...{ browse: refuseLater, graph: refuseLater, repeat: refuse, clear: refuse },
		ask: async () => undefined,
		targets: () => [],
		...{ cancel() {}, stopRepeat() {}, settle() {} },
		stop: () => reading?.abort.abort(),
		fault: (error) => fault(toFailure(error)),
		dispose() {
			ending.abort();
			reading?.abort.abort();
			coalescer.dispose();
		},
	};
}
