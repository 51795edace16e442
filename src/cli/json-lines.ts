import { isRecord } from '../base/check';
import { receivedValues } from '../files/received';
import type { FieldValue, Values } from '../model/field';
import { wrongValue } from '../model/fields';
import { fromBase64, toBase64, toText } from '../model/payload';
import type { ProtocolDescription, Verb } from '../protocols/description';
import type { Arrival } from './open';

/** A received message as one line: payload as text where it is text, else as base64; options by their field keys. */
export function toLine(description: ProtocolDescription, message: Arrival, time: number): string {
	const text = toText(message.payload);
	return `${JSON.stringify({
		time: new Date(time).toISOString(),
		...(message.target !== '' && { target: message.target }),
		...(text === undefined ? { base64: toBase64(message.payload) } : { payload: text }),
		...receivedValues(description, message.flags, message.meta),
	})}\n`;
}

export interface LineMessage {
	target?: string;
	payload: Uint8Array;
	values: Values;
}

/** What a line says: the same members that `toLine` writes. The reader throws one sentence. */
export function createLineReader(verb: Verb): (line: Uint8Array) => LineMessage {
	const fields = new Map(verb.fields.map((field) => [field.key, field]));
	return (line) => {
		const text = toText(line);
		if (text === undefined) throw new Error('it is not UTF-8 text');
		const value = parsed(text);
		const { payload, base64, target } = value;
		if ((payload === undefined) === (base64 === undefined)) throw new Error('it needs either "payload" or "base64"');
		if (target !== undefined && typeof target !== 'string') throw new Error('"target" is not a text');
		const values: Values = {};
		for (const [name, given] of Object.entries(value)) {
			const field = fields.get(name);
			if (!field) {
				if (own.has(name)) continue;
				throw new Error(`"${name}" is not known here`);
			}
			const wrong = wrongValue(field, given);
			if (wrong) throw new Error(`"${name}": ${wrong}`);
			values[name] = given as FieldValue;
		}
		return { ...(target !== undefined && { target }), payload: bytesOf(payload, base64), values };
	};
}

/** Members that are no option. */
const own = new Set(['payload', 'base64', 'target', 'time']);

function parsed(text: string): Record<string, unknown> {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		// Told below, as what is JSON and no object.
	}
	if (!isRecord(value)) throw new Error('it is no JSON object (use --format lines to send each line as it is)');
	return value;
}

function bytesOf(payload: unknown, base64: unknown): Uint8Array {
	if (base64 !== undefined) {
		if (typeof base64 !== 'string') throw new Error('"base64" is not a text');
		const encoded = fromBase64(base64);
		if ('problem' in encoded) throw new Error(`"base64": ${encoded.problem}`);
		return encoded.bytes;
	}
	// A payload that is an object is meant as its JSON.
	return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
}
