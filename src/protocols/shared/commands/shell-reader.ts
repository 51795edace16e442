import { decoded, needsShell, type Output, outputOf, printed, unescaped } from './shell-output';
import { type Message, message } from './sketch';

/** One command of a pasted text: its words, and its input. */
export interface Command {
	words: string[];
	input?: Message;
	/** The input has a line end that the shell or `echo` added. */
	ended?: true;
	/** Parts of the text that are left out, in words. */
	dropped?: string[];
}

/** The commands of a pipe, in its order. */
export interface Pipeline {
	stages: { words: string[]; input?: Output }[];
	/** Names of the variables in it, as they were written. */
	variables: string[];
}

/**
 * The commands of a text (POSIX shell, sections 2.2, 2.3 and 2.7), with `$'…'` and `<<<` of bash, and with the lines that were
 * typed at the prompt ">" of a command. Nothing is evaluated: variables and file patterns are text. Where the output goes is
 * ignored. Throws an Error with one sentence for anything else that needs a shell.
 */
export function readPipelines(text: string): Pipeline[] {
	const pipelines: Pipeline[] = [];
	let stages: Pipeline['stages'] = [];
	let variables: string[] = [];
	let words: string[] = [];
	let word: string | undefined;
	let input: Output | undefined;
	/** What the next word is, if it is none of the command: a file for input or output, or the input itself. */
	let redirected: '<' | '<<<' | '>' | undefined;
	let document: { mark: string; indented: boolean; literal: boolean } | undefined;
	const add = (more: string) => {
		word = (word ?? '') + more;
	};
	const named = (found: string) => {
		if (!variables.includes(found)) variables.push(found);
		add(found);
	};
	const endWord = () => {
		if (word === undefined) return;
		if (redirected === '<') input = { message: { file: word } };
		else if (redirected === '<<<') input = { message: message(`${word}\n`), ended: true };
		else if (redirected === undefined) words.push(word);
		redirected = undefined;
		word = undefined;
	};
	const endStage = () => {
		endWord();
		if (redirected) throw needsShell(redirected);
		// Removes a copied prompt.
		if (words[0] === '$') words.shift();
		if (words.length > 0) stages.push({ words, ...(input && { input }) });
		words = [];
		input = undefined;
	};
	const endPipeline = () => {
		endStage();
		// A remark is a command without an effect.
		if (stages.length > 0 && stages[0]?.words[0] !== ':') pipelines.push({ stages, variables });
		stages = [];
		variables = [];
	};
	for (let at = 0; at < text.length; at++) {
		const one = text.charAt(at);
		const rest = text.slice(at);
		const isStart = words.length === 0 && word === undefined;
		const continued = /^[\\^]\r?\n/.exec(rest)?.[0];
		const program = isStart ? /^[^\s'"|;&<>()]*\\[^\s'"|;&<>()]+\.(?:bat|cmd|exe)(?=\s|$)/i.exec(rest)?.[0] : undefined;
		const variable = /^\$(?:\w+|\{[^{}\n]*\})/.exec(rest)?.[0];
		const output = (word === undefined ? /^(?:\d|&)?>>?(?:&[\d-])?/ : /^>>?(?:&[\d-])?/).exec(rest)?.[0];
		const [here, dash, quotes, mark] = /^<<(-?)[ \t]*(['"]?)(\w+)\2/.exec(rest) ?? [];
		if (continued) at += continued.length - 1;
		else if (program) {
			// A path of Windows.
			add(program);
			at += program.length - 1;
		} else if (one === '\n' && document) {
			const [whole, body] = hereDocument(rest, document);
			if (!document.literal)
				for (const [, found = ''] of body.matchAll(/(?<!\\)(\$(?:\w+|\{\w+\}))/g)) variables.push(found);
			input = {
				message: message(document.literal ? body : body.replace(/\\([$`\\])/g, '$1')),
				ended: true,
			};
			document = undefined;
			endPipeline();
			at += whole - 1;
		} else if (one === '\n' && words.length > 0 && !input && /^\n>/.test(rest)) {
			const [whole = '', typed = ''] = /^((?:\n>.*)+)(?:\n\^[CD])?/.exec(rest) ?? [];
			endWord();
			input = { message: message(typed.replaceAll('\n>', '\n').slice(1)) };
			endPipeline();
			at += whole.length - 1;
		} else if (one === '\n' && !/^\n\s*-/.test(rest)) endPipeline();
		else if (' \t\r\n'.includes(one)) endWord();
		else if (one === '#' && isStart) at += (/^.*/.exec(rest)?.[0].length ?? 1) - 1;
		else if (one === "'") {
			const end = text.indexOf("'", at + 1);
			if (end === -1) throw new Error('A quotation mark is not closed.');
			add(text.slice(at + 1, end));
			at = end;
		} else if (one === '"' || rest.startsWith('$"')) {
			const [whole, value] = doubleQuoted(one === '"' ? rest : rest.slice(1), variables);
			add(value);
			at += whole + (one === '"' ? 0 : 1) - 1;
		} else if (rest.startsWith("$'")) {
			const [whole, inner = ''] = /^\$'((?:[^'\\]|\\[\s\S])*)'/.exec(rest) ?? [];
			if (whole === undefined) throw new Error('A quotation mark is not closed.');
			add(decoded(unescaped(inner)));
			at += whole.length - 1;
		} else if (rest.startsWith('$(')) {
			const [whole, value] = substitution(rest);
			add(value);
			at += whole - 1;
		} else if (variable) {
			named(variable);
			at += variable.length - 1;
		} else if (one === '\\') add(text.charAt(++at));
		else if (output) {
			endWord();
			if (!/&[\d-]$/.test(output)) redirected = '>';
			at += output.length - 1;
		} else if (rest.startsWith('<<<') && !input) {
			endWord();
			redirected = '<<<';
			at += 2;
		} else if (here && mark && !input) {
			endWord();
			document = { mark, indented: dash === '-', literal: quotes !== '' };
			at += here.length - 1;
		} else if (/^<(?![<(&>])/.test(rest) && !input) {
			endWord();
			redirected = '<';
		} else if (/^(?:&&|\|\||;|&(?!&))/.test(rest) && !document) {
			endPipeline();
			if (rest.startsWith('&&') || one === '|') at++;
		} else if (one === '|') endStage();
		else if ('<()`'.includes(one)) throw needsShell(one);
		else add(one);
	}
	if (document) throw new Error(`The line "${document.mark}" is missing, which ends the input.`);
	endPipeline();
	return pipelines;
}

/** The command of a pipe that `isWanted` knows, or else the first one that does not only write its arguments. */
export function commandOf({ stages, variables }: Pipeline, isWanted: (words: readonly string[]) => boolean): Command {
	const found = stages.findIndex(({ words }) => isWanted(words));
	const at =
		found === -1
			? Math.max(
					stages.findIndex(({ words }) => !outputOf(words)),
					0,
				)
			: found;
	const { words = [], input: own } = stages[at] ?? {};
	const source = stages[at - 1]?.words;
	const output = own ?? (source && outputOf(source));
	const dropped = [
		...variables.map((name) => `the value of ${name}`),
		...(source && !output ? [`the output of ${source[0]}`] : []),
		...stages.slice(at + 1).map((after) => `| ${after.words[0]}`),
	];
	return {
		words,
		// A command behaves in another way when something is piped into it.
		...(source && { input: output?.message ?? { bytes: new Uint8Array() } }),
		...(own && { input: own.message }),
		...(output?.ended && { ended: true }),
		...(dropped.length > 0 && { dropped }),
	};
}

/** The commands of a text, one of each pipe. */
export const readCommands = (text: string): Command[] => readPipelines(text).map((one) => commandOf(one, () => false));

/** The words of one command. */
export function splitCommand(line: string): string[] {
	const [command, ...others] = readCommands(line);
	if (others.length > 0) throw new Error('The text contains several commands.');
	return command?.words ?? [];
}

/** Reads the lines behind `<<mark` up to the one that is the mark: their length, and their content. */
function hereDocument(text: string, { mark, indented }: { mark: string; indented: boolean }): [number, string] {
	const end = new RegExp(`\\n${indented ? '\\t*' : ''}${mark}(?=\\r?\\n|$)`).exec(text);
	if (!end) throw new Error(`The line "${mark}" is missing, which ends the input.`);
	const body = text.slice(1, end.index + 1);
	return [end.index + end[0].length, indented ? body.replace(/^\t+/gm, '') : body];
}

/** Reads `"…"` at the start of a text: its length, and its content. Adds the variables in it. */
function doubleQuoted(text: string, variables: string[]): [number, string] {
	let value = '';
	for (let at = 1; at < text.length; at++) {
		const one = text.charAt(at);
		if (one === '"') return [at + 1, value];
		if (one === '`') throw needsShell('`');
		const variable = /^\$(?:\w+|\{[^{}\n]*\})/.exec(text.slice(at))?.[0];
		if (text.startsWith('$(', at)) {
			const [whole, inner] = substitution(text.slice(at));
			value += inner;
			at += whole - 1;
		} else if (variable) {
			if (!variables.includes(variable)) variables.push(variable);
			value += variable;
			at += variable.length - 1;
		} else if (one === '\\' && /["$`\\\n]/.test(text.charAt(at + 1))) {
			at++;
			if (text.charAt(at) !== '\n') value += text.charAt(at);
		} else value += one;
	}
	throw new Error('A quotation mark is not closed.');
}

/** Reads `$(printf '…')`, which `quote` writes for texts that cannot be pasted as they are. */
function substitution(text: string): [number, string] {
	const [whole, format] = /^\$\(printf '([^']*)'\)/.exec(text) ?? [];
	if (whole === undefined || format === undefined) throw needsShell('$(');
	return [whole.length, decoded(printed([format])).replace(/\n+$/, '')];
}
