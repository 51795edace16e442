/**
 * Settles like `promise`, or rejects with the result of `late` after `ms` milliseconds. The promise itself is not
 * cancelled.
 */
export function withDeadline<T>(promise: Promise<T>, ms: number, late: () => unknown): Promise<T> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(late()), ms);
		promise.then(resolve, reject).finally(() => clearTimeout(timer));
	});
}
