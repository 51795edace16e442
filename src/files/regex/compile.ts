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
			return node.nodes
				.map(emit)
				.reduceRight((rest, first) => [
					{ kind: 'fork', to: [1, first.length + 2] },
					...first,
					{ kind: 'jump', to: rest.length + 1 },
					...rest,
				]);
		case 'repeat':
			return repeat(emit(node.node), node.least, node.most);
	}
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
