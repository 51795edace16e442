import { parentPort, workerData } from 'node:worker_threads';
import { Coalescer } from '../base/coalesce';
import type { Port } from '../base/port';
import { connect } from '../base/rpc';
import { type EngineApi, type EngineEvents, engineChecks } from '../model/contracts/engine-api';
import type { Limits, Status } from '../model/contracts/session';
import { sortedByName } from '../model/text/natural-order';
import { describe } from '../protocols/descriptions';
import { adapters } from '../protocols/index';
import { letTheEditorGoFirst } from './priority';
import { careful } from './recording/careful';
import { createLiveRecordings } from './recording/live';
import { createRecordedSession } from './recording/recorded-session';
import { createReplays } from './replay/running';
import { createSession } from './session/session';
import { createFollow, readMessages } from './store/follow';
import { createStore } from './store/store';

/** Minimum interval between status updates because of a recording or a replay, in milliseconds. */
const statusEvery = 100;

/** Entry point of a session's worker thread. A fault that a peer causes in a library affects this session only. */
export interface EngineData {
	protocol: string;
	limits: Limits;
	/** Path of a recording that is shown in place of a connection. */
	recording?: string;
}

const { protocol, limits, recording } = workerData as EngineData;
const described = describe(protocol);
const loadAdapter = adapters[protocol];
if (!parentPort || !described || !loadAdapter) throw new Error(`No protocol "${protocol}" here.`);

const parent = parentPort;
const port: Port = {
	post: (message) => parent.postMessage(message),
	onMessage(listener) {
		parent.on('message', listener);
		return { dispose: () => parent.off('message', listener) };
	},
};
letTheEditorGoFirst();
let hasHead = true;
const description = recording === undefined ? described : careful(described, () => hasHead);
/** Time of the latest line of a recording. */
let recordedTime = 0;
const store = createStore(description, limits, recording === undefined ? undefined : () => recordedTime);
const follow = createFollow(store.feed, () => store.next);
const onChanged = (status: Status) => void rpc.remote.changed(withReplays(status));
/** Recordings and replays change without the session. */
const others = new Coalescer(statusEvery, () => onChanged(session.status()));
const recordings = createLiveRecordings({ description, store, changed: () => others.request() });
const replays = createReplays({
	description: described,
	send: (draft) => session.send(draft),
	changed: () => others.request(),
});
const withReplays = (status: Status): Status => ({ ...status, running: [...status.running, ...replays.running] });
const session =
	recording === undefined
		? createSession({
				...{ description, loadAdapter, store, onChanged, onMessage: follow.wake },
				recordings: () => recordings.state,
			})
		: createRecordedSession({
				...{ path: recording, limits, store, onChanged },
				setTime(time) {
					recordedTime = time;
				},
				onHead(has) {
					hasHead = has;
				},
			});
const { fault, dispose: _, targets, ...methods } = session;
/** Targets of received messages and targets that the peer has. */
function complete(start: string, most: number): string[] {
	const seen = store.reader.complete(start, most);
	return sortedByName([...new Set([...targets(start, most), ...seen])], (target) => target).slice(0, Math.max(0, most));
}
const rpc = connect<EngineApi, EngineEvents>(
	port,
	{
		...{
			...store.reader,
			...methods,
			complete,
			follow: follow.follow,
			message: store.message,
			setChecks: store.setChecks,
		},
		messages: (seqs) => readMessages(seqs, store.message),
		startRecording: recordings.start,
		stopRecording: recordings.stop,
		status: () => withReplays(session.status()),
		replay: replays.replay,
		previewReplay: replays.preview,
		stop: (id) => replays.stop(id) || session.stop(id),
		open(request) {
			recordings.keepHistory(request.history);
			return methods.open(request);
		},
		async close() {
			replays.stopAll();
			await methods.close();
			recordings.keepHistory(undefined);
		},
	},
	engineChecks,
	{
		events: ['changed'],
	},
);

process.on('uncaughtException', fault);
process.on('unhandledRejection', fault);
