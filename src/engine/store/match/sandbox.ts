import { type Context, createContext, Script } from 'node:vm';
import { fail } from '../../../base/failure';
import type { TextQuery } from '../../../model/contracts/message';

/**
 * Constant code: expressions and texts reach it as data. The functions read the context's global object once per run,
 * because each access costs about a microsecond.
 */
const functions = `
	compile = (source, flags) => new RegExp(source, flags);
	test = (expression, texts, hits, progress) => {
		for (let at = 0; at < texts.length; at++) {
			progress[0] = at;
			hits[at] = expression.test(texts[at]) ? 1 : 0;
		}
		progress[0] = texts.length;
	};
	mark = (expression, texts, ranges, progress, most) => {
		for (let at = 0; at < texts.length; at++) {
			progress[0] = at;
			expression.lastIndex = 0;
			for (let left = most, found; left > 0 && (found = expression.exec(texts[at])); left--) {
				if (found[0] === '') expression.lastIndex++;
				else ranges.push(at, found.index, found.index + found[0].length);
			}
		}
		progress[0] = texts.length;
	};`;
const scripts = {
	compile: new Script('compile(source, flags)'),
	test: new Script('test(expression, texts, hits, progress)'),
	mark: new Script('mark(expression, texts, ranges, progress, most)'),
};
/** Milliseconds for compiling an expression. */
const compileMs = 45;

let shared: Context | undefined;

/** A context costs 0.7 ms and a run in it 0.1 ms (Node 20), so that one is reused. */
function context(): Context {
	if (!shared) {
		shared = createContext(Object.create(null));
		new Script(functions).runInContext(shared);
	}
	return shared;
}

/** Runs a script with these globals. Returns false if it was interrupted after `timeout` milliseconds. */
function run(script: Script, globals: object, timeout: number): boolean {
	const target = Object.assign(context(), globals);
	try {
		script.runInContext(target, { timeout });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
		throw error;
	} finally {
		// The context would hold the texts until the next run.
		target.texts = undefined;
	}
}

export interface Expression {
	/** Tests the texts in order. `done`: number of texts that were tested in time; `hits`: valid until the next run. */
	test(texts: readonly string[], timeout: number): { hits: Uint8Array; done: number };
	/** Ranges of at most `most` matches in each text as index of the text, start and end. Cut short after `timeout` ms. */
	mark(texts: readonly string[], most: number, timeout: number): number[];
}

/**
 * Compiles an expression of JavaScript, in which ^ and $ match at lines. Backtracking can take exponential time, as in
 * `(a+)+$`, and V8 can be interrupted only from `node:vm` or by ending its thread. Throws `bad-filter`.
 */
export function compile({ text, matchCase }: TextQuery): Expression {
	// What begins with anything is found exactly where the rest is found, in linear instead of quadratic time.
	const searched = text.replace(/^(?:\.\*)+/, '');
	const flags = matchCase ? 'm' : 'im';
	const tester = regExp(searched, flags);
	let marker: unknown;
	let hits = new Uint8Array(256);
	const progress = new Uint32Array(1);
	return {
		test(texts, timeout) {
			if (hits.length < texts.length) hits = new Uint8Array(texts.length * 2);
			progress[0] = 0;
			run(scripts.test, { expression: tester, texts, hits, progress }, timeout);
			return { hits, done: progress[0] as number };
		},
		mark(texts, most, timeout) {
			marker ??= regExp(text, `${flags}g`);
			const ranges: number[] = [];
			run(scripts.mark, { expression: marker, texts, ranges, progress, most }, timeout);
			return ranges;
		},
	};
}

/** With the flag `u`, unless the expression is valid only without it. */
function regExp(source: string, flags: string): unknown {
	try {
		return compiled(source, `${flags}u`);
	} catch {
		return compiled(source, flags);
	}
}

function compiled(source: string, flags: string): unknown {
	try {
		return scripts.compile.runInContext(Object.assign(context(), { source, flags }), { timeout: compileMs });
	} catch (error) {
		// An error of the other context is no instance of Error here.
		throw fail('bad-filter', String((error as Partial<Error>).message ?? error));
	}
}
