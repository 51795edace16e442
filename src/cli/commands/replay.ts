import { FailureError, fail } from '../../base/failure';
import { openTarget, type Target } from '../../direct/open';
import { recordedHead } from '../../engine/recording/read-parts';
import { type ReplayState, replay } from '../../engine/replay/replay';
import { replayTargets } from '../../engine/replay/targets';
import { hasFailed, replayDetails, replaySentence } from '../../engine/replay/words';
import { unknownProtocol } from '../../files/failures';
import type { Direction } from '../../model/contracts/message';
import { formatCount } from '../../model/text/words';
import { describe } from '../../protocols/descriptions';
import { UsageError } from './usage';

export interface ReplayCommand {
	/** Of a file. */
	path: string;
	target: Target;
	/** Undefined: as fast as messages are acknowledged. */
	speed: number | undefined;
	/** "from=to", pairs of `TargetRules`. */
	maps: readonly string[];
	/** Only messages to targets that this wildcard filter, or without wildcards this start of a target, fits. */
	only?: string;
	/** Milliseconds since the start of the recording. */
	part: { from?: number; until?: number };
	directions: readonly Direction[];
	times: number;
	signal: AbortSignal;
	say(text: string): void;
	/** Writes over the line of the terminal. */
	progress?: ((text: string) => void) | undefined;
}

/** Sends the messages of a recording to a connection. Returns the exit code. */
export async function replayCommand(command: ReplayCommand): Promise<number> {
	const { path, target, say, signal, progress } = command;
	const head = await recordedHead(path);
	// The output of `listen` names no protocol.
	const protocol = head?.protocol ?? target.description.id;
	const from = describe(protocol);
	if (!from) throw new FailureError(unknownProtocol(protocol));
	const targetOf = replayTargets({ map: command.maps.map(pairOf), only: command.only }, from);
	const opened = await openTarget(target);
	opened.onMessage(() => {});
	const ended = new AbortController();
	void opened.ended.then(() => ended.abort());
	try {
		const state = await replay({
			...{ path, from, to: opened.description, speed: command.speed, part: command.part, times: command.times },
			...{ directions: command.directions, send: opened.session.send, targetOf },
			signal: AbortSignal.any([signal, ended.signal]),
			onProgress: ({ sent }) => progress?.(`Replaying: ${formatCount(sent)} sent`),
		});
		for (const text of summary(state)) say(text);
		if (ended.signal.aborted && !signal.aborted) {
			const failure = await opened.ended;
			throw failure ? new FailureError(failure) : fail('closed', 'The connection was closed.');
		}
		return hasFailed(state) ? 1 : 0;
	} finally {
		await opened.close();
	}
}

function pairOf(text: string): [string, string] {
	const at = text.indexOf('=');
	if (at < 0) throw new UsageError(`--map is written as "from=to", not "${text}".`);
	return [text.slice(0, at), text.slice(at + 1)];
}

function summary(state: ReplayState): string[] {
	const lines = replayDetails(state).map(([text, count]) =>
		state.problems.includes(text) ? text : `${text.replace(/\.$/, '')} (${formatCount(count)}).`,
	);
	return [...lines, replaySentence(state)];
}
