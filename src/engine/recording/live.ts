import { rmSync } from 'node:fs';
import { fail } from '../../base/failure';
import { flag } from '../../model/contracts/message';
import type { HistoryRequest, RecordingRequest, RecordingState, Status } from '../../model/contracts/session';
import type { ProtocolDescription } from '../../protocols/description';
import type { OnLine, Store } from '../store/store';
import { createHistory, type History } from './history';
import { createLogRecorder, type LogRecorder } from './log-recorder';

/** Milliseconds between two looks whether a file still exists. */
const checkEvery = 1000;

/** The recordings of a session: one that the user has started, and the history that the profile asks for. */
export interface LiveRecordings {
	/** Throws `no-recording`, and `already-recording`. */
	start(request: RecordingRequest): RecordingState;
	/** Resolves when everything up to now is in the file, with the result; undefined if nothing was recorded. */
	stop(): Promise<RecordingState | undefined>;
	/** Starts or ends the history. A failure is a note, and part of the state. */
	keepHistory(request: HistoryRequest | undefined): void;
	readonly state: Pick<Status, 'recording' | 'history'>;
	dispose(): void;
}

export interface LiveOptions {
	description: ProtocolDescription;
	store: Pick<Store, 'append' | 'feed' | 'next' | 'tap'>;
	changed(): void;
}

interface Running {
	recorder: LogRecorder;
	path: string;
	since: number;
}

interface Kept {
	folder: string;
	recorder?: History;
	problem?: string;
}

/** Writes each line into the recordings when it is logged, hence before the adapter acknowledges the message. */
export function createLiveRecordings({ description, store, changed }: LiveOptions): LiveRecordings {
	const encoder = new TextEncoder();
	let running: Running | undefined;
	let ended: RecordingState | undefined;
	let history: Kept | undefined;

	const timer = setInterval(() => {
		running?.recorder.check();
		history?.recorder?.check();
	}, checkEvery);
	timer.unref();

	function note(text: string): void {
		store.append('', encoder.encode(text), flag.note | flag.bad);
		changed();
	}

	const onLine: OnLine = (message, time) => {
		running?.recorder.write(message, time);
		history?.recorder?.write(message, time);
	};

	/** The log has no overhead while nothing is recorded. */
	function listen(): void {
		store.tap(running || history?.recorder ? onLine : undefined);
	}

	function stateOf({ recorder, path, since }: Running): RecordingState {
		const { messages, bytes, problem } = recorder;
		return { path, since, messages, bytes, ...(problem !== undefined && { problem }) };
	}

	function end(own: Running): void {
		ended = stateOf(own);
		running = undefined;
		listen();
	}

	return {
		start({ path, connection, url, from }) {
			if (running) throw fail('already-recording', 'This connection is already being recorded.');
			const next = Math.min(from ?? store.next, store.next);
			const [first] = store.feed(next, 1, true).messages;
			const since = Date.now();
			const recorder = createLogRecorder({
				...{ path, description, store, from: next, changed },
				head: { protocol: description.id, connection, url, started: first?.time ?? since },
				onProblem(problem) {
					if (running) end(running);
					note(problem);
				},
			});
			const own: Running = { path, since, recorder };
			ended = undefined;
			running = own;
			if (recorder.problem !== undefined) end(own);
			listen();
			changed();
			return stateOf(own);
		},
		async stop() {
			const own = running;
			ended = undefined;
			if (!own) {
				changed();
				return undefined;
			}
			await own.recorder.finish();
			if (running === own) running = undefined;
			listen();
			own.recorder.close();
			const state = stateOf(own);
			changed();
			if (state.messages > 0 || state.problem !== undefined) return state;
			rmSync(own.path, { force: true });
			return undefined;
		},
		keepHistory(request) {
			history?.recorder?.close();
			history = undefined;
			listen();
			if (!request) return changed();
			const { folder, keep, connection, url } = request;
			const own: Kept = { folder };
			const failed = (problem: string) => {
				own.problem = problem;
				own.recorder = undefined;
				listen();
				note(problem);
			};
			history = own;
			try {
				own.recorder = createHistory({
					...{ folder, keep, description, onProblem: failed },
					head: { protocol: description.id, connection, url },
				});
			} catch (error) {
				failed((error as Error).message);
			}
			listen();
			changed();
		},
		get state() {
			const recording = running ? stateOf(running) : ended;
			return {
				...(recording && { recording }),
				...(history && {
					history: {
						folder: history.folder,
						bytes: history.recorder?.bytes ?? 0,
						...(history.problem !== undefined && { problem: history.problem }),
					},
				}),
			};
		},
		dispose() {
			clearInterval(timer);
			store.tap(undefined);
			running?.recorder.close();
			history?.recorder?.close();
		},
	};
}
