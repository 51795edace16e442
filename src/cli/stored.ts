import { existsSync } from 'node:fs';
import { type Failure, FailureError, fail } from '../base/failure';
import { openTarget, type Target } from '../direct/open';
import { createStoredRecordings, readingMode, type StoredRecording } from '../node/stored-recordings';

/** A connection and a target of it, as "cluster:recordings" or "kafka://host:9092:recordings". */
export interface Place {
	connection: string;
	target: string;
}

/** Undefined: the text has no target. A number behind the host of a URL is its port. */
export function placeOf(text: string): Place | undefined {
	const at = text.lastIndexOf(':');
	const [connection, target] = [text.slice(0, at), text.slice(at + 1)];
	const isUrl = /^[a-z][a-z0-9+.-]*:/i.test(text) && text.includes('://');
	const isPort = isUrl && /^\d+(?:\/|$)/.test(target) && !/:\d+$/.test(connection);
	return at <= 0 || target === '' || target.startsWith('//') || isPort ? undefined : { connection, target };
}

/** A recording in a file, or the place from which it is read. */
export const isStoredPlace = (text: string): boolean => !existsSync(text) && placeOf(text) !== undefined;

/** The recordings that a target keeps, in temporary files. */
export interface ReadRecordings {
	recordings: StoredRecording[];
	/** Deletes the files. */
	remove(): void;
}

/** Reads a target from its first message to its last one. Throws a FailureError. */
export async function readStored(target: Target, name: string, signal: AbortSignal): Promise<ReadRecordings> {
	const mode = readingMode(target.description);
	const opened = await openTarget(target);
	const stored = createStoredRecordings();
	try {
		const ended = new Promise<Failure | undefined>((resolve, reject) => {
			opened.onSubscriptionEnd((_, failure) => resolve(failure));
			void opened.ended.then((failure) => resolve(failure ?? closed));
			signal.addEventListener('abort', () => resolve(undefined));
			opened.onMessage((message) => {
				try {
					stored.add(message.target, message.payload);
				} catch (error) {
					reject(error);
				}
			});
		});
		await opened.session.subscribe({ target: name, mode: mode.id, ...mode.readsAll });
		const failure = await ended;
		if (failure && !failure.end?.normal) throw new FailureError(failure);
		return { recordings: stored.finish(), remove: stored.remove };
	} catch (error) {
		stored.remove();
		throw error;
	} finally {
		await opened.close();
	}
}

const closed: Failure = { code: 'closed', message: 'The connection was closed before everything was read.' };

/**
 * The recording to replay: the newest, or the newest whose start begins with `started`, such as "2026-11-29T13". Throws
 * `no-recording`.
 */
export function chosenRecording(
	recordings: readonly StoredRecording[],
	name: string,
	started?: string,
): StoredRecording {
	const fitting = recordings.filter(
		({ head }) => started === undefined || (head && new Date(head.started).toISOString().startsWith(started)),
	);
	const last = fitting.at(-1);
	if (last) return last;
	throw recordings.length === 0
		? fail('no-recording', `${name} holds no recording.`)
		: fail('no-recording', `No recording in ${name} starts at ${started}.`, {
				remedy: { text: `There are: ${recordings.map(startOf).join(', ')}.` },
			});
}

export const startOf = ({ head }: StoredRecording): string =>
	head ? `${new Date(head.started).toISOString()} (${head.connection})` : 'one whose beginning is not there any more';
