import type { Mark, Node } from './parse';

export type Instruction =
	| { kind: 'one'; test: (character: string) => boolean }
	| { kind: 'mark'; mark: Mark }
	/** Goes on at both places, given as distances. */
	| { kind: 'fork'; to: readonly [number, number] }
	| { kind: 'jump'; to: number };

export type Program = Instruction[];

/** A counted repetition is written out: this bounds it. */
const longest = 5000;

export function compileProgram(node: Node): Program | { problem: string } {
	try {
		return emit(node);
	} catch (error) {
		if (error instanceof RangeError) return { problem: 'The pattern is too large.' };
		throw error;
	}
}

function emit(node: Node): Program {
	const program = pieces(node);
	if (program.length > longest) throw new RangeError('too large');
	return program;
}

function pieces(node: Node): Program {
	switch (node.kind) {
		case 'one':
		case 'mark':
			return [node];
		case 'all':
			return node.nodes.flatMap(emit);
		case 'any':
			return alternatives(node.nodes.map(emit));
		case 'repeat':
			return repeat(emit(node.node), node.least, node.most);
	}
}

/** Each but the last: here, or further on. */
function alternatives(programs: Program[]): Program {
	let left = programs.reduce((sum, one) => sum + one.length + 2, -2);
	return programs.flatMap((one, at): Program => {
		if (at === programs.length - 1) return one;
		left -= one.length + 2;
		return [{ kind: 'fork', to: [1, one.length + 2] }, ...one, { kind: 'jump', to: left + 1 }];
	});
}

function repeat(body: Program, least: number, most: number | undefined): Program {
	if (body.length === 0) return [];
	if (least > longest || (most ?? 0) > longest) throw new RangeError('too large');
	const copies = least + (most === undefined ? 1 : Math.max(0, most - least));
	if (copies * (body.length + 2) > longest) throw new RangeError('too large');
	const program: Program = [];
	for (let count = 0; count < least; count++) program.push(...body);
	if (most === undefined) {
		program.push({ kind: 'fork', to: [1, body.length + 2] }, ...body, { kind: 'jump', to: -body.length - 1 });
	} else {
		for (let count = least; count < most; count++) program.push({ kind: 'fork', to: [1, body.length + 1] }, ...body);
	}
	return program;
}
