import { existsSync, rmSync } from 'node:fs';
import { fail } from '../../base/failure';
import { compress } from '../../engine/recording/compress';
import { createHistory } from '../../engine/recording/history';
import { createRecorder, type Recorder } from '../../engine/recording/write';
import { formatCount, formatSize } from '../../model/text/words';
import { type ListenOptions, listen } from './listen';

export interface RecordOptions extends Omit<ListenOptions, 'writer'> {
	/**
	 * The recording, which must not exist; compressed when it ends, where the name ends in ".gz". With `keep`, the folder of a
	 * history.
	 */
	path: string;
	/** Maximum bytes of the folder. */
	keep?: number;
	/** Writes over the line of the terminal. */
	progress?: ((text: string) => void) | undefined;
}

/** Records the messages that arrive, until it ends as `listen` does. Returns the exit code. */
export async function record({ path, keep, progress, ...options }: RecordOptions): Promise<number> {
	const { say } = options;
	const { profile, description } = options.target;
	const isCompressed = keep === undefined && /\.gz$/i.test(path);
	if (isCompressed && existsSync(path))
		throw fail('no-recording', `The file ${path} exists already. A recording replaces no file.`);
	const written = isCompressed ? path.replace(/\.gz$/i, '') : path;
	let closed: () => void = () => {};
	const head = { protocol: description.id, connection: profile.name, url: profile.url };
	const onProblem = (problem: string) => {
		say(problem);
		closed();
	};
	const recorder: Recorder =
		keep === undefined
			? createRecorder({ path: written, description, head: { ...head, started: Date.now() }, onProblem })
			: createHistory({ folder: path, keep, description, head, onProblem });
	const check = setInterval(() => {
		recorder.check();
		progress?.(`Recorded ${formatCount(recorder.messages)} messages, ${formatSize(recorder.bytes)}`);
	}, 1000);
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
		recorder.close();
		const { messages, bytes, problem } = recorder;
		if (isCompressed && messages > 0) await compress(written);
		const size = keep === undefined ? ` (${formatSize(bytes)})` : '';
		say(`Recorded ${formatCount(messages)} ${messages === 1 ? 'message' : 'messages'}${size} in ${path}.`);
		return problem === undefined ? code : 1;
	} finally {
		clearInterval(check);
		recorder.close();
		if (recorder.messages === 0 && keep === undefined) rmSync(written, { force: true });
	}
}
