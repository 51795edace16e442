import { toFailure } from '../../base/failure';
import { placed } from '../failures';
import type { Received } from '../run/connection';
import { judge, type Match, type Verdict } from '../run/results/expectations';
import { writtenAt } from '../run/results/head';
import { createStreamJudge, judgeNext, type StreamJudge, type StreamSource } from '../run/results/stream-judge';
import type { Expectation, MessageFile, PlacedFailure, Range, Request, What } from '../syntax/ast';
import { replaceIn, type Scope } from '../values/variables';

/** An expectation that was not met. */
export interface Unmet extends Omit<Verdict, 'passed'> {
	range: Range;
	/** From 1. */
	line: number;
	/** As it is written. */
	text: string;
}

/** The expectations of a request, for the many messages of a rule. */
export interface Conditions {
	/**
	 * Returns those that the messages do not meet. `ms`: the time until an answer. Throws a PlacedFailure if a value cannot be
	 * had.
	 */
	unmet(messages: readonly Received[], ms: number, scope: Scope): Unmet[];
	/** A message that has met them will be delivered again: its next delivery is no repetition. */
	forget(message: Received): void;
}

export function createConditions(
	file: MessageFile,
	{ assertions }: Request,
	match: Match,
	source: () => StreamSource | undefined,
): Conditions {
	const list = assertions.flatMap(({ expectation, start, end }) => {
		if (!expectation) return [];
		const place = writtenAt(file, { start, end });
		let stream: StreamJudge | undefined;
		/** The next message of all, for an expectation about the whole stream. */
		const next = (what: Extract<What, { kind: 'stream' }>, [message]: readonly Received[]): Verdict => {
			const connection = source();
			if (connection) stream ??= createStreamJudge(what, connection);
			const verdict = stream && message && judgeNext(stream, message);
			return { expected: 'none', ...(verdict ?? { passed: false, actual: 'nothing' }) };
		};
		return [{ expectation, place, next, forget: (message: Received) => stream?.forget(message) }];
	});
	return {
		unmet(messages, ms, scope) {
			const unmet: Unmet[] = [];
			for (const { expectation, place, next } of list) {
				const { what } = expectation;
				const { passed, ...verdict } =
					what.kind === 'stream'
						? next(what, messages)
						: judge(expectation, expected(expectation, scope), { messages, ms }, match);
				if (!passed) unmet.push({ ...place, ...verdict });
			}
			return unmet;
		},
		forget(message) {
			for (const { forget } of list) forget(message);
		},
	};
}

function expected({ value }: Expectation, scope: Scope): string {
	if (!value.text.includes('{{')) return value.text;
	try {
		return replaceIn(value.text, value.start, scope);
	} catch (error) {
		const failure: PlacedFailure = toFailure(error);
		throw placed(failure, failure.range ?? value);
	}
}
