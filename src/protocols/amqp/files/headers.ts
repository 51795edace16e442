import { toText } from '../../../model/contracts/payload';
import { type Code, python, script } from '../../shared/commands/code';
import type { LeftOut } from '../../shared/commands/literals';
import { headerTable } from '../describe/headers/header-values';

type TableValue = ReturnType<typeof headerTable>[number][1];

/** Message headers with the types in their values, such as `(int) 5`; others are text. Invalid ones are left out. */
export function typedHeaders(pairs: readonly [string, string][], left: LeftOut[]): [string, TableValue][] {
	return pairs.flatMap(([name, value]) => {
		try {
			return headerTable([[name, value]]);
		} catch {
			left.push([`${name}: ${value}`, 'which is not a valid value of its type']);
			return [];
		}
	});
}

/** The text of a header whose value is a text. */
export const headerText = ({ type, value }: TableValue): string | undefined =>
	type === 'S' ? toText(value) : undefined;

/** The literal for pika. */
export function pythonHeader({ type, value }: TableValue): Code {
	switch (type) {
		case 'S':
			return python`${toText(value) ?? ''}`;
		case 'T':
			return python`datetime.fromtimestamp(${value}, timezone.utc)`;
		case 'd':
		case 'f':
			return python`float(${String(value)})`;
		case 'A':
			return python`[${value.map(pythonHeader)}]`;
		case 'F':
			return python`{${value.map(([name, one]) => python`${name}: ${pythonHeader(one)}`)}}`;
		case 'D':
			// Unreachable: `isBeyond` excludes decimals.
			return python`None`;
		default:
			return python`${value}`;
	}
}

/** The names of the types of numbers in amqplib (`encodeFieldValue` in its `codec.js`). */
const scriptNames = {
	b: 'int8',
	B: 'uint8',
	s: 'int16',
	u: 'uint16',
	I: 'int',
	i: 'uint32',
	f: 'float',
	d: 'double',
} as const;

/** The literal for amqplib, in which values name their type. */
export function scriptHeader({ type, value }: TableValue): Code {
	switch (type) {
		case 'S':
			return script`${toText(value) ?? ''}`;
		case 'l':
		case 'T': {
			const number = Number.isSafeInteger(Number(value)) ? Number(value) : value;
			return script`{ '!': ${type === 'l' ? 'long' : 'timestamp'}, value: ${number} }`;
		}
		case 'b':
		case 'B':
		case 's':
		case 'u':
		case 'I':
		case 'i':
		case 'f':
		case 'd':
			return script`{ '!': ${scriptNames[type]}, value: ${value} }`;
		case 'A':
			return script`[${value.map(scriptHeader)}]`;
		case 'F':
			return script`{ ${value.map(([name, one]) => script`[${name}]: ${scriptHeader(one)}`)} }`;
		case 'D':
			// Unreachable: `isBeyond` excludes decimals.
			return script`null`;
		default:
			return script`${value}`;
	}
}

/**
 * Values that a library cannot send: both lack decimals and text that is not UTF-8. amqplib reads a table with a member "!"
 * as a value with a type, and the times of Python end with the year 9999.
 */
export const isBeyond = (program: 'python' | 'script', { type, value }: TableValue): boolean => {
	if (type === 'D' || (type === 'S' && toText(value) === undefined)) return true;
	if (type === 'A') return value.some((one) => isBeyond(program, one));
	if (type === 'F')
		return value.some(([name, one]) => (program === 'script' && name === '!') || isBeyond(program, one));
	return program === 'python' && type === 'T' && value > 253_402_300_799n;
};
