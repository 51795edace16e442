import { isRecord } from '../base/check';
import { receivedValues } from '../files/received';
import type { Values } from '../model/field';
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

/** What a line says: the same members that `toLine` writes. Throws one sentence. */
export function fromLine(line: Uint8Array, verb: Verb): LineMessage {
	const text = toText(line);
	if (text === undefined) throw new Error('it is not UTF-8 text');
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw new Error('it is no JSON object (use --format lines to send each line as it is)');
	}
	if (!isRecord(value)) throw new Error('it is no JSON object (use --format lines to send each line as it is)');
	const { payload, base64, target } = value;
	if ((payload === undefined) === (base64 === undefined)) throw new Error('it needs either "payload" or "base64"');
	if (target !== undefined && typeof target !== 'string') throw new Error('"target" is not a text');
	const values: Values = {};
	for (const field of verb.fields) {
		const given = value[field.key];
		if (given === undefined) continue;
		const wrong = wrongValue(field, given);
		if (wrong) throw new Error(`"${field.key}": ${wrong}`);
		values[field.key] = given as Values[string];
	}
	const known = ['payload', 'base64', 'target', 'time', ...verb.fields.map(({ key }) => key)];
	const unknown = Object.keys(value).find((key) => !known.includes(key));
	if (unknown !== undefined) throw new Error(`"${unknown}" is not known here`);
	return { ...(target !== undefined && { target }), payload: bytesOf(payload, base64), values };
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
