import type { Property } from '../../../model/contracts/session';
import { peerText } from '../../shared/peer-text';
import { valueText } from '../describe/values/value-text';
import type { Value } from './codec/values';
import { broken } from './frames';
import { numberIn, symbolsIn, textIn } from './performatives';

/** What the server says about itself when it opens the connection (AMQP 1.0, part 2, section 2.7.1). */
export interface Server {
	containerId: string;
	product: string;
	version: string;
	maxFrame: number;
	channelMax: number;
	/** Milliseconds; undefined: it does not watch for silence. */
	idleTimeout: number | undefined;
	capabilities: string[];
	properties: [string, string][];
}

/** The smallest largest frame that a peer may announce. */
const minFrame = 512;
/** Idle timeouts that heartbeats are sent for, in milliseconds: a timer has 31 bits, and a heartbeat is sent twice in the time. */
const [minIdle, maxIdle] = [200, 2 ** 31 - 1];

/**
 * The fields of the open that rhea acts on, in their types and within what it can do: for other idle timeouts it would send
 * heartbeats in each turn, and cut messages for a smaller frame without end.
 */
export const termsForLibrary = ({ idleTimeout, maxFrame, channelMax }: Server) => ({
	idle_time_out: idleTimeout === undefined ? 0 : Math.min(maxIdle, Math.max(minIdle, idleTimeout)),
	max_frame_size: maxFrame,
	channel_max: channelMax,
});

/** Throws a FailureError for an open that no connection can have. */
export function serverOf(fields: readonly Value[]): Server {
	const [containerId, , maxFrame, channelMax, idle, , , offered, , properties] = fields;
	const frame = numberIn(maxFrame) ?? 0xffff_ffff;
	if (frame < minFrame)
		throw broken(`The server accepts frames of at most ${frame} bytes; AMQP 1.0 requires ${minFrame}.`);
	const pairs = properties?.type === 'map' ? properties.value.slice(0, 50) : [];
	const known = (name: string) => {
		const value = pairs.find(([key]) => textIn(key) === name)?.[1];
		return peerText(textIn(value) ?? '', { most: 60 });
	};
	return {
		containerId: peerText(textIn(containerId) ?? '', { most: 100 }),
		product: known('product'),
		version: known('version'),
		maxFrame: frame,
		channelMax: numberIn(channelMax) ?? 65_535,
		idleTimeout: numberIn(idle) || undefined,
		capabilities: symbolsIn(offered)
			.slice(0, 50)
			.map((one) => peerText(one, { most: 60 })),
		properties: pairs.map(([key, value]) => [
			peerText(textIn(key) ?? valueText(key), { most: 60 }),
			peerText(textIn(value) ?? valueText(value), { most: 200 }),
		]),
	};
}

export function serverFacts(server: Server, hostname: string): Property[] {
	const list: Property[] = [];
	const add = (label: string, value: string) => {
		if (value !== '') list.push({ label, value });
	};
	add('Server', `${server.product} ${server.version}`.trim());
	add('Container', server.containerId);
	add('Host name', peerText(hostname, { most: 100 }));
	add('Capabilities', server.capabilities.join(', '));
	add('Largest frame', `${server.maxFrame.toLocaleString('en')} bytes`);
	add('Sessions', `at most ${(server.channelMax + 1).toLocaleString('en')}`);
	add('Idle timeout of the server', server.idleTimeout === undefined ? 'none' : `${server.idleTimeout} ms`);
	for (const [label, value] of server.properties)
		if (label !== 'product' && label !== 'version') list.push({ label, value, group: 'Properties of the server' });
	return list;
}
