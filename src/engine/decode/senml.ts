import { fail } from '../../base/failure';
import { addDecimals, compareDecimals } from '../../model/json/decimal';
import { type Json, parseJson } from '../../model/json/value';
import type { Bytes } from './bytes';
import { halfFloat } from './cbor';

/** A number by its digits: a double would change what counts above 2^53. */
interface Digits {
	digits: string;
}

/** A record of a SenML pack (RFC 8428) by the names of its JSON form. */
type Fields = Map<string, Scalar>;
/** Null: a value that SenML does not have. */
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
const mostRecords = 100_000;
/** Times below it are relative to now (RFC 8428, 4.5.3). Seconds. */
const absolute = 2 ** 28;

/** One line per measurement, with what the base fields say put in (RFC 8428, 4.6). Throws what is wrong. */
export function senmlText(records: readonly Fields[]): string {
	const base = { name: '', time: 0, unit: '', value: '0', sum: '0' };
	const lines: string[] = [];
	for (const record of records) {
		base.name = text(record, 'bn') ?? base.name;
		base.unit = text(record, 'bu') ?? base.unit;
		base.time = seconds(record, 'bt') ?? base.time;
		base.value = number(record, 'bv') ?? base.value;
		base.sum = number(record, 'bs') ?? base.sum;
		// A name that ends in an underscore must be understood (4.4), and none is known.
		const unknown = [...record.keys()].find((key) => key.endsWith('_'));
		if (unknown) throw fail('malformed', `The field "${unknown}" must be understood, and it is not known here.`);
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

/** Records of the JSON form. Throws if it is something else. */
export function senmlFromJson(source: string): Fields[] {
	const parsed = parseJson(source);
	if ('problem' in parsed) throw fail('malformed', `Not valid JSON: ${parsed.problem}`);
	const { value } = parsed;
	const wrong = () => fail('malformed', 'SenML is a list of records.');
	if (value.kind !== 'list') throw wrong();
	return value.items.slice(0, mostRecords).map((record) => {
		if (record.kind !== 'map') throw wrong();
		return new Map(record.members.map(([name, one]) => [name, scalarOf(one)]));
	});
}

function scalarOf(value: Json): Scalar {
	if (value.kind === 'string') return value.text;
	if (value.kind === 'number') return { digits: value.source };
	return value.kind === 'word' ? JSON.parse(value.source) : null;
}

/** Records of the CBOR form (section 6). Throws if it is something else. */
export function senmlFromCbor(bytes: Bytes): Fields[] {
	const records: Fields[] = [];
	items(4, () => {
		const record: Fields = new Map();
		items(5, () => {
			const key = scalar();
			const name =
				key !== null && typeof key === 'object' ? (labels.get(Number(key.digits)) ?? key.digits) : String(key);
			record.set(name, scalar());
		});
		if (records.push(record) > mostRecords) throw fail('too-long', 'It has more records than are laid out.');
	});
	if (!bytes.isAtEnd()) throw fail('malformed', `Something follows the list of records${bytes.place()}.`);
	return records;

	function items(major: number, one: () => void): void {
		const first = bytes.byte();
		if (first >> 5 !== major) throw fail('malformed', `Not SenML: a list of records is expected${bytes.place()}.`);
		if ((first & 31) === 31) {
			while (bytes.peek() !== 0xff) one();
			bytes.byte();
		} else for (let left = argument(first & 31); left > 0n; left--) one();
	}

	function argument(info: number): bigint {
		if (info < 24) return BigInt(info);
		if (info > 27) throw fail('malformed', `Not SenML: this length is not expected${bytes.place()}.`);
		return bytes.unsigned(1 << (info - 24));
	}

	function scalar(): Scalar {
		const first = bytes.byte();
		const info = first & 31;
		switch (first >> 5) {
			case 0:
				return { digits: String(argument(info)) };
			case 1:
				return { digits: String(-1n - argument(info)) };
			case 2:
				return bytes.take(argument(info)).toString('base64url');
			case 3:
				return bytes.take(argument(info)).toString();
			case 7:
				return simple(info);
			default:
				throw fail('malformed', `Not SenML: a plain value is expected${bytes.place()}.`);
		}
	}

	function simple(info: number): Scalar {
		if (info === 20 || info === 21) return info === 21;
		if (info === 25) return { digits: String(halfFloat(Number(bytes.unsigned(2)))) };
		if (info === 26) return { digits: String(bytes.take(4n).readFloatBE()) };
		if (info === 27) return { digits: String(bytes.take(8n).readDoubleBE()) };
		throw fail('malformed', `Not SenML: a number, a text or a truth value is expected${bytes.place()}.`);
	}
}

function text(record: Fields, name: string): string | undefined {
	const value = record.get(name);
	if (value === undefined) return undefined;
	if (typeof value !== 'string') throw fail('malformed', `The field "${name}" is no text.`);
	return value;
}

/** The digits of a number. */
function number(record: Fields, name: string): string | undefined {
	const value = record.get(name);
	if (value === undefined) return undefined;
	if (typeof value !== 'object' || value === null) throw fail('malformed', `The field "${name}" is no number.`);
	return value.digits;
}

function seconds(record: Fields, name: string): number | undefined {
	const digits = number(record, name);
	return digits === undefined ? undefined : Number(digits);
}

/** As it is written, where there is nothing to add; as a sum, where its digits would be too many. */
const plus = (digits: string, base: string): string =>
	compareDecimals(base, '0') === 0 ? digits : (addDecimals(digits, base) ?? `${digits} + ${base}`);

function measured(record: Fields, base: string): string | undefined {
	const value = number(record, 'v');
	if (value !== undefined) return plus(value, base);
	const truth = record.get('vb');
	if (truth !== undefined) return String(truth);
	const data = text(record, 'vd');
	const said = text(record, 'vs');
	return said !== undefined ? JSON.stringify(said) : data !== undefined ? `data ${data}` : undefined;
}

function timeText(time: number): string {
	if (time < absolute) return time <= 0 ? `${-time} s ago` : `in ${time} s`;
	const date = new Date(time * 1000);
	return Number.isNaN(date.getTime()) ? `time ${time}` : date.toISOString();
}
