export interface Call {
	name: string;
	args: unknown[];
}

/** The same methods; each call is recorded first. */
export function recorded<T extends object>(api: T, calls: Call[]): T {
	return Object.fromEntries(
		Object.entries(api).map(([name, method]) => [
			name,
			(...args: unknown[]) => {
				calls.push({ name, args });
				return (method as (...args: unknown[]) => unknown)(...args);
			},
		]),
	) as T;
}
