import type { Remote } from '../../base/rpc';
import type { EngineApi, ReadApi } from '../../model/contracts/engine-api';

const names = [
	...(['view', 'page', 'seqs', 'position', 'dropView', 'detail', 'decode', 'payload', 'diff', 'series'] as const),
	...([
		'timeline',
		'said',
		'tree',
		'children',
		'complete',
		'locate',
		'fitting',
		'browse',
		'graph',
		'ask',
		'marked',
	] as const),
] satisfies (keyof ReadApi)[];

/** What a page reads is passed to the engine as it is; the engine checks the arguments again. */
export function readMethods(engine: () => Remote<EngineApi>): Pick<Remote<ReadApi>, (typeof names)[number]> {
	const pass =
		(name: (typeof names)[number]) =>
		async (...what: never[]) =>
			(engine()[name] as (...what: never[]) => unknown)(...what);
	return Object.fromEntries(names.map((name) => [name, pass(name)])) as ReturnType<typeof readMethods>;
}
