/** A number as JSON writes it, and also `+1`, `1.` and `.5`. Linear in the length of the text. */
const decimal = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/;

/** Sign × 0.digits × 10^point. */
interface Decimal {
	sign: -1 | 0 | 1;
	/** Without zeros at the start and at the end. */
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
 * Negative, zero or positive as `a` is less than, equal to or greater than `b`, by their digits and exponents: nothing is
 * rounded, and an exponent of any size costs no more than its own length. Undefined where one of them is not a number.
 */
export function compareDecimals(a: string, b: string): number | undefined {
	const one = readDecimal(a);
	const other = readDecimal(b);
	if (!one || !other) return undefined;
	if (one.sign !== other.sign || one.sign === 0) return one.sign - other.sign;
	if (one.point !== other.point) return one.point < other.point ? -one.sign : one.sign;
	// As fractions, digits have the order of texts.
	return one.digits === other.digits ? 0 : one.digits < other.digits ? -one.sign : one.sign;
}

export const isDecimal = (text: string): boolean => decimal.test(text);

/** Whether the number can be kept as a double without another value in its shortest form: 0.1 can, 2^53 + 1 cannot. */
export const fitsDouble = (source: string): boolean => compareDecimals(source, String(Number(source))) === 0;
