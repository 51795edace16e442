import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { FailureError, fail } from '../base/failure';
import type { DeadLetters } from '../files/rules/dead-letters';
import { headLine, type RecordingHead, readHead, recordedLine } from '../lines/recording';
import { flag } from '../model/contracts/message';

/** The end of the name of a recording, by which the editor opens it. */
const extension = '.recording.jsonl';
/** Longest first line of a recording that exists, in bytes. */
const maxHead = 64 * 1024;

export interface DeadLetterOptions {
	/** Path of the message file, and of the folder outside of which nothing is written. */
	messageFile: string;
	root: string;
	/** The name of the rule. */
	rule: string;
	/** `# @deadLetters`: a path from the folder of the message file. */
	path?: string;
	head: Omit<RecordingHead, 'started'>;
}

/**
 * The dead letters of a rule in a recording beside its message file. The file is created with the first one, and continued
 * by later runs; each message is followed by a note with the reason.
 */
export function createDeadLetterFile(options: DeadLetterOptions): DeadLetters {
	const folder = dirname(resolve(options.messageFile));
	const path = resolve(folder, options.path ?? defaultName(options));
	let opening: Promise<{ file: FileHandle; started: number }> | undefined;
	let writing: Promise<unknown> = Promise.resolve();
	let isUsed = false;

	return {
		get place() {
			return isUsed ? path : undefined;
		},
		add(message, failure, description) {
			const { target, payload, flags = 0, meta, time } = message;
			const written = writing.then(async () => {
				opening ??= openRecording(path, options);
				const { file, started } = await opening;
				const note = Buffer.from(`The message above was not processed. ${failure.message}`);
				const times = { time, started };
				const lines = [
					recordedLine(description, { target, payload, flags, ...(meta && { meta }) }, times),
					recordedLine(description, { target: '', payload: note, flags: flag.note | flag.bad }, times),
				];
				await file.appendFile(lines.join(''));
				isUsed = true;
			});
			writing = written.catch(() => {});
			return written.catch((error) => {
				throw error instanceof FailureError ? error : cannotWrite(path, (error as NodeJS.ErrnoException).code ?? '');
			});
		},
		async close() {
			await writing;
			await (await opening?.catch(() => undefined))?.file.close();
		},
	};
}

/** "bridge.edge-gateway.dead-letters.recording.jsonl" */
function defaultName({ messageFile, rule }: DeadLetterOptions): string {
	const file = basename(messageFile).replace(/\.messages$/, '');
	const name = rule
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-+|-+$/g, '')
		.slice(0, 60);
	return `${[file, ...(name === '' ? [] : [name]), 'dead-letters'].join('.')}${extension}`;
}

const cannotWrite = (path: string, evidence: string) =>
	fail('no-dead-letters', `A message that was not processed cannot be written to "${path}".`, { evidence });

/** Opens a recording for more lines. A file that is none, or outside of the root, is not touched. */
async function openRecording(path: string, { root, head }: DeadLetterOptions) {
	if (!path.endsWith(extension))
		throw fail('no-dead-letters', `Dead letters are a recording, so the name of their file ends in "${extension}".`);
	const [folder, realRoot] = await Promise.all([realpath(dirname(path)), realpath(root)]);
	const inside = relative(realRoot, folder);
	if (inside.startsWith('..') || isAbsolute(inside))
		throw fail('outside', `"${path}" is outside of ${root}, so dead letters are not written there.`);
	// A link could lead to a file outside of the root.
	const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
	const file = await open(join(folder, basename(path)), flags, 0o600);
	try {
		const { bytesRead, buffer } = await file.read(Buffer.alloc(maxHead), 0, maxHead, 0);
		if (bytesRead === 0) {
			const started = Date.now();
			await file.appendFile(headLine({ ...head, started }));
			return { file, started };
		}
		const text = buffer.subarray(0, bytesRead).toString();
		const existing = readHead(text.split('\n', 1)[0] ?? '');
		if (!existing || 'problem' in existing || existing.head.protocol !== head.protocol)
			throw fail('no-dead-letters', `"${path}" is not a recording of this rule's source, so nothing was added to it.`);
		return { file, started: existing.head.started };
	} catch (error) {
		await file.close();
		throw error;
	}
}
