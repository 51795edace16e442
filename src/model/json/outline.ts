import { fail } from '../../base/failure';
import { extendPath } from './path';

const maxDepth = 200;
const indent = '  ';

/** Writes nested data as indented text and records paths of numbers. Throws when a limit is exceeded. */
export interface Outline {
	/** `before`: its opening text, such as "[", "{" or "0(". The content of a tag stays on the tag's line and has its path. */
	open(kind: 'list' | 'map' | 'tag', before: string): void;
	close(after: string): void;
	/** `name`: the key's text as part of a path. */
	leaf(text: string, number?: number, name?: string): void;
	/** Readable but wrong: one plain sentence. */
	doubt(why: string): void;
	/** Valid but unusual for such data, which may mean that the payload has another format. */
	wonder(): void;
	/** Top-level values, one after another. */
	readonly items: number;
	readonly doubts: readonly string[];
	readonly isOdd: boolean;
	/** Numbers by path: "" for the whole, "a.b[0]" or `["a key"].b` inside. */
	readonly numbers: ReadonlyMap<string, number>;
	/** The same numbers as they are written. */
	readonly digits: ReadonlyMap<string, string>;
	text(): string;
}

export interface OutlineLimits {
	/** Characters of text. */
	text: number;
	numbers: number;
}

interface Frame {
	kind: 'list' | 'map' | 'tag';
	/** Number of written items; keys and values of a map count separately. */
	count: number;
	name: string;
}

export function createOutline(limits: OutlineLimits): Outline {
	const parts: string[] = [];
	const frames: Frame[] = [{ kind: 'list', count: 0, name: '' }];
	const numbers = new Map<string, number>();
	const digits = new Map<string, string>();
	const doubts: string[] = [];
	let length = 0;
	/** Number of open tags. */
	let tags = 0;
	let isOdd = false;

	function write(text: string): void {
		length += text.length;
		if (length > limits.text) throw fail('too-long', 'The text would be too long, so the rest is not shown.');
		parts.push(text);
	}

	const lineBreak = (): string => `\n${indent.repeat(frames.length - 1 - tags)}`;

	/** Writes an item together with its prefix or not at all, so that an aborted text ends with a complete item. */
	function writeItem(text: string): Frame {
		const frame = frames[frames.length - 1] as Frame;
		if (frame.kind === 'map' && frame.count % 2 === 1) write(`: ${text}`);
		else if (frame.kind === 'tag') write(text);
		else if (frames.length === 1) write(frame.count > 0 ? `\n${text}` : text);
		else write(`${frame.count > 0 ? ',' : ''}${lineBreak()}${text}`);
		frame.count++;
		return frame;
	}

	function path(): string {
		let path = '';
		for (const [depth, frame] of frames.entries()) {
			if (depth === 0 || frame.kind === 'tag') continue;
			path = extendPath(path, frame.kind === 'list' ? frame.count - 1 : frame.name);
		}
		return path;
	}

	return {
		open(kind, before) {
			if (frames.length > maxDepth)
				throw fail('too-deep', `It is nested more than ${maxDepth} levels deep, so the rest is not shown.`);
			const frame = writeItem(before);
			if (frame.kind === 'map' && frame.count % 2 === 1) frame.name = '?';
			if (kind === 'tag') tags++;
			frames.push({ kind, count: 0, name: '' });
		},
		close(after) {
			const frame = frames.pop() as Frame;
			if (frame.kind === 'tag') tags--;
			write(frame.count > 0 && frame.kind !== 'tag' ? lineBreak() + after : after);
		},
		leaf(text, number, name) {
			const frame = writeItem(text);
			if (frame.kind === 'map' && frame.count % 2 === 1) frame.name = name ?? text;
			else if (number !== undefined && Number.isFinite(number) && numbers.size < limits.numbers) {
				// Only the first of several top-level values has paths.
				if ((frames[0] as Frame).count !== 1) return;
				const place = path();
				numbers.set(place, number);
				digits.set(place, text);
			}
		},
		doubt(why) {
			if (!doubts.includes(why)) doubts.push(why);
		},
		wonder() {
			isOdd = true;
		},
		get isOdd() {
			return isOdd;
		},
		get items() {
			return (frames[0] as Frame).count;
		},
		doubts,
		numbers,
		digits,
		text: () => parts.join(''),
	};
}
