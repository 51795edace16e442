import { fail } from '../../base/failure';
import { addDecimals, compareDecimals } from '../../model/json/decimal';
import { type Json, parseJson } from '../../model/json/value';
import type { Bytes } from './bytes';
import { readCbor } from './cbor';

/** A number as its digits, since a double is inexact above 2^53. */
interface Digits {
	digits: string;
}

/** A record of a SenML pack (RFC 8428), by the field names of the JSON form. */
type Fields = Map<string, Scalar>;
/** Null stands for a value that SenML does not allow. */
type Scalar = string | boolean | Digits | null;

/** Labels of the CBOR form (RFC 8428, table 4). */
const labels = new Map<number, string>(
	Object.entries({
		bs: -6,
		bv: -5,
		bu: -4,
		bt: -3,
		bn: -2,
		bver: -1,
		n: 0,
		u: 1,
		v: 2,
		vs: 3,
		vb: 4,
		s: 5,
		t: 6,
		ut: 7,
		vd: 8,
	}).map(([name, label]) => [label, name]),
);
const maxRecords = 100_000;
/** Times below are relative to the present (RFC 8428, 4.5.3). Seconds. */
const firstAbsoluteTime = 2 ** 28;

/** One line per measurement, with the base fields resolved (RFC 8428, 4.6). Throws `malformed`. */
export function senmlText(records: readonly Fields[]): string {
	const base = { name: '', time: 0, unit: '', value: '0', sum: '0' };
	const lines: string[] = [];
	for (const record of records) {
		base.name = text(record, 'bn') ?? base.name;
		base.unit = text(record, 'bu') ?? base.unit;
		base.time = seconds(record, 'bt') ?? base.time;
		base.value = number(record, 'bv') ?? base.value;
		base.sum = number(record, 'bs') ?? base.sum;
		// A field whose name ends in an underscore must be understood (RFC 8428, 4.4), and no such field is known.
		const unknown = [...record.keys()].find((key) => key.endsWith('_'));
		if (unknown) throw fail('malformed', `The field "${unknown}" must be understood, and it is unknown.`);
		const value = measured(record, base.value);
		const sum = number(record, 's');
		const parts = [`${base.name}${text(record, 'n') ?? ''}`];
		const unit = text(record, 'u') ?? base.unit;
		if (value !== undefined) parts.push(unit ? `${value} ${unit}` : value);
		if (sum !== undefined) parts.push(`sum ${plus(sum, base.sum)}`);
		if (parts.length === 1) continue;
		const time = (seconds(record, 't') ?? 0) + base.time;
		if (time !== 0) parts.push(timeText(time));
		lines.push(parts.join('  '));
	}
	return lines.join('\n');
}

/** Records of the JSON form (RFC 8428, section 5). Throws `malformed`. */
export function senmlFromJson(source: string): Fields[] {
	const parsed = parseJson(source);
	if ('problem' in parsed) throw fail('malformed', `Not valid JSON: ${parsed.problem}`);
	const { value } = parsed;
	const wrong = () => fail('malformed', 'SenML is a list of records.');
	if (value.kind !== 'list') throw wrong();
	return value.items.slice(0, maxRecords).map((record) => {
		if (record.kind !== 'map') throw wrong();
		return new Map(record.members.map(([name, one]) => [name, scalarOf(one)]));
	});
}

function scalarOf(value: Json): Scalar {
	if (value.kind === 'string') return value.text;
	if (value.kind === 'number') return { digits: value.source };
	return value.kind === 'word' ? JSON.parse(value.source) : null;
}

/** Records of the CBOR form (RFC 8428, section 6). Throws `malformed`, `cut` or `too-long`. */
export function senmlFromCbor(bytes: Bytes): Fields[] {
	const records: Fields[] = [];
	let depth = 0;
	let isClosed = false;
	let record: Fields = new Map();
	let name: string | undefined;

	const unexpected = (what: string) =>
		isClosed
			? fail('malformed', `Unexpected data after the list of records${bytes.place()}.`)
			: fail('malformed', `Not SenML: ${what} is expected${bytes.place()}.`);

	function scalar(value: Scalar): void {
		if (depth < 2) throw unexpected('a list of records');
		if (name === undefined) name = isDigits(value) ? (labels.get(Number(value.digits)) ?? value.digits) : String(value);
		else {
			record.set(name, value);
			name = undefined;
		}
	}

	readCbor(bytes, {
		integer: (value) => scalar({ digits: String(value) }),
		float: (value) => scalar({ digits: String(value) }),
		bytes: (content) => scalar(content.toString('base64url')),
		text: (content) => scalar(content.toString()),
		simple(value, isShort) {
			if (!isShort || (value !== 20 && value !== 21)) throw unexpected('a number, a text or a truth value');
			scalar(value === 21);
		},
		open(kind) {
			if (depth === 2) throw unexpected('a plain value');
			if (isClosed || kind !== (depth === 0 ? 'list' : 'map')) throw unexpected('a list of records');
			if (++depth === 2) record = new Map();
		},
		close() {
			isClosed = --depth === 0;
			if (!isClosed && records.push(record) > maxRecords)
				throw fail('too-long', 'It has more records than are laid out.');
		},
	});
	if (!isClosed) throw unexpected('a list of records');
	return records;
}

const isDigits = (value: Scalar | undefined): value is Digits => typeof value === 'object' && value !== null;

function text(record: Fields, name: string): string | undefined {
	const value = record.get(name);
	if (value === undefined) return undefined;
	if (typeof value !== 'string') throw fail('malformed', `The field "${name}" is not a text.`);
	return value;
}

/** The digits of a number field. */
function number(record: Fields, name: string): string | undefined {
	const value = record.get(name);
	if (value === undefined) return undefined;
	if (!isDigits(value)) throw fail('malformed', `The field "${name}" is not a number.`);
	return value.digits;
}

function seconds(record: Fields, name: string): number | undefined {
	const digits = number(record, name);
	return digits === undefined ? undefined : Number(digits);
}

/** The number unchanged if there is nothing to add; the sum as text if it would have too many digits. */
const plus = (digits: string, base: string): string =>
	compareDecimals(base, '0') === 0 ? digits : (addDecimals(digits, base) ?? `${digits} + ${base}`);

function measured(record: Fields, base: string): string | undefined {
	const value = number(record, 'v');
	if (value !== undefined) return plus(value, base);
	const truth = record.get('vb');
	if (truth !== undefined) return String(truth);
	const data = text(record, 'vd');
	const string = text(record, 'vs');
	return string !== undefined ? JSON.stringify(string) : data !== undefined ? `data ${data}` : undefined;
}

function timeText(time: number): string {
	if (time < firstAbsoluteTime) return time <= 0 ? `${-time} s ago` : `in ${time} s`;
	const date = new Date(time * 1000);
	return Number.isNaN(date.getTime()) ? `time ${time}` : date.toISOString();
}
