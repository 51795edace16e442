import { toFailure } from '../../base/failure';
import { placed } from '../failures';
import type { Received } from '../run/connection';
import { judge, type Match, type Verdict } from '../run/results/expectations';
import {
	type Expectation,
	lineOf,
	type MessageFile,
	type PlacedFailure,
	type Range,
	type Request,
} from '../syntax/ast';
import { replaceIn, type Scope } from '../values/variables';

/** An expectation that was not met. */
export interface Unmet extends Omit<Verdict, 'passed'> {
	range: Range;
	/** From 1. */
	line: number;
	/** As it is written. */
	text: string;
}

/**
 * The expectations of a request, for the many messages of a rule. Returns those that are not met by the messages. `ms`: the
 * time until an answer. Throws a PlacedFailure if a value cannot be had.
 */
export type Conditions = (messages: readonly Received[], ms: number, scope: Scope) => Unmet[];

export function createConditions(file: MessageFile, { assertions }: Request, match: Match): Conditions {
	const list = assertions.flatMap(({ expectation, start, end }) => {
		if (!expectation) return [];
		const place = { range: { start, end }, line: lineOf(file.text, start), text: file.text.slice(start, end) };
		return [{ expectation, place }];
	});
	return (messages, ms, scope) => {
		const unmet: Unmet[] = [];
		for (const { expectation, place } of list) {
			const { passed, ...verdict } = judge(expectation, expected(expectation, scope), { messages, ms }, match);
			if (!passed) unmet.push({ ...place, ...verdict });
		}
		return unmet;
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
