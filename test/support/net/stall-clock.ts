const every = 10;
let late = 0;
let last = performance.now();

setInterval(() => {
	const now = performance.now();
	late += Math.max(0, now - last - every);
	last = now;
}, every).unref();

/**
 * Milliseconds that this process has been kept from running so far, by a busy machine or by its own work. Between two
 * calls it is what a deadline may be missed by without anybody's fault.
 */
export function lateMs(): number {
	return late + Math.max(0, performance.now() - last - every);
}
