import { fail } from '../../base/failure';
import { type Builtin, hex, type Surroundings } from './builtin';
import { formatDate } from './datetime';
import { generators } from './generators';

export type { Surroundings } from './builtin';

function uuid(_: string[], { random }: Surroundings): string {
	const bytes = random(16);
	// Version 4, variant 1 (RFC 9562, section 5.4).
	bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
	bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
	return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Adds an offset as in REST Client: "-1 d", also months (M) and years (y). */
function moved(now: number, [count, unit]: string[]): number {
	if (count === undefined) return now;
	const number = Number(count);
	if (!Number.isInteger(number) || unit === undefined)
		throw bad('An offset is a whole number and a unit, as in "-1 d".');
	if (unit === 'M' || unit === 'y') {
		const date = new Date(now);
		date.setUTCMonth(date.getUTCMonth() + number * (unit === 'y' ? 12 : 1));
		return date.getTime();
	}
	const factor = units[unit];
	if (factor === undefined) throw bad(`"${unit}" is not a unit. Use ms, s, m, h, d, w, M or y.`);
	return now + number * factor;
}

function randomInt([from, to, ...rest]: string[], { random }: Surroundings): string {
	const min = from === undefined ? 0 : Number(from);
	const max = from === undefined ? 1000 : Number(to);
	if (rest.length > 0 || !Number.isSafeInteger(min) || !Number.isSafeInteger(max) || max <= min)
		throw bad('$randomInt takes two whole numbers: the lowest one, and the one above the highest.');
	const range = max - min;
	// 48 bits, so that the bias is below one in a million for ranges up to 2^28.
	const number = random(6).reduce((sum, byte) => sum * 256 + byte, 0);
	return String(min + (range <= 2 ** 48 ? number % range : Math.floor((number / 2 ** 48) * range)));
}

const bad = (message: string) => fail('bad-variable', message);

function required(value: string | undefined, message: string): string {
	if (value === undefined) throw fail('undefined-variable', message);
	return value;
}

function name(args: string[], builtin: string): string {
	const [first] = args;
	if (first === undefined || args.length > 1) throw bad(`${builtin} takes one name.`);
	return first;
}

export const builtins: readonly Builtin[] = [
	{ name: 'uuid', arguments: '', help: 'A random UUID.', fresh: true, run: uuid },
	{ name: 'guid', arguments: '', help: 'A random UUID.', fresh: true, run: uuid },
	{
		name: 'timestamp',
		arguments: '[offset unit]',
		help: 'Seconds since 1970.',
		fresh: true,
		run: (args, { now }) => String(Math.floor(moved(now(), args) / 1000)),
	},
	{
		name: 'datetime',
		arguments: 'iso8601|rfc1123|"format" [offset unit]',
		help: 'The time in UTC.',
		fresh: true,
		run: ([format = 'iso8601', ...offset], { now }) => formatDate(moved(now(), offset), format),
	},
	{
		name: 'randomInt',
		arguments: 'min max',
		help: 'A random whole number from min to max - 1.',
		fresh: true,
		run: randomInt,
	},
	{
		name: 'processEnv',
		arguments: 'NAME',
		help: 'An environment variable.',
		run: (args, { env }) => {
			const wanted = name(args, '$processEnv');
			return required(env(wanted), `The environment variable ${wanted} is not set.`);
		},
	},
	{
		name: 'dotenv',
		arguments: 'NAME',
		help: 'A value of the .env file.',
		run: (args, { dotenv }) => {
			const wanted = name(args, '$dotenv');
			return required(dotenv(wanted), `${wanted} is not in the .env file.`);
		},
	},
	{
		name: 'secret',
		arguments: 'name',
		help: 'A secret that is stored outside the file.',
		secret: true,
		secretAt: 0,
		run: (args, { secret }) => {
			const wanted = name(args, '$secret');
			return required(secret(wanted), `The secret "${wanted}" is not stored on this machine.`);
		},
	},
	{
		name: 'nonce',
		arguments: '',
		help: '32 random hexadecimal digits.',
		fresh: true,
		run: (_, { random }) => hex(random(16)),
	},
	...generators,
];

const byName = new Map(builtins.map((builtin) => [builtin.name, builtin]));

export interface BuiltinCall {
	builtin: Builtin;
	args: string[];
}

const maxCalls = 500;
/** Calls by their text: a simulation evaluates the same ones for each message. */
const calls = new Map<string, BuiltinCall | undefined>();

/** `$name argument "argument with spaces"`; undefined where there is no such function. */
export function builtinOf(content: string): BuiltinCall | undefined {
	if (calls.has(content)) return calls.get(content);
	if (calls.size >= maxCalls) calls.clear();
	const call = readCall(content);
	calls.set(content, call);
	return call;
}

function readCall(content: string): BuiltinCall | undefined {
	const [, word = '', rest = ''] = /^\$([A-Za-z0-9]+)(?:\s+(.*))?$/s.exec(content) ?? [];
	const builtin = byName.get(word);
	const args = [...rest.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
	return builtin && { builtin, args };
}
