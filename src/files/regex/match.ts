import type { Program } from './compile';
import type { Mark } from './parse';

const isWord = (character: string | undefined) => character !== undefined && /^\w$/.test(character);

const isLineEnd = (character: string) => /[\n\r\u2028\u2029]/.test(character);

/** Whether the program matches anywhere. At most one visit of each instruction for each character. */
export function run(program: Program, subject: string): boolean {
	const end = program.length;
	/** The character at which an instruction was entered last: none is entered twice. */
	const entered = new Int32Array(end + 1).fill(-1);
	let now: number[] = [];
	let next: number[] = [];
	let before: string | undefined;
	let index = 0;

	function enter(list: number[], first: number, after: string | undefined): boolean {
		const stack = [first];
		for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
			if (at === end) return true;
			if (entered[at] === index) continue;
			entered[at] = index;
			const instruction = program[at];
			if (!instruction) continue;
			if (instruction.kind === 'one') list.push(at);
			else if (instruction.kind === 'fork') stack.push(at + instruction.to[1], at + instruction.to[0]);
			else if (instruction.kind === 'jump') stack.push(at + instruction.to);
			else if (holds(instruction.mark, before, after)) stack.push(at + 1);
		}
		return false;
	}

	const characters = subject[Symbol.iterator]();
	let step = characters.next();
	if (enter(now, 0, step.done ? undefined : step.value)) return true;
	while (!step.done) {
		const character = step.value;
		step = characters.next();
		const after = step.done ? undefined : step.value;
		index++;
		before = character;
		for (const at of now) {
			const instruction = program[at];
			if (instruction?.kind === 'one' && instruction.test(character) && enter(next, at + 1, after)) return true;
		}
		// A match may start at any character.
		if (enter(next, 0, after)) return true;
		[now, next] = [next, now];
		next.length = 0;
	}
	return false;
}

function holds(mark: Mark, before: string | undefined, after: string | undefined): boolean {
	if (mark === 'start') return before === undefined;
	if (mark === 'end') return after === undefined;
	if (mark === 'line-start') return before === undefined || isLineEnd(before);
	if (mark === 'line-end') return after === undefined || isLineEnd(after);
	return (isWord(before) !== isWord(after)) === (mark === 'word');
}
