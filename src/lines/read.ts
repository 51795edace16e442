import { fromBase64, toText } from '../model/contracts/payload';
import { fitsDouble } from '../model/json/decimal';
import { type Json, membersOf, parseJson, toPlain } from '../model/json/value';
import type { FieldValue, Values } from '../model/profile/field';
import { wrongValue } from '../model/profile/fields';
import type { Verb } from '../protocols/description';
import { lineMembers } from './write';

export interface LineMessage {
	target?: string;
	payload: Uint8Array;
	values: Values;
}

/**
 * Reads lines with the members that `toLine` writes. `received`: `FileSupport.received`, whose members are ignored. The reader
 * returns undefined for the head of a recording and for notes, and throws an Error with a phrase about the line.
 */
export function createLineReader(
	verb: Verb,
	received: readonly string[] = [],
): (line: Uint8Array) => LineMessage | undefined {
	const fields = new Map(verb.fields.map((field) => [field.key, field]));
	return (line) => {
		const text = toText(line);
		if (text === undefined) throw new Error('it is not UTF-8 text');
		const parsed = parseJson(text);
		const members = 'value' in parsed && membersOf(parsed.value);
		if (!members) throw new Error('it is no JSON object (use --format lines to send each line as it is)');
		if (members.has('recording') || isNote(members.get('direction'))) return undefined;
		const payload = members.get('payload');
		const base64 = members.get('base64');
		if ((payload === undefined) === (base64 === undefined)) throw new Error('it needs either "payload" or "base64"');
		const values: Values = {};
		for (const [name, json] of members) {
			const field = fields.get(name);
			if (!field) {
				if (own.has(name) || received.includes(name)) continue;
				throw new Error(`"${name}" is not known here`);
			}
			const value = field.type === 'bytes' ? bytesMember(name, json) : plainValue(name, json);
			const wrong = wrongValue(field, value);
			if (wrong) throw new Error(`"${name}": ${wrong}`);
			values[name] = value as FieldValue;
		}
		const target = members.get('target');
		return {
			...(target && { target: stringOf('target', target) }),
			payload: base64 ? fromBase64Member(base64) : payloadOf(payload as Json),
			values,
		};
	};
}

const isNote = (direction: Json | undefined) =>
	direction?.kind === 'string' && (direction.text === 'note' || direction.text === 'failure');

/** Members that are not options. */
const own = new Set<string>(lineMembers);

/** The value of a field for bytes: a text, an object with the member "base64", or one with "format" and "text". */
function bytesMember(name: string, json: Json): unknown {
	if (json.kind === 'list') return json.items.map((item) => bytesMember(name, item));
	const base64 = membersOf(json)?.get('base64');
	return base64 ? { format: 'base64', text: stringOf(name, base64) } : plainValue(name, json);
}

/** A member as the value of a field. Throws if the value would change, such as a number with too many digits. */
function plainValue(name: string, json: Json): unknown {
	if (json.kind === 'string') return stringOf(name, json);
	if (json.kind === 'list') return json.items.map((item) => plainValue(name, item));
	if (json.kind === 'number' && !fitsDouble(json.source))
		throw new Error(`"${name}": ${json.source} has more digits than can be kept`);
	return toPlain(json);
}

function stringOf(name: string, json: Json): string {
	if (json.kind !== 'string') throw new Error(`"${name}" is not a text`);
	if (/\p{Surrogate}/u.test(json.text)) throw new Error(`"${name}" has half a character (a lone surrogate)`);
	return json.text;
}

/** A payload that is not a string is sent as the JSON that is written. */
const payloadOf = (json: Json): Uint8Array =>
	Buffer.from(json.kind === 'string' ? stringOf('payload', json) : json.source);

function fromBase64Member(json: Json): Uint8Array {
	const encoded = fromBase64(stringOf('base64', json));
	if ('problem' in encoded) throw new Error(`"base64": ${encoded.problem}`);
	return encoded.bytes;
}
