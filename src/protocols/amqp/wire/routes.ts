import { broken } from './framer';

const most = 10_000;

/** Exchange and routing key of a message, two short strings; remembered, since a flood has few of them. */
export function createRoutes() {
	const known = new Map<string, { exchange: string; key: string }>();
	return (bytes: Buffer, start: number, end: number): { exchange: string; key: string } => {
		const raw = bytes.toString('latin1', start, end);
		const found = known.get(raw);
		if (found) return found;
		const middle = start + 1 + (bytes[start] ?? 255);
		if (middle >= end || middle + 1 + (bytes[middle] ?? 255) !== end)
			throw broken('The server sent a message whose exchange and routing key cannot be read.');
		const route = { exchange: bytes.toString('utf8', start + 1, middle), key: bytes.toString('utf8', middle + 1, end) };
		if (known.size >= most) known.clear();
		known.set(raw, route);
		return route;
	};
}
