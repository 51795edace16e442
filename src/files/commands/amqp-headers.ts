import { type Json, parseJson } from '../../model/json-value';
import { fromHex } from '../../model/payload';
import { literal } from './literals';

/** A message header's value: `(int) 5` has a type, what has none is text. */
export interface Typed {
	type: string;
	text: string;
}

const types = ['text', 'int', 'long', 'double', 'boolean', 'timestamp', 'bytes', 'null', 'list', 'table'];

export function typed(value: string): Typed {
	const [, type = '', rest = ''] = /^\((\w+)\)\s?([\s\S]*)$/.exec(value) ?? [];
	if (!types.includes(type)) return { type: 'text', text: value };
	return { type, text: type === 'text' ? rest : rest.trim() };
}

/** Seconds since 1970 of a time, or of a number of them. */
export const seconds = (text: string) =>
	/^\d+$/.test(text) ? Number(text) : Math.floor((Date.parse(text) || 0) / 1000);

const isNumber = (text: string) => /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text);
const number = (text: string) => (isNumber(text) ? text.replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1') : '0');
const hex = (text: string) => ('bytes' in fromHex(text) ? text.replace(/\s/g, '') : '');

export function pythonHeader(value: string): string {
	const { type, text } = typed(value);
	switch (type) {
		case 'int':
		case 'long':
			return number(text);
		case 'double':
			return `float(${literal(text)})`;
		case 'boolean':
			return text === 'true' ? 'True' : 'False';
		case 'timestamp':
			return `datetime.fromtimestamp(${seconds(text)}, timezone.utc)`;
		case 'bytes':
			return `bytes.fromhex(${literal(hex(text))})`;
		case 'null':
			return 'None';
		case 'list':
		case 'table':
			return `json.loads(${literal(text)})`;
		default:
			return literal(text);
	}
}

export function scriptHeader(value: string): string {
	const { type, text } = typed(value);
	switch (type) {
		case 'int':
		case 'double':
			return `{ '!': '${type}', value: ${number(text)} }`;
		case 'long':
			return scriptLong(number(text));
		case 'boolean':
			return String(text === 'true');
		case 'timestamp':
			return `{ '!': 'timestamp', value: ${seconds(text)} }`;
		case 'bytes':
			return `Buffer.from(${literal(hex(text))}, 'hex')`;
		case 'null':
			return 'null';
		case 'list':
		case 'table':
			return scriptJson(text);
		default:
			return literal(text);
	}
}

/** As text where a number would be rounded: amqplib makes a BigInt of either. */
const scriptLong = (digits: string) =>
	`{ '!': 'long', value: ${Number.isSafeInteger(Number(digits)) ? digits : literal(digits)} }`;

/** With the types that the list or table is sent with: amqplib takes the smallest that fits. */
function scriptJson(text: string): string {
	const parsed = parseJson(text);
	return 'value' in parsed ? scriptValue(parsed.value) : `JSON.parse(${literal(text)})`;
}

function scriptValue(json: Json): string {
	switch (json.kind) {
		case 'string':
			return literal(json.text);
		case 'number':
			return /[.eE]|^-0$/.test(json.source) ? `{ '!': 'double', value: ${json.source} }` : scriptLong(json.source);
		case 'word':
			return json.source;
		case 'list':
			return `[${json.items.map(scriptValue).join(', ')}]`;
		case 'map':
			// In brackets, as a name "__proto__" would set the prototype.
			return `{ ${json.members.map(([name, value]) => `[${literal(name)}]: ${scriptValue(value)}`).join(', ')} }`;
	}
}
