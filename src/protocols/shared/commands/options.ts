import { quote } from './shell';
import type { Sketch } from './sketch';

/** An option of a command: all its names, and the number of words it takes, which may depend on the first of them. */
export interface Option {
	names: readonly string[];
	takes?: number | ((values: readonly string[]) => number);
}

/** Separates the options of a command from its other words. Accepts `-h host`, `-hhost`, `--host host` and `--host=host`. */
export function readOptions(
	words: readonly string[],
	options: readonly Option[],
): { set: [string, ...string[]][]; rest: string[]; unknown: string[] } {
	const set: [string, ...string[]][] = [];
	const rest: string[] = [];
	const unknown: string[] = [];
	for (let at = 0; at < words.length; at++) {
		const word = words[at] as string;
		if (word === '--') {
			rest.push(...words.slice(at + 1));
			break;
		}
		if (!/^-[\s\S]/.test(word)) {
			rest.push(word);
			continue;
		}
		const equals = word.startsWith('--') ? word.indexOf('=') : -1;
		const long = equals === -1 ? word : word.slice(0, equals);
		const exact = options.find(({ names }) => names.includes(long));
		const glued =
			exact || word.startsWith('--') ? undefined : options.find(({ names }) => names.includes(word.slice(0, 2)));
		const option = exact ?? glued;
		if (!option) {
			unknown.push(word);
			continue;
		}
		const takes = (values: string[]) =>
			typeof option.takes === 'function' ? option.takes(values) : (option.takes ?? 0);
		const values: string[] = [];
		if (equals !== -1) values.push(word.slice(equals + 1));
		else if (!exact && takes([]) > 0) values.push(word.slice(2));
		// "-rn" means "-r -n".
		else if (!exact && word.length > 2) {
			set.push([option.names[0] as string]);
			const [first, ...others] = [`-${word.slice(2)}`, ...words.slice(at + 1)];
			const inner = readOptions([first as string, ...others], options);
			return {
				set: [...set, ...inner.set],
				rest: [...rest, ...inner.rest],
				unknown: [...unknown, ...inner.unknown],
			};
		}
		while (values.length < takes(values) && at + 1 < words.length) values.push(words[++at] as string);
		set.push([option.names[0] as string, ...values]);
	}
	return { set, rest, unknown };
}

/** The options of a command, with a value and without: separated by commas, the names of one option by spaces. */
export const options = (withValue: string, flags = ''): Option[] => [
	...listed(withValue).map((names) => ({ names, takes: 1 })),
	...listed(flags).map((names) => ({ names })),
];

const listed = (text: string) =>
	text.split(',').flatMap((names) => (names.trim() === '' ? [] : [names.trim().split(/\s+/)]));

export const start = (verb: string): Sketch => ({
	verb,
	target: '',
	headers: [],
	metadata: [],
	messages: [],
	dropped: [],
});

/** Words of a command, quoted as they were written, for the remark that they are left out. */
export const asWritten = (words: string[]) =>
	words
		.filter((one) => one !== '')
		.map(quote)
		.join(' ');

/** Adds an option as metadata of the request if its value is a number or a duration; otherwise leaves it out. */
export function metadata(sketch: Sketch, name: string, option: string, value: string, unit = '', before = ''): void {
	const isNumber = /^\d+(?:\.\d+)?$/.test(value);
	const isTime = unit === '' && /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(value);
	if (isNumber || isTime) sketch.metadata?.push([name, `${before}${value}${unit}`]);
	else sketch.dropped.push(asWritten([option, value]));
}

/** Splits "Name: value". */
export function pairOf(text: string): [string, string] {
	const colon = text.indexOf(':');
	return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}
