import { toText } from '../../model/contracts/payload';
import { followPath, parsePath } from '../../model/json/path';
import { parseJson, textOf } from '../../model/json/value';
import type { Scope } from '../values/variables';
import type { Received } from './connection';

/** The part of a message that `{{name.body.path}}` or `{{name.header.path}}` refers to. */
export function partOf(
	message: Received | undefined,
	part: 'body' | 'header',
	path: string,
): ReturnType<Scope['result']> {
	if (!message) return undefined;
	const text = part === 'header' ? headerOf(message, path) : bodyAt(message, path);
	return text === undefined ? { found: false } : { found: true, text };
}

function headerOf({ headers }: Received, wanted: string): string | undefined {
	return headers.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1];
}

function bodyAt({ payload }: Received, path: string): string | undefined {
	const text = toText(payload);
	if (text === undefined || path === '') return text;
	const steps = parsePath(path);
	const body = parseJson(text);
	const value = steps && 'value' in body ? followPath(body.value, steps) : undefined;
	return value && textOf(value);
}
