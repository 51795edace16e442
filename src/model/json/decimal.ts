/**
 * A number in JSON syntax, and also `+1`, `1.` and `.5`. Matches in linear time. Longer exponents are rejected, because
 * expanding an integer of millions of digits takes seconds.
 */
const decimal = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,1000}))?$/;

/** Sign × 0.digits × 10^point. */
interface Decimal {
	sign: -1 | 0 | 1;
	/** Without leading and trailing zeros. */
	digits: string;
	point: bigint;
}

function readDecimal(text: string): Decimal | undefined {
	const [found, sign, whole = '', fraction = '', only = '', exponent = '0'] = decimal.exec(text) ?? [];
	if (found === undefined) return undefined;
	const all = whole + fraction + only;
	let start = 0;
	let end = all.length;
	while (all[start] === '0') start++;
	while (end > start && all[end - 1] === '0') end--;
	const digits = all.slice(start, end);
	if (digits === '') return { sign: 0, digits, point: 0n };
	return { sign: sign === '-' ? -1 : 1, digits, point: BigInt(whole.length - start) + BigInt(exponent) };
}

/**
 * Compares two numbers by their digits and exponents: negative, zero or positive as `a` is less than, equal to or
 * greater than `b`. Nothing is rounded and no exponent is expanded. Undefined if one of them is not a number.
 */
export function compareDecimals(a: string, b: string): number | undefined {
	const one = readDecimal(a);
	const other = readDecimal(b);
	if (!one || !other) return undefined;
	if (one.sign !== other.sign || one.sign === 0) return one.sign - other.sign;
	if (one.point !== other.point) return one.point < other.point ? -one.sign : one.sign;
	// Digits of fractions sort like texts.
	return one.digits === other.digits ? 0 : one.digits < other.digits ? -one.sign : one.sign;
}

export const isDecimal = (text: string): boolean => decimal.test(text);

/** Whether a double represents the number: its shortest form has the same value. True for 0.1, false for 2^53 + 1. */
export const fitsDouble = (source: string): boolean => compareDecimals(source, String(Number(source))) === 0;

/** Maximum digits of a summand, including the zeros of its exponent. */
const maxSumDigits = 400;

/** The exact sum in plain notation. Undefined if one of them is not a number or has more than 400 digits. */
export function addDecimals(a: string, b: string): string | undefined {
	const [one, other] = [scaled(a), scaled(b)];
	if (!one || !other) return undefined;
	const places = Math.max(one.places, other.places);
	const shifted = ({ value, places: own }: Scaled) => value * 10n ** BigInt(places - own);
	const sum = shifted(one) + shifted(other);
	const digits = String(sum < 0n ? -sum : sum).padStart(places + 1, '0');
	const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
	return `${sum < 0n ? '-' : ''}${digits.slice(0, digits.length - places)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** An integer and its number of decimals. */
interface Scaled {
	value: bigint;
	places: number;
}

function scaled(text: string): Scaled | undefined {
	const number = readDecimal(text);
	if (!number || number.digits.length > maxSumDigits) return undefined;
	const { sign, digits, point } = number;
	if (point > maxSumDigits || point < -maxSumDigits) return undefined;
	const places = Math.max(0, digits.length - Number(point));
	return { value: BigInt(sign) * BigInt(`0${digits.padEnd(Number(point), '0')}`), places };
}
