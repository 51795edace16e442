import { applyEdits, findNodeAtLocation, type JSONPath, modify } from 'jsonc-parser';
import { isRecord } from '../../base/check';
import { requireShallow } from '../../base/nesting';
import { settingsChanged, unreadableSettings } from '../failures';
import { insertLast, jsonText, type Layout, layoutOf } from './insert';
import { commaAfter, type EntryText, type ListPath, type ListText, readList, same } from './text';

/**
 * Takes the text of a settings file and returns the new text, in which only the edited entry differs: comments, order,
 * layout and unknown entries stay as they are. Throws `unreadable-settings` for a text that cannot be parsed, so that it
 * is never overwritten, and `changed-meanwhile` if the list no longer has the entry.
 */
export type ListEdit = (text: string, path: ListPath) => string;

export const addEntry =
	(entry: Record<string, unknown>): ListEdit =>
	(text, path) => {
		requireShallow(entry, 'The connection');
		const list = usable(text, path);
		const layout = layoutOf(text);
		if (list.kind === 'list') return insertLast(text, list.node, (indent) => jsonText(entry, indent, layout));
		const property = (names: readonly string[], value: unknown) => {
			const inner = names.slice(1).reduceRight<unknown>((now, name) => ({ [name]: now }), value);
			return (indent: string) => `${JSON.stringify(names[0])}: ${jsonText(inner, indent, layout)}`;
		};
		const { root } = list;
		if (!root) {
			const before = text.trim() === '' ? '' : `${text.trimEnd()}${layout.eol}`;
			const whole = path.reduceRight<unknown>((now, name) => ({ [name]: now }), [entry]);
			return `${before}${jsonText(whole, '', layout)}${layout.eol}`;
		}
		const parent = path.length > 1 ? findNodeAtLocation(root, path.slice(0, -1)) : root;
		return insertLast(text, parent ?? root, property(parent ? path.slice(-1) : path, [entry]));
	};

/** Changes only the members of the entry that differ, so that comments between them stay. */
export const replaceEntry =
	(index: number, entry: Record<string, unknown>): ListEdit =>
	(text, path) => {
		requireShallow(entry, 'The connection');
		const { value: old, offset, length } = entryAt(text, path, index);
		const before = text.slice(offset, offset + length);
		const layout = layoutOf(text);
		const after = isRecord(old)
			? difference(old, entry).reduce((now, { at, value }) => change(now, at, value, layout), before)
			: jsonText(entry, '', layout);
		return text.slice(0, offset) + after + text.slice(offset + length);
	};

export const removeEntry =
	(index: number): ListEdit =>
	(text, path) => {
		const { offset, length } = entryAt(text, path, index);
		const comma = commaAfter(text, offset + length);
		const cuts: [number, number][] = [[offset, offset + length]];
		if (comma >= 0) cuts.push([comma, comma + 1]);
		else if (index > 0) {
			const before = entryAt(text, path, index - 1);
			const between = commaAfter(text, before.offset + before.length);
			if (between >= 0) cuts.unshift([between, between + 1]);
		}
		return cut(text, cuts);
	};

/** Puts the entries into the order of these old indexes. The text of each entry is moved unchanged. */
export const reorderEntries =
	(order: readonly number[]): ListEdit =>
	(text, path) => {
		const list = entriesOf(text, path);
		if (order.length !== list.length || new Set(order).size !== list.length) throw settingsChanged();
		let result = '';
		let from = 0;
		list.forEach((entry, at) => {
			const source = list[order[at] ?? at] ?? entry;
			result += text.slice(from, entry.offset) + text.slice(source.offset, source.offset + source.length);
			from = entry.offset + entry.length;
		});
		return result + text.slice(from);
	};

function usable(text: string, path: ListPath): Exclude<ListText, { kind: 'unusable' }> {
	const list = readList(text, path);
	if (list.kind !== 'unusable') return list;
	throw unreadableSettings(list.reason);
}

function entriesOf(text: string, path: ListPath): EntryText[] {
	const list = usable(text, path);
	return list.kind === 'list' ? list.entries : [];
}

function entryAt(text: string, path: ListPath, index: number): EntryText {
	const entry = entriesOf(text, path)[index];
	if (!entry) throw settingsChanged();
	return entry;
}

/** The deepest members in which two values differ. The value undefined removes the member. */
function difference(old: Record<string, unknown>, now: Record<string, unknown>): { at: JSONPath; value: unknown }[] {
	return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((key) => {
		const before = old[key];
		const after = Object.hasOwn(now, key) ? now[key] : undefined;
		if (same(before, after)) return [];
		if (isRecord(before) && isRecord(after) && Object.keys(after).length > 0)
			return difference(before, after).map(({ at, value }) => ({ at: [key, ...at], value }));
		return [{ at: [key], value: after }];
	});
}

/** Changes one member in the text of the entry alone, so that nothing around it is reformatted. */
function change(entry: string, path: JSONPath, value: unknown, { unit, eol }: Layout): string {
	const insertSpaces = !unit.includes('\t');
	const formattingOptions = { insertSpaces, tabSize: insertSpaces ? unit.length : 4, eol };
	if (entry.includes('\n')) return applyEdits(entry, modify(entry, path, value, { formattingOptions }));
	const edits = modify(entry, path, value, {});
	return applyEdits(
		entry,
		edits.map((edit) => ({ ...edit, content: edit.content.replace(/^,(?=\S)/, ', ') })),
	);
}

/** Removes ranges, and the line of each if the removal leaves it blank. */
function cut(text: string, ranges: [number, number][]): string {
	let result = text;
	for (const [from, to] of ranges.sort((a, b) => b[0] - a[0])) {
		const lineStart = result.lastIndexOf('\n', from - 1) + 1;
		const lineEnd = result.indexOf('\n', to);
		const blank =
			lineEnd >= 0 &&
			result.slice(lineStart, from).trim() === '' &&
			result.slice(to, lineEnd).trim() === '' &&
			from !== to;
		result = blank ? result.slice(0, lineStart) + result.slice(lineEnd + 1) : result.slice(0, from) + result.slice(to);
	}
	return result;
}
