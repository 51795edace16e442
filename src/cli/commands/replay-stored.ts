import type { Target } from '../../direct/open';
import { chosenRecording, readStored, startOf } from '../stored';
import { type ReplayCommand, replayCommand } from './replay';

export interface ReplayStored extends Omit<ReplayCommand, 'path'> {
	/** The connection that keeps the recording, and the target there. */
	from: Target;
	place: string;
	/** The start of the recording, or its first characters; undefined: the newest. */
	started?: string | undefined;
}

/** Replays a recording that a target keeps. Returns the exit code. */
export async function replayStored({ from, place, started, ...command }: ReplayStored): Promise<number> {
	const { say, signal } = command;
	const { recordings, remove } = await readStored(from, place, signal);
	try {
		const chosen = chosenRecording(recordings, place, started);
		if (recordings.length > 1)
			say(`${place} holds ${recordings.length} recordings. Replaying that of ${startOf(chosen)}.`);
		return await replayCommand({ ...command, path: chosen.path });
	} finally {
		remove();
	}
}
