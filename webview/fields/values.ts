import type { Field, FieldGroup, FieldValue, Values } from '../../src/model/profile/field';
import { wrongValue } from '../../src/model/profile/fields';

const encoder = new TextEncoder();

/** The value of a field, or its default. */
function effective(field: Field, values: Values): FieldValue | undefined {
	return values[field.key] ?? ('default' in field ? field.default : undefined);
}

/**
 * Evaluates the condition (`when`) of a field or group. Names that start with "@" are looked up in `facts`; other names
 * are fields, which count with their defaults.
 */
export function isShown(
	part: { when?: { key: string; is: readonly FieldValue[] } },
	fields: readonly Field[],
	values: Values,
	facts: Values = {},
): boolean {
	const { when } = part;
	if (!when) return true;
	const field = fields.find((candidate) => candidate.key === when.key);
	// A field that is not shown decides nothing.
	if (field && !isShown(field, fields, values, facts)) return false;
	const value = when.key.startsWith('@') ? facts[when.key] : field ? effective(field, values) : values[when.key];
	return value !== undefined && when.is.includes(value);
}

export function shownFields(groups: readonly FieldGroup[], values: Values, facts: Values): Field[] {
	const all = groups.flatMap((group) => group.fields);
	return groups
		.filter((group) => isShown(group, all, values, facts))
		.flatMap((group) => group.fields.filter((field) => isShown(field, all, values, facts)));
}

/** The problem of a value in one sentence, or undefined. Values with variables are checked by the host after resolving them. */
export function problem(field: Field, value: FieldValue | undefined): string | undefined {
	if (value === undefined || value === '') return field.required ? `${field.label} is required.` : undefined;
	if (typeof value === 'string' && /\$\{\w+/.test(value)) return undefined;
	switch (field.type) {
		case 'number':
			return numberProblem(field, value);
		case 'text':
			if (typeof value !== 'string') return `${field.label} must be text.`;
			if (field.maxBytes !== undefined && encoder.encode(value).length > field.maxBytes)
				return `${field.label} may be at most ${field.maxBytes.toLocaleString('en')} bytes long.`;
			if (field.pattern && !new RegExp(`^(?:${field.pattern})$`, 'u').test(value))
				return field.expected === undefined
					? `${field.label} does not have the expected format.`
					: `${field.label} must be ${field.expected}.`;
			return undefined;
		case 'multiline':
		case 'file':
			return typeof value === 'string' ? undefined : `${field.label} must be text.`;
		case 'boolean':
			return typeof value === 'boolean' ? undefined : `${field.label} must be on or off.`;
		case 'choice':
			return field.choices.some((choice) => choice.value === value)
				? undefined
				: `${field.label} must be one of the listed choices.`;
		case 'pairs':
			if (!Array.isArray(value)) return `${field.label} must be pairs of a name and a value.`;
			return value.some((pair) => !Array.isArray(pair) || pair[0] === '')
				? `${field.label}: enter a name for every value.`
				: undefined;
		case 'list':
			return Array.isArray(value) ? undefined : `${field.label} must be a list.`;
		case 'bytes': {
			const wrong = wrongValue(field, value);
			return wrong && `${field.label}: ${wrong}.`;
		}
		case 'secret':
			return undefined;
	}
}

function numberProblem(field: Field & { type: 'number' }, value: FieldValue): string | undefined {
	const unit = field.unit ? ` ${field.unit}` : '';
	if (typeof value !== 'number' || !Number.isFinite(value)) return `${field.label} must be a number.`;
	if (field.integer && !Number.isInteger(value)) return `${field.label} must be a whole number.`;
	if (value >= field.min && value <= field.max) return undefined;
	const [min, max] = [field.min, field.max].map((limit) => limit.toLocaleString('en'));
	return `${field.label} must be from ${min} to ${max}${unit}.`;
}

/** The warning for a value that a workspace may not set without the user's approval. */
export function risk(field: Field, value: FieldValue | undefined): string | undefined {
	if (!field.risk || value === undefined) return undefined;
	const { when, text } = field.risk;
	// Other risks concern only values from a workspace; in the form the user chooses them.
	if (!Array.isArray(when) && !(typeof when === 'object' && 'above' in when)) return undefined;
	const risky = 'above' in when ? typeof value === 'number' && value > when.above : when.includes(value);
	return risky ? text : undefined;
}

/** The values for a message or a subscription: those of shown fields that are not empty. */
export function usedValues(fields: readonly Field[], values: Values): Values {
	const used: Values = {};
	for (const field of fields) {
		const value = values[field.key];
		if (value === undefined || value === '' || !isShown(field, fields, values)) continue;
		if (Array.isArray(value) && value.length === 0) continue;
		used[field.key] = value;
	}
	return used;
}

export const firstProblem = (fields: readonly Field[], values: Values): string | undefined =>
	firstWrong(fields, values)?.text;

/** The first field with a problem, by key, and the problem in one sentence. */
export function firstWrong(fields: readonly Field[], values: Values): { key: string; text: string } | undefined {
	for (const field of fields) {
		const text = isShown(field, fields, values) ? problem(field, values[field.key]) : undefined;
		if (text) return { key: field.key, text };
	}
	return undefined;
}
