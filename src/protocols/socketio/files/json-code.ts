import type { Json } from '../../../model/json/value';
import { type Code, python, script } from '../../shared/commands/code';
import { placeholderOf } from '../describe/arguments';

/** Creates the code of a value; `attachment`: the code of an attachment by its number, if there is one. */
type Writer = (value: Json, attachment: (num: number) => Code | undefined) => Code;

/** Members of a map: the last of several with the same name counts, as in JSON.parse. */
const unique = (members: readonly [string, Json][]) => [...new Map(members)];

const words: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** JavaScript. Numbers become doubles, as `JSON.stringify` writes them. */
export const scriptJson: Writer = (value, attachment) => {
	if (value.kind === 'string') return script`${value.text}`;
	if (value.kind === 'list') return script`[${value.items.map((item) => scriptJson(item, attachment))}]`;
	if (value.kind === 'map')
		return (
			attachment(placeholderOf(value)) ??
			// A computed name: "__proto__" is a member like any other.
			script`{${unique(value.members).map(([name, item]) => script`[${name}]: ${scriptJson(item, attachment)}`)}}`
		);
	return script`${value.kind === 'number' ? Number(value.source) : (words[value.source] ?? null)}`;
};

/** Python. Whole numbers keep all of their digits. */
export const pythonJson: Writer = (value, attachment) => {
	if (value.kind === 'string') return python`${value.text}`;
	if (value.kind === 'list') return python`[${value.items.map((item) => pythonJson(item, attachment))}]`;
	if (value.kind === 'map')
		return (
			attachment(placeholderOf(value)) ??
			python`{${unique(value.members).map(([name, item]) => python`${name}: ${pythonJson(item, attachment)}`)}}`
		);
	if (value.kind === 'word') return python`${words[value.source] ?? null}`;
	return /^-?\d+$/.test(value.source) ? python`${BigInt(value.source)}` : python`${Number(value.source)}`;
};
