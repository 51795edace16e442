import { type Disposable, DisposableStore } from '../../base/disposable';
import type { ActRequest, ActResult } from '../../model/contracts/browse';
import type { Status } from '../../model/contracts/session';
import type { Services } from '../services';
import { notify } from '../ui/notify';
import { type Recording, replayRecording } from './replay';

/** The replays that were started in one editor of a recording. They run in the threads of their connections. */
export interface RunningReplays extends Disposable {
	run(recording: Recording, request: ActRequest): Promise<ActResult>;
	/** Undefined: there is none with that id. */
	stop(id: string): Promise<void> | undefined;
	/** The status of the recording with the progress of its replays. */
	shownIn(status: Status): Status;
}

/** When the editor is closed, a replay goes on, and its result is shown as a notification. */
export function createRunningReplays(services: Services, changed: () => void): RunningReplays {
	const { sessions } = services;
	const lifetime = new DisposableStore();
	/** The connection of each replay, by the id of its request. */
	const running = new Map<string, string>();
	let isClosed = false;
	lifetime.add(sessions.onChanged((id) => [...running.values()].includes(id) && changed()));

	return {
		async run(recording, request) {
			try {
				const { to, ...result } = await replayRecording(services, recording, request, (connection) => {
					running.set(request.id, connection);
				});
				if (isClosed)
					void notify(result.bad ? 'warning' : 'information', `Replay of ${recording.name} to “${to}”: ${result.text}`);
				return result;
			} finally {
				running.delete(request.id);
				changed();
			}
		},
		stop(id) {
			const connection = running.get(id);
			return connection === undefined ? undefined : sessions.get(connection)?.engine().stop(id);
		},
		shownIn(status) {
			const replays = [...running].flatMap(([id, connection]) =>
				(sessions.get(connection)?.status.running ?? []).filter((one) => one.id === id),
			);
			return replays.length === 0 ? status : { ...status, running: [...status.running, ...replays] };
		},
		dispose() {
			isClosed = true;
			lifetime.dispose();
		},
	};
}
