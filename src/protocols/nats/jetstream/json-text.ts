/** A value for a request: like JSON, with integers of up to 64 bits, and members without a value left out. */
export type JsonInput =
	| string
	| number
	| bigint
	| boolean
	| readonly JsonInput[]
	| { readonly [name: string]: JsonInput | undefined };

export function jsonText(value: JsonInput): string {
	if (typeof value === 'bigint') return String(value);
	if (isList(value)) return `[${value.map(jsonText).join(',')}]`;
	if (typeof value !== 'object') return JSON.stringify(value);
	const members = Object.entries(value).flatMap(([name, one]) =>
		one === undefined ? [] : [`${JSON.stringify(name)}:${jsonText(one)}`],
	);
	return `{${members.join(',')}}`;
}

const isList = (value: JsonInput): value is readonly JsonInput[] => Array.isArray(value);
