import * as vscode from 'vscode';
import type { Field, FieldValue, Values } from '../../model/profile/field';
import { applies, wrongValue } from '../../model/profile/fields';
import { askText, pickOne } from '../ui/prompt';
import { visibleText } from '../ui/visible-text';

/** Undefined if the user cancelled. `{ value: undefined }` leaves the default. */
type Answer = { value: FieldValue | undefined } | undefined;

/** Asks for fields one by one. Advanced fields keep their defaults. Undefined if the user cancelled. */
export async function askFields(
	fields: readonly Field[],
	title: string,
	sideEffect: string | undefined,
): Promise<Values | undefined> {
	const values = defaultsOf(fields);
	const asked = fields.filter((field) => !field.advanced);
	for (const field of asked) {
		if (!applies(field.when, values, undefined)) continue;
		const step = asked.length > 1 ? ` (${asked.indexOf(field) + 1} of ${asked.length})` : '';
		const answer = await askField(field, `${title}${step}`, sideEffect);
		if (!answer) return undefined;
		values[field.key] = answer.value;
	}
	for (const field of fields) if (!applies(field.when, values, undefined)) values[field.key] = undefined;
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

export function defaultsOf(fields: readonly Field[]): Values {
	const values: Values = {};
	for (const field of fields) if ('default' in field && field.default !== undefined) values[field.key] = field.default;
	return values;
}

async function askField(field: Field, title: string, sideEffect: string | undefined): Promise<Answer> {
	const placeHolder = [field.label, field.help ?? sideEffect].filter(Boolean).join(' – ');
	switch (field.type) {
		case 'boolean':
		case 'choice': {
			const choices =
				field.type === 'choice'
					? field.choices
					: [
							{ value: 'yes', label: 'Yes' },
							{ value: 'no', label: 'No' },
						];
			const byDefault = field.type === 'choice' ? field.default : field.default ? 'yes' : 'no';
			const items = choices.map(({ value, label, help }) => ({
				label,
				value,
				...(value === byDefault ? { description: 'default' } : {}),
				...(help ? { detail: help } : {}),
			}));
			items.sort((a, b) => Number(b.value === byDefault) - Number(a.value === byDefault));
			const choice = await pickOne(items, { title, placeHolder });
			return choice && { value: field.type === 'choice' ? choice.value : choice.value === 'yes' };
		}
		case 'file': {
			const [uri] = (await vscode.window.showOpenDialog({ title: visibleText(`${title}: ${field.label}`) })) ?? [];
			return uri && { value: uri.fsPath };
		}
		default: {
			const text = await askText({
				title,
				prompt: [placeHolder, formOf(field)].filter(Boolean).join(' '),
				password: field.type === 'secret',
				...(field.placeholder ? { placeHolder: field.placeholder } : {}),
				...('default' in field && field.default !== undefined ? { value: textOf(field.default) } : {}),
				check: (text) => problem(field, text),
			});
			return text === undefined ? undefined : { value: read(field, text) };
		}
	}
}

const formOf = (field: Field) =>
	field.type === 'list'
		? 'Separated by commas.'
		: field.type === 'pairs'
			? 'Pairs of name=value, separated by commas.'
			: '';

function problem(field: Field, text: string): string | undefined {
	const value = read(field, text);
	if (value === undefined) return field.required ? `${field.label} is required.` : undefined;
	if (field.type === 'pairs' && parts(text).some((part) => !/^[^=]+=/.test(part))) return 'Enter pairs as name=value.';
	return field.type === 'secret' ? undefined : wrongValue(field, value);
}

const parts = (text: string) =>
	text
		.split(',')
		.map((part) => part.trim())
		.filter(Boolean);

/** Value of the typed text. Undefined if it is empty. */
function read(field: Field, text: string): FieldValue | undefined {
	if (text.trim() === '') return undefined;
	switch (field.type) {
		case 'number':
			return Number(text);
		case 'list':
			return parts(text);
		case 'pairs':
			return parts(text).map((part): [string, string] => {
				const [name = '', ...value] = part.split('=');
				return [name.trim(), value.join('=').trim()];
			});
		default:
			return text;
	}
}

const textOf = (value: FieldValue): string =>
	Array.isArray(value) ? value.map((item) => (Array.isArray(item) ? item.join('=') : item)).join(', ') : String(value);
