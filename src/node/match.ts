import { createContext, Script } from 'node:vm';
import type { Match } from '../files/run/results/expectations';

/** Longest times of a match and of its repetition, in milliseconds. */
const limits = [100, 500];

/** Constant code: the pattern and the text reach it as data, as properties of the context's global object. */
const script = new Script('new RegExp(source, flags).test(text)');
/** A context of its own costs 0.7 ms, a match in an existing one 0.1 ms (Node 20), so that one is reused. */
let context: Record<string, unknown> | undefined;

/**
 * Matches with JavaScript's own engine under a time limit: backtracking can take exponential time, as in `(a+)+$`, and V8
 * can be interrupted only from `node:vm` or by ending its thread. The limit is wall time, so a busy machine can hit it with
 * a harmless pattern: a match that was stopped after 100 ms is repeated once with 500 ms.
 */
export const match: Match = (pattern, text) => {
	context ??= createContext(Object.create(null));
	try {
		Object.assign(context, pattern, { text });
		for (const timeout of limits) {
			try {
				return script.runInContext(context, { timeout }) === true;
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
			}
		}
		return 'timeout';
	} finally {
		// The text may be a payload of megabytes, which the context would hold until the next match.
		context.text = undefined;
	}
};
