/** Checks a value that arrived over a port from an untrusted side. */
export type Check = (value: unknown) => boolean;

export const isString: Check = (value) => typeof value === 'string';
export const isBoolean: Check = (value) => typeof value === 'boolean';
/** A finite number. */
export const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
export const isIndex: Check = (value) => Number.isSafeInteger(value);
export const isBytes: Check = (value) => value instanceof Uint8Array;
export const isAny: Check = () => true;

export const oneOf =
	(...values: readonly unknown[]): Check =>
	(value) =>
		values.includes(value);

export const optional =
	(check: Check): Check =>
	(value) =>
		value === undefined || check(value);

export const textUpTo =
	(length: number): Check =>
	(value) =>
		typeof value === 'string' && value.length <= length;

export const listOf =
	(check: Check, most = 100_000): Check =>
	(value) =>
		Array.isArray(value) && value.length <= most && value.every(check);

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Checks the named members; other members are allowed, and the receiver must ignore them. */
export const shape =
	(members: Record<string, Check>): Check =>
	(value) =>
		isRecord(value) && Object.entries(members).every(([name, check]) => check(value[name]));
