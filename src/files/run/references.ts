import { toText } from '../../model/contracts/payload';
import { followPath, parsePath } from '../../model/json/path';
import { textOf } from '../../model/json/value';
import type { Reference } from '../syntax/names';
import type { Scope } from '../values/variables';
import type { Received } from './connection';
import { jsonBody } from './json-body';

/**
 * The part of a message that `{{name.body.path}}` or `{{name.header.path}}` refers to. `separator`: of the levels of its
 * target.
 */
export function partOf(
	message: Received | undefined,
	part: Reference['part'],
	path: string,
	separator?: string,
): ReturnType<Scope['result']> {
	if (!message) return undefined;
	const text = textOfPart(message, part, path, separator);
	return text === undefined ? { found: false } : { found: true, text };
}

function textOfPart(
	message: Received,
	part: Reference['part'],
	path: string,
	separator: string | undefined,
): string | undefined {
	const { target, time, code } = message;
	switch (part) {
		case 'header':
			return headerOf(message, path);
		case 'body':
			return bodyAt(message, path);
		case 'target':
			return target;
		case 'level':
			return (separator === undefined ? [target] : target.split(separator))[Number(path)];
		case 'time':
			return new Date(time).toISOString();
		case 'code':
			return code;
	}
}

function headerOf({ headers }: Received, wanted: string): string | undefined {
	return headers.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1];
}

function bodyAt({ payload }: Received, path: string): string | undefined {
	if (path === '') return toText(payload);
	const steps = parsePath(path);
	const { body } = jsonBody(payload);
	const value = steps && 'value' in body ? followPath(body.value, steps) : undefined;
	return value && textOf(value);
}
