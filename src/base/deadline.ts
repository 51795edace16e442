/** Settles like `promise`, or rejects with what `late` makes after `ms` milliseconds. The promise itself goes on. */
export function withDeadline<T>(promise: Promise<T>, ms: number, late: () => unknown): Promise<T> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(late()), ms);
		promise.then(resolve, reject).finally(() => clearTimeout(timer));
	});
}
