import { FailureError, fail } from '../../base/failure';
import { openRecordings } from '../../engine/recording/read-parts';
import { type ReplayState, replay } from '../../engine/recording/replay';
import { unknownProtocol } from '../../files/failures';
import type { Direction, Proof } from '../../model/contracts/message';
import { describe } from '../../protocols/descriptions';
import { openTarget } from '../open';
import type { Target } from '../target';
import { UsageError } from './usage';

export interface ReplayCommand {
	path: string;
	target: Target;
	/** Undefined: as fast as messages are acknowledged. */
	speed: number | undefined;
	/** "from=to": a target that begins with the first text begins with the second one instead. The first that fits counts. */
	maps: readonly string[];
	/** Only messages to targets that this wildcard filter, or without wildcards this start of a target, fits. */
	only?: string;
	/** Milliseconds since the start of the recording. */
	part: { from?: number; until?: number };
	directions: readonly Direction[];
	times: number;
	signal: AbortSignal;
	say(text: string): void;
}

/** Sends the messages of a recording to a connection. Returns the exit code. */
export async function replayCommand(command: ReplayCommand): Promise<number> {
	const { path, target, say, signal } = command;
	const { head } = await openRecordings(path);
	// The output of `listen` names no protocol.
	const protocol = head?.protocol ?? target.description.id;
	const from = describe(protocol);
	if (!from) throw new FailureError(unknownProtocol(protocol));
	const map = targetMap(command.maps);
	const wants = targetFilter(command.only, from);
	const opened = await openTarget(target);
	opened.onMessage(() => {});
	const ended = new AbortController();
	void opened.ended.then(() => ended.abort());
	try {
		const state = await replay({
			...{ path, from, to: opened.description, speed: command.speed, part: command.part, times: command.times },
			...{ directions: command.directions, send: opened.session.send },
			targetOf: (one) => (wants(one) ? map(one) : undefined),
			signal: AbortSignal.any([signal, ended.signal]),
		});
		for (const text of summary(state)) say(text);
		if (ended.signal.aborted && !signal.aborted) {
			const failure = await opened.ended;
			throw failure ? new FailureError(failure) : fail('closed', 'The connection was closed.');
		}
		return state.unread > 0 || failed(state) > 0 ? 1 : 0;
	} finally {
		await opened.close();
	}
}

function targetMap(maps: readonly string[]): (target: string) => string {
	const pairs = maps.map((text): [string, string] => {
		const at = text.indexOf('=');
		if (at < 0) throw new UsageError(`--map is written as "from=to", not "${text}".`);
		return [text.slice(0, at), text.slice(at + 1)];
	});
	return (target) => {
		const pair = pairs.find(([start]) => target.startsWith(start));
		return pair ? pair[1] + target.slice(pair[0].length) : target;
	};
}

function targetFilter(only: string | undefined, { pattern }: NonNullable<ReturnType<typeof describe>>) {
	if (only === undefined) return () => true;
	if (pattern?.isPattern(only)) return pattern.compile(only);
	return (target: string) => target.startsWith(only);
}

const failures: readonly Proof[] = ['refused', 'unknown'];
const sum = (counts: Iterable<number>) => [...counts].reduce((total, one) => total + one, 0);
const failed = ({ proofs, unsent }: ReplayState): number =>
	sum(failures.map((proof) => proofs[proof] ?? 0)) + sum(unsent.values());
const number = (value: number) => value.toLocaleString('en');

function summary(state: ReplayState): string[] {
	const { proofs, sent, unsent, left, problems, unread, late, ms } = state;
	const words = Object.entries(proofs).map(([proof, count]) => `${number(count)} ${proof}`);
	const texts = [...problems];
	if (unread > problems.length) texts.push(`${number(unread)} lines could not be read.`);
	for (const [reason, count] of unsent) texts.push(`Not sent (${number(count)}): ${reason}`);
	for (const [label, count] of left) texts.push(`Without "${label}", which has no place here (${number(count)}).`);
	texts.push(
		`Sent ${number(sent)} messages in ${(ms / 1000).toFixed(1)} s${words.length > 0 ? ` (${words.join(', ')})` : ''}${
			late.max > 0 ? `, late by ${late.p50.toFixed(1)} ms (p50), ${late.p99.toFixed(1)} ms (p99)` : ''
		}${state.stopped ? '. It was stopped' : ''}.`,
	);
	return texts;
}
