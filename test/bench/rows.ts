/** One row of the table that the benches print. */
export interface Row {
	name: string;
	value: string;
	reference?: string;
	ratio?: number;
	/** The range of the middle half of the ratios. */
	spread?: readonly [low: number, high: number];
	goal?: string;
}

export const median = (values: readonly number[]): number =>
	values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** The medians of several figures that are measured in turn, so that all of them meet the same state of the machine. */
export async function medians<Name extends string>(
	rounds: number,
	measures: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number>> {
	const names = Object.keys(measures) as Name[];
	const measured = new Map(names.map((name) => [name, [] as number[]]));
	for (let round = 0; round < rounds; round++)
		for (const name of names) measured.get(name)?.push(await measures[name]());
	return Object.fromEntries(names.map((name) => [name, median(measured.get(name) ?? [])])) as Record<Name, number>;
}

/** One figure beside its reference, both written by `format`. */
export const ratioRow = (
	name: string,
	own: number,
	[words, reference]: readonly [words: string, reference: number],
	format: (value: number) => string,
	goal?: string,
): Row => ({
	name,
	value: format(own),
	reference: `${words}: ${format(reference)}`,
	ratio: own / reference,
	...(goal && { goal }),
});

/** Memory of this process with its threads that has come since `before`, beside what the log holds; both in bytes. */
export function memoryRow(name: string, before: number, logged: number): Row {
	const grown = process.memoryUsage.rss() - before;
	return ratioRow(name, grown, ['in the log', logged], (bytes) => `${Math.round(bytes / 1e6)} MB`);
}

interface Pairs {
	name: string;
	pairs: number;
	own(): Promise<number>;
	bare(): Promise<number>;
	reference: string;
	format(value: number): string;
	goal?: string;
}

/** Pairs that are not counted: code is compiled meanwhile. */
const warmUp = 3;

/**
 * The median of the ratios of two figures that are measured in turn, each first in every other pair, so that a change of the
 * machine's load is in few pairs and favors neither.
 */
export async function pairedRatio({ name, pairs, own, bare, reference, format, goal }: Pairs): Promise<Row> {
	const measured: { own: number; bare: number }[] = [];
	for (let pair = -warmUp; pair < pairs; pair++) {
		const one = { own: 0, bare: 0 };
		for (const side of pair % 2 ? (['own', 'bare'] as const) : (['bare', 'own'] as const))
			one[side] = await { own, bare }[side]();
		if (pair >= 0) measured.push(one);
	}
	const ratios = measured.map((one) => one.own / one.bare).toSorted((a, b) => a - b);
	const at = (share: number) => ratios[Math.floor(share * (ratios.length - 1))] as number;
	return {
		name,
		value: format(median(measured.map((one) => one.own))),
		reference: `${reference}: ${format(median(measured.map((one) => one.bare)))}`,
		...{ ratio: at(0.5), spread: [at(0.25), at(0.75)] },
		...(goal && { goal }),
	};
}
