import { rmSync } from 'node:fs';
import { createRecorder } from '../../engine/recording/write';
import { type ListenOptions, listen } from './listen';

export interface RecordOptions extends Omit<ListenOptions, 'writer'> {
	/** The recording, which must not exist. */
	path: string;
}

/** Records the messages that arrive, until it ends as `listen` does. Returns the exit code. */
export async function record({ path, ...options }: RecordOptions): Promise<number> {
	const { say } = options;
	const { profile, description } = options.target;
	let closed: () => void = () => {};
	const recorder = createRecorder({
		...{ path, description },
		head: { protocol: description.id, connection: profile.name, url: profile.url, started: Date.now() },
		onProblem(problem) {
			say(problem);
			closed();
		},
	});
	try {
		const code = await listen({
			...options,
			writer: {
				write: (message) => recorder.write(message, Date.now()),
				flush() {},
				onClosed(action) {
					closed = action;
				},
			},
		});
		const { messages, bytes, problem } = recorder;
		say(`Recorded ${messages.toLocaleString('en')} messages (${bytes.toLocaleString('en')} bytes) in ${path}.`);
		return problem === undefined ? code : 1;
	} finally {
		recorder.close();
		if (recorder.messages === 0) rmSync(path, { force: true });
	}
}
