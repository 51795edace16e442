import { fail } from '../../base/failure';

const mostDepth = 200;
const indent = '  ';
/** A name that needs no quotes in a path. */
const plainName = /^[^.[\]"\s]+$/;

/** What readers of nested data write: indented text, and which numbers stand where. Throws when it gets too much. */
export interface Outline {
	/** `before` starts what it is written as: "[", "{", "0(". */
	open(kind: 'list' | 'map', before: string): void;
	close(after: string): void;
	/** `name`: its text as part of a path, where it is a key. */
	leaf(text: string, number?: number, name?: string): void;
	/** It can be read, but something in it is wrong: one plain sentence. */
	doubt(why: string): void;
	/** It can be read and is right, but is not what one finds in such data: perhaps it was not meant so. */
	wonder(): void;
	/** Values at the top, one after another. */
	readonly items: number;
	readonly doubts: readonly string[];
	readonly isOdd: boolean;
	/** By path: "" for the whole, "a.b[0]" or `["a key"].b` inside. */
	readonly numbers: ReadonlyMap<string, number>;
	text(): string;
}

export interface OutlineLimits {
	/** Characters of text. */
	text: number;
	numbers: number;
}

interface Frame {
	kind: 'list' | 'map';
	/** Items written; of a map, keys and values. */
	count: number;
	name: string;
}

export function createOutline(limits: OutlineLimits): Outline {
	const parts: string[] = [];
	const frames: Frame[] = [{ kind: 'list', count: 0, name: '' }];
	const numbers = new Map<string, number>();
	const doubts: string[] = [];
	let length = 0;
	let isOdd = false;

	function write(text: string): void {
		length += text.length;
		if (length > limits.text) throw fail('too-long', 'As text it would be too long, so the rest is not laid out.');
		parts.push(text);
	}

	const lineBreak = (): string => `\n${indent.repeat(frames.length - 1)}`;

	/** With what stands before it, all or nothing: what is stopped ends with a whole item. */
	function writeItem(text: string): Frame {
		const frame = frames[frames.length - 1] as Frame;
		if (frame.kind === 'map' && frame.count % 2 === 1) write(`: ${text}`);
		else if (frames.length === 1) write(frame.count > 0 ? `\n${text}` : text);
		else write(`${frame.count > 0 ? ',' : ''}${lineBreak()}${text}`);
		frame.count++;
		return frame;
	}

	function path(): string {
		let path = '';
		for (const [depth, frame] of frames.entries()) {
			if (depth === 0) continue;
			if (frame.kind === 'list') path += `[${frame.count - 1}]`;
			else if (!plainName.test(frame.name)) path += `[${JSON.stringify(frame.name)}]`;
			else path += path === '' ? frame.name : `.${frame.name}`;
		}
		return path;
	}

	return {
		open(kind, before) {
			if (frames.length > mostDepth)
				throw fail('too-deep', `It is nested more than ${mostDepth} levels deep, so the rest is not laid out.`);
			const frame = writeItem(before);
			if (frame.kind === 'map' && frame.count % 2 === 1) frame.name = '?';
			frames.push({ kind, count: 0, name: '' });
		},
		close(after) {
			const frame = frames.pop() as Frame;
			write(frame.count > 0 ? lineBreak() + after : after);
		},
		leaf(text, number, name) {
			const frame = writeItem(text);
			if (frame.kind === 'map' && frame.count % 2 === 1) frame.name = name ?? text;
			else if (number !== undefined && Number.isFinite(number) && numbers.size < limits.numbers) {
				// Of several values one after another only the first can be named.
				if ((frames[0] as Frame).count === 1) numbers.set(path(), number);
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
		text: () => parts.join(''),
	};
}
