import { broken } from './frames';

/** Exchange and routing key of a message. */
export interface Route {
	readonly exchange: string;
	readonly key: string;
	/** Of the messages in the log, once it has been needed. */
	target?: string;
}

/** Reads two short strings, exchange and routing key, which are `bytes` from `start` to `end`. */
export type Routes = (bytes: Uint8Array, start: number, end: number) => Route;

/** Routes that are cached; all are dropped when there are more. */
const maxRoutes = 8192;
const slotCount = 4 * maxRoutes;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Caches routes by their bytes, since a flood has few different ones. */
export function createRoutes(): Routes {
	/** Index of a route + 1 by hash of its bytes, the next free slot where that is taken; 0 is free. */
	const slots = new Uint16Array(slotCount);
	const routes: Route[] = [];
	/** The bytes of all routes one after another, and where each ends. */
	let cached = new Uint8Array(4096);
	const ends = new Uint32Array(maxRoutes + 1);

	function isAt(index: number, bytes: Uint8Array, start: number, length: number): boolean {
		const own = ends[index] as number;
		if ((ends[index + 1] as number) - own !== length) return false;
		let at = 0;
		while (at < length && cached[own + at] === bytes[start + at]) at++;
		return at === length;
	}

	function add(slot: number, route: Route, bytes: Uint8Array): void {
		const own = ends[routes.length] as number;
		const end = own + bytes.length;
		if (end > cached.length) {
			const larger = new Uint8Array(2 * end);
			larger.set(cached);
			cached = larger;
		}
		cached.set(bytes, own);
		slots[slot] = routes.push(route);
		ends[routes.length] = end;
	}

	return (bytes, start, end) => {
		let hash = end - start;
		for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
		let slot = (hash ^ (hash >>> 15)) & (slotCount - 1);
		for (let index = slots[slot] as number; index > 0; index = slots[slot] as number) {
			if (isAt(index - 1, bytes, start, end - start)) return routes[index - 1] as Route;
			slot = (slot + 1) & (slotCount - 1);
		}
		const route = routeOf(bytes, start, end);
		if (routes.length === maxRoutes) {
			slots.fill(0);
			routes.length = 0;
		}
		add(slot, route, bytes.subarray(start, end));
		return route;
	};
}

function routeOf(bytes: Uint8Array, start: number, end: number): Route {
	const middle = start + 1 + (bytes[start] ?? 255);
	if (middle >= end || middle + 1 + (bytes[middle] ?? 255) !== end)
		throw broken('The server sent a message whose exchange and routing key cannot be read.');
	return {
		exchange: utf8.decode(bytes.subarray(start + 1, middle)),
		key: utf8.decode(bytes.subarray(middle + 1, end)),
		target: undefined,
	};
}
