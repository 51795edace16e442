import { sentence } from '../../base/sentence';
import { compileProgram } from './compile';
import { run } from './match';
import { parseRegex } from './parse';

/** A test of a text that takes time in proportion to the text, whatever the pattern is. */
export type Regex = { test(text: string): boolean } | { problem: string };

const cache = new Map<string, Regex>();

/**
 * `pattern` or `/pattern/i`, as JavaScript's regular expressions with the flag `u`, but without backtracking: all
 * ways through the pattern are followed at once (Thompson). Look-around and back references, which need backtracking,
 * are refused. Nothing is anchored unless `^` or `$` says so.
 */
export function compileRegex(text: string): Regex {
	const known = cache.get(text);
	if (known) return known;
	if (cache.size > 200) cache.clear();
	const made = make(text);
	cache.set(text, made);
	return made;
}

function make(text: string): Regex {
	const slashed = /^\/(.*)\/([a-z]*)$/s.exec(text);
	const pattern = slashed?.[1] ?? text;
	const flags = slashed?.[2] ?? '';
	const unknown = /[^ims]/.exec(flags)?.[0];
	if (unknown) return { problem: `The flag "${unknown}" is not known: i, m and s are.` };
	try {
		// Says what is wrong with the form better than we could; nothing is ever matched with it.
		new RegExp(pattern, 'u');
	} catch (error) {
		return {
			problem: sentence(
				`The pattern is not valid: ${error instanceof Error ? error.message.replace(/^.*?: /, '') : ''}`,
			),
		};
	}
	const tree = parseRegex(pattern, flags);
	if ('problem' in tree) return tree;
	const program = compileProgram(tree);
	return Array.isArray(program) ? { test: (subject) => run(program, subject) } : program;
}
