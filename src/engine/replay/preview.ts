import type { ReplayPreview } from '../../model/contracts/replay';
import { openRecordings } from '../recording/read-parts';
import { createDrafts, type Selection } from './drafts';

export interface PreviewOptions extends Selection {
	path: string;
	signal: AbortSignal;
	onProgress(messages: number, share: number): void;
}

/** Targets that are shown with what they become. */
const maxExamples = 4;
/** Targets that are counted. */
const maxTargets = 100_000;

/** Counts what a replay would send, without sending. Throws if the recording cannot be opened. */
export async function previewReplay({
	path,
	signal,
	onProgress,
	...selection
}: PreviewOptions): Promise<ReplayPreview> {
	const drafts = createDrafts(selection);
	const recording = await openRecordings(path);
	const targets = new Set<string>();
	const preview = { messages: 0, bytes: 0, unread: 0, examples: [] as [string, string][] };
	let first = Number.POSITIVE_INFINITY;
	let last = Number.NEGATIVE_INFINITY;
	for await (const { messages, unread, share } of recording.batches(signal, selection.part.from)) {
		preview.unread += unread;
		for (const message of messages) {
			const draft = drafts.of(message);
			if (!draft) continue;
			preview.messages++;
			preview.bytes += draft.payload.length;
			if (message.at < first) first = message.at;
			if (message.at > last) last = message.at;
			if (targets.size >= maxTargets || targets.has(message.target)) continue;
			targets.add(message.target);
			if (preview.examples.length < maxExamples) preview.examples.push([message.target, draft.target]);
		}
		onProgress(preview.messages, share);
		// Between two pieces, requests of the page are answered.
		await new Promise((resolve) => setImmediate(resolve));
	}
	const { skipped, unsent, left } = drafts.chosen;
	return {
		...preview,
		targets: targets.size,
		skipped,
		unsent: [...unsent],
		left: [...left],
		ms: preview.messages > 0 ? last - first : 0,
		stopped: signal.aborted,
	};
}
