import { encodeBytes, isBytesValue } from './bytes-value';
import type { Field, FieldGroup, FieldValue, Values } from './field';

/** The part of a protocol's description that is needed to check and resolve a profile. */
export interface ProtocolShape {
	id: string;
	label: string;
	schemes: readonly { scheme: string; defaultPort: number; tls: boolean }[];
	profile: readonly FieldGroup[];
	subscription?: {
		fields: readonly Field[];
		check(target: string, mode?: string): string | undefined;
		modes?: readonly { id: string; intrusive?: boolean; fields?: readonly Field[] }[];
	};
	secretAddresses?: readonly string[];
	pattern?: { isPattern(text: string): boolean };
}

/** Members of every profile, in addition to the fields of its protocol. */
export const commonMembers = [
	'id',
	'name',
	'protocol',
	'url',
	'color',
	'production',
	'subscriptions',
	'checks',
	'secrets',
] as const;

/** Key of the field with the SHA-256 fingerprint of a certificate that the user trusts for a connection. */
export const certificatePin = 'tls.pin';

export function fieldsOf(shape: ProtocolShape): Field[] {
	return shape.profile.flatMap((group) => [...group.fields]);
}

/** The value at a dotted path. Reads own members only, because names come from outside. */
export function valueAt(record: unknown, key: string): unknown {
	let value = record;
	for (const part of key.split('.')) {
		if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
		value = (value as Record<string, unknown>)[part];
	}
	return value;
}

/** Whether a `when` condition holds; `@scheme` and `@tls` are taken from the URL. */
export function applies(
	when: Field['when'],
	values: Values,
	url: { scheme: string; tls: boolean } | undefined,
): boolean {
	if (!when) return true;
	const value: FieldValue | undefined =
		when.key === '@scheme' ? url?.scheme : when.key === '@tls' ? url?.tls : values[when.key];
	return value !== undefined && when.is.includes(value);
}

/** Why the value does not fit the field, as the end of a sentence, or undefined. */
export function wrongValue(field: Field, value: unknown): string | undefined {
	switch (field.type) {
		case 'text':
			return (
				expect(typeof value === 'string', 'text') ??
				(field.maxBytes !== undefined && new TextEncoder().encode(value as string).length > field.maxBytes
					? `at most ${field.maxBytes} bytes are allowed`
					: field.pattern !== undefined && !new RegExp(`^(?:${field.pattern})$`).test(value as string)
						? field.expected === undefined
							? 'this form is not allowed'
							: `${field.expected} is expected`
						: undefined)
			);
		case 'multiline':
		case 'file':
			return expect(typeof value === 'string', 'text');
		case 'secret':
			return 'secrets don’t belong in settings: they are stored in the editor’s secret storage';
		case 'number': {
			const wrong = expect(typeof value === 'number' && Number.isFinite(value), 'a number');
			if (wrong) return wrong;
			const number = value as number;
			if (field.integer && !Number.isInteger(number)) return 'a whole number is expected';
			return number < field.min || number > field.max
				? `${number} is not between ${field.min} and ${field.max}`
				: undefined;
		}
		case 'boolean':
			return expect(typeof value === 'boolean', 'true or false');
		case 'choice': {
			const known = field.choices.map((choice) => choice.value);
			return known.includes(value as string | number)
				? undefined
				: `one of ${known.map((one) => JSON.stringify(one)).join(', ')} is expected`;
		}
		case 'list':
			return expect(Array.isArray(value) && value.every(isText), 'a list of texts');
		case 'pairs':
			return expect(Array.isArray(value) && value.every(isPair), 'a list of pairs [name, value]');
		case 'bytes':
			if (!field.many) return wrongBytes(value);
			if (!Array.isArray(value)) return 'a list is expected';
			return value.map(wrongBytes).find((wrong) => wrong !== undefined);
	}
}

function wrongBytes(value: unknown): string | undefined {
	if (typeof value === 'string') return undefined;
	if (!isBytesValue(value)) return 'a text, or an object with the members "format" and "text", is expected';
	const encoded = encodeBytes(value);
	return 'problem' in encoded ? clause(encoded.problem) : undefined;
}

/** A sentence as the end of another one. */
const clause = (sentence: string) =>
	sentence.replace(/\.$/, '').replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());

const isText = (value: unknown) => typeof value === 'string';
const isPair = (value: unknown) => Array.isArray(value) && value.length === 2 && value.every(isText);
const expect = (fits: boolean, what: string) => (fits ? undefined : `${what} is expected`);
