import { fail, toFailure } from '../../base/failure';
import type { ActResult } from '../../model/contracts/browse';
import type { Draft, Receipt } from '../../model/contracts/message';
import type { ReplayPreview, ReplayRequest } from '../../model/contracts/replay';
import type { Running } from '../../model/contracts/session';
import { formatCount } from '../../model/text/words';
import type { ProtocolDescription } from '../../protocols/description';
import { describe } from '../../protocols/descriptions';
import { careful } from '../recording/careful';
import { previewReplay } from './preview';
import { replay } from './replay';
import { replayTargets } from './targets';
import { hasFailed, replayDetails, replaySentence } from './words';

/** The replays and previews of one engine. */
export interface Replays {
	readonly running: readonly Running[];
	/** Sends the messages of a recording over this session. Ends early when the connection is lost. Throws if nothing was sent. */
	replay(request: ReplayRequest): Promise<ActResult>;
	/** Counts what would be sent over a connection of the protocol `to`. */
	preview(request: ReplayRequest, to: string): Promise<ReplayPreview>;
	/** False: there is none with that id. */
	stop(id: string): boolean;
	stopAll(): void;
}

export interface ReplaysOptions {
	description: ProtocolDescription;
	send(draft: Draft): Promise<Receipt>;
	changed(): void;
}

const action = 'replay';

export function createReplays({ description, send, changed }: ReplaysOptions): Replays {
	const running = new Map<string, { state: Running; stop: AbortController }>();

	async function run<Result>(
		id: string,
		text: string,
		work: (progress: (text: string, done: number) => void, stop: AbortController) => Promise<Result>,
	): Promise<Result> {
		if (running.has(id)) throw fail('running', 'This action is already running.');
		const stop = new AbortController();
		const entry = { state: { id, action, text, done: 0 } as Running, stop };
		running.set(id, entry);
		changed();
		try {
			return await work((now, done) => {
				entry.state = { id, action, text: now, done };
				changed();
			}, stop);
		} finally {
			running.delete(id);
			changed();
		}
	}

	/** The members that replay and preview share. */
	function selection({ protocol, map, only, part, directions }: ReplayRequest) {
		const from = described(protocol);
		return { from, part, directions, targetOf: replayTargets({ map, only }, from) };
	}

	return {
		get running() {
			return [...running.values()].map(({ state }) => state);
		},
		preview: (request, to) =>
			run(request.id, 'Counting messages', (progress, { signal }) =>
				previewReplay({
					...{ ...selection(request), path: request.path, to: described(to), signal },
					onProgress: (messages, share) => progress(`Counting messages: ${formatCount(messages)}`, share),
				}),
			),
		replay: (request) =>
			run(request.id, 'Replaying', async (progress, stop) => {
				const total = Math.max(1, request.total ?? 1);
				let lost: string | undefined;
				const state = await replay({
					...{ ...selection(request), path: request.path, to: description, signal: stop.signal },
					...{ speed: request.speed, times: request.times },
					async send(draft) {
						try {
							return await send(draft);
						} catch (error) {
							const { code, message } = toFailure(error);
							if (code === 'not-open') {
								lost = message;
								stop.abort();
							}
							throw error;
						}
					},
					onProgress: ({ sent }) =>
						progress(`Replaying: ${formatCount(sent)} of ${formatCount(total)} sent`, Math.min(1, sent / total)),
				});
				const details = replayDetails(state);
				const ending = lost === undefined ? '' : ` It ended early: ${lost}`;
				const sentence = replaySentence(lost === undefined ? state : { ...state, stopped: false });
				return {
					text: `${sentence}${ending}`,
					...((hasFailed(state) || lost !== undefined) && { bad: true }),
					properties: details.map(([label, count]) => ({ label, value: formatCount(count) })),
				};
			}),
		stop(id) {
			running.get(id)?.stop.abort();
			return running.has(id);
		},
		stopAll() {
			for (const { stop } of running.values()) stop.abort();
		},
	};
}

function described(protocol: string): ProtocolDescription {
	const description = describe(protocol);
	if (!description) throw fail('unknown-protocol', `This version does not support the protocol "${protocol}".`);
	return careful(description);
}
