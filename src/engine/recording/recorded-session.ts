import { Coalescer } from '../../base/coalesce';
import { type Failure, fail, toFailure } from '../../base/failure';
import { flag } from '../../model/contracts/message';
import type { OpenRequest, Property, SessionState, Status } from '../../model/contracts/session';
import type { Session } from '../session/session';
import type { Store } from '../store/store';
import type { OpenedRecording } from './read';
import { openRecordings } from './read-parts';

/** Milliseconds. */
const statusEvery = 100;

export interface RecordedOptions {
	path: string;
	/** Its clock must return `time` of the last call of `setTime`. */
	store: Pick<
		Store,
		| 'append'
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
	onChanged(status: Status): void;
	/** For tests. */
	onRead?(): void;
}

/** The session of a recording: its peer is a file, so that it is shown like a connection. Nothing can be sent or changed. */
export function createRecordedSession({ path, store, setTime, onChanged, onRead }: RecordedOptions): Session {
	const encoder = new TextEncoder();
	const coalescer = new Coalescer(statusEvery, () => onChanged(status()));
	let state: SessionState = { kind: 'closed' };
	let revision = 0;
	let reading: { share: number; abort: AbortController } | undefined;

	function set(next: SessionState): void {
		state = next;
		coalescer.request();
	}

	function status(): Status {
		const { received, sent, kept, notes, keptBytes, evicted, topics, unlisted, marked } = store;
		return {
			...{ revision: ++revision, state, received, sent, kept, notes, keptBytes, evicted, topics, unlisted, marked },
			...{ rate: 0, subscriptions: [], repeats: [], browse: 0 },
			running: reading ? [{ id: 'read', action: 'read', text: `${received + sent} read`, done: reading.share }] : [],
		};
	}

	async function read({ head, batches }: OpenedRecording, abort: AbortController): Promise<void> {
		let unread = 0;
		const note = (text: string) => store.append('', encoder.encode(text), flag.note | flag.bad);
		const told: string[] = [];
		for await (const { messages, problems, unread: more, share } of batches(abort.signal)) {
			for (const { time, target, payload, flags, meta, marks } of messages) {
				setTime(time);
				const seq = store.append(target, payload, flags, meta);
				if (marks) store.mark(seq, marks);
			}
			told.push(...problems);
			unread += more;
			reading = { share, abort };
			coalescer.request();
			// Between two pieces, requests of the page are answered.
			await new Promise((resolve) => setImmediate(resolve));
		}
		for (const problem of told) note(problem);
		if (unread > told.length)
			note(`${unread.toLocaleString('en')} lines could not be read; the first are named above.`);
		if (!head && store.received + store.sent === 0) note('The file has no message.');
	}

	async function open({ profile }: OpenRequest): Promise<void> {
		if (reading || state.kind === 'open') return;
		store.setChecks(profile.checks ?? []);
		const abort = new AbortController();
		reading = { share: 0, abort };
		set({ kind: 'connecting', step: 'lookup', since: Date.now() });
		let opened: OpenedRecording;
		try {
			opened = await openRecordings(path);
		} catch (error) {
			reading = undefined;
			set({ kind: 'closed', failure: toFailure(error) });
			throw error;
		}
		const { head } = opened;
		const facts: Property[] = head
			? [
					{ label: 'Connection', value: head.connection },
					{ label: 'Server', value: head.url },
					{ label: 'Recorded from', value: new Date(head.started).toISOString() },
				]
			: [];
		set({
			kind: 'open',
			since: head?.started ?? Date.now(),
			security: { encrypted: false, verified: false, authentication: 'none' },
			facts,
		});
		void read(opened, abort)
			.catch((error) => fault(toFailure(error)))
			.finally(() => {
				reading = undefined;
				coalescer.request();
				onRead?.();
			});
	}

	function fault(failure: Failure): void {
		store.append('', encoder.encode(failure.message), flag.note | flag.bad);
	}

	const refuse = (): never => {
		throw fail('recorded', 'This is a recording: nothing can be sent or changed.');
	};
	const refuseLater = async (): Promise<never> => refuse();

	return {
		open,
		async close() {
			reading?.abort.abort();
		},
		status,
		...{ send: refuseLater, subscribe: refuseLater, unsubscribe: refuseLater, act: refuseLater, test: refuseLater },
		...{ browse: refuseLater, graph: refuseLater, repeat: refuse, clear: refuse },
		ask: async () => undefined,
		targets: () => [],
		...{ cancel() {}, stopRepeat() {}, settle() {} },
		stop: () => reading?.abort.abort(),
		fault: (error) => fault(toFailure(error)),
		dispose() {
			reading?.abort.abort();
			coalescer.dispose();
		},
	};
}
