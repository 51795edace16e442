import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fail } from '../../base/failure';
import type { RecordingHead } from '../../lines/recording';
import { type Part, partsIn } from './parts';
import { type OpenedRecording, openRecording, type RecordedBatch } from './read';

/** Opens a recording, or the parts of a history as one recording. Throws as `openRecording` does. */
export async function openRecordings(path: string): Promise<OpenedRecording> {
	const found = await stat(path).catch(() => undefined);
	return found?.isDirectory() ? openParts(path) : openRecording(path);
}

async function openParts(folder: string): Promise<OpenedRecording> {
	const parts = partsIn(folder);
	if (parts.length === 0) throw fail('no-recording', `There are no recordings in ${folder}.`);
	const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
	const head = await headOf(parts);
	const started = head?.started ?? 0;

	/** `from`: messages before it are left out, in milliseconds since the start. */
	async function* batches(signal?: AbortSignal, from = Number.NEGATIVE_INFINITY): AsyncGenerator<RecordedBatch> {
		let done = 0;
		const problem = (text: string, unread: number): RecordedBatch => ({
			...{ messages: [], problems: [text], unread, share: done / total },
		});
		if ((parts[0]?.number ?? 1) > 1)
			yield problem('Earlier parts of the history were deleted, because of its size.', 0);
		for (const part of parts) {
			try {
				const opened = await openPart(part);
				for await (const batch of opened.batches(signal)) {
					const problems = batch.problems.map((text) => `${part.name}: ${text}`);
					const messages = batch.messages
						.map((message) => ({ ...message, at: message.time - started }))
						.filter(({ at }) => at >= from);
					yield { ...batch, problems, messages, share: (done + batch.share * part.bytes) / total };
				}
			} catch (error) {
				yield problem(`${part.name}: ${(error as Error).message}`, 1);
			}
			if (signal?.aborted) return;
			done += part.bytes;
		}
	}
	return { head, size: total, batches };
}

/** The head of a recording, or of the parts of a history. Throws as `openRecording` does. */
export async function recordedHead(path: string): Promise<RecordingHead | undefined> {
	return closed(await openRecordings(path)).then(({ head }) => head);
}

/** The head of the first part that has one. */
async function headOf(parts: readonly Part[]): Promise<RecordingHead | undefined> {
	for (const part of parts) {
		const opened = await openPart(part).then(closed, () => undefined);
		if (opened?.head) return opened.head;
	}
	return undefined;
}

/** Closes the file without reading it. */
async function closed(opened: OpenedRecording): Promise<OpenedRecording> {
	await opened.batches(AbortSignal.abort()).next();
	return opened;
}

/** The part may have been compressed since it was listed. */
function openPart({ path }: Part): Promise<OpenedRecording> {
	return openRecording(existsSync(path) ? path : `${path}.gz`);
}
