import { isRecord } from '../../base/check';
import { fail } from '../../base/failure';
import type { Bytes } from './bytes';
import { halfFloat } from './cbor';

/** A record of a SenML pack (RFC 8428) by the names of its JSON form. */
type Fields = Map<string, unknown>;

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
	const base = { name: '', time: 0, unit: '', value: 0, sum: 0 };
	const lines: string[] = [];
	for (const record of records) {
		base.name = text(record, 'bn') ?? base.name;
		base.unit = text(record, 'bu') ?? base.unit;
		base.time = number(record, 'bt') ?? base.time;
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
		if (sum !== undefined) parts.push(`sum ${sum + base.sum}`);
		if (parts.length === 1) continue;
		const time = (number(record, 't') ?? 0) + base.time;
		if (time !== 0) parts.push(timeText(time));
		lines.push(parts.join('  '));
	}
	return lines.join('\n');
}

/** Records of the JSON form. Throws if it is something else. */
export function senmlFromJson(source: string): Fields[] {
	let value: unknown;
	try {
		value = JSON.parse(source);
	} catch (error) {
		throw fail('malformed', `Not valid JSON: ${error instanceof Error ? error.message : 'unreadable'}.`);
	}
	if (!Array.isArray(value) || !value.every(isRecord)) throw fail('malformed', 'SenML is a list of records.');
	return value.slice(0, mostRecords).map((record) => new Map(Object.entries(record)));
}

/** Records of the CBOR form (section 6). Throws if it is something else. */
export function senmlFromCbor(bytes: Bytes): Fields[] {
	const records: Fields[] = [];
	items(4, () => {
		const record: Fields = new Map();
		items(5, () => {
			const key = scalar();
			record.set(typeof key === 'number' ? (labels.get(key) ?? String(key)) : String(key), scalar());
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

	function scalar(): unknown {
		const first = bytes.byte();
		const info = first & 31;
		switch (first >> 5) {
			case 0:
				return Number(argument(info));
			case 1:
				return Number(-1n - argument(info));
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

	function simple(info: number): unknown {
		if (info === 20 || info === 21) return info === 21;
		if (info === 25) return halfFloat(Number(bytes.unsigned(2)));
		if (info === 26) return bytes.take(4n).readFloatBE();
		if (info === 27) return bytes.take(8n).readDoubleBE();
		throw fail('malformed', `Not SenML: a number, a text or a truth value is expected${bytes.place()}.`);
	}
}

function text(record: Fields, name: string): string | undefined {
	const value = record.get(name);
	if (value === undefined) return undefined;
	if (typeof value !== 'string') throw fail('malformed', `The field "${name}" is no text.`);
	return value;
}

function number(record: Fields, name: string): number | undefined {
	const value = record.get(name);
	if (value === undefined) return undefined;
	if (typeof value !== 'number') throw fail('malformed', `The field "${name}" is no number.`);
	return value;
}

function measured(record: Fields, base: number): string | undefined {
	const value = number(record, 'v');
	if (value !== undefined) return String(value + base);
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
