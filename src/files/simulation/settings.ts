import type { MessageFile, Section } from '../syntax/ast';
import { optionsOf, type RequestOptions } from '../syntax/metadata';
import { verbOf } from '../syntax/words';

/** A request that several clients send, or that is sent at a rate. */
export interface Simulation {
	/** Each with a connection of its own. */
	clients: number;
	/** Messages per second of all clients together; undefined: each client sends when its message before is done. */
	perSecond?: number;
	/** Messages of each client; undefined: until the end. */
	times?: number;
	/** Milliseconds from the first message; undefined: until the last message, or until it is stopped. */
	forMs?: number;
}

/** The simulation of a request; undefined for one that is sent in the usual way. */
export function simulationOf(file: MessageFile, section: Section, timeout: number): Simulation | undefined {
	const action = section.request && verbOf(section.request.verb.text)?.action;
	if (action === undefined || !sending.has(action)) return undefined;
	const options = optionsOf(file, section);
	const { clients, rate, every, loop } = options;
	if (clients === undefined && rate === undefined) return undefined;
	const perSecond = rate ?? (every === undefined ? undefined : ((clients ?? 1) * 1000) / every);
	const times = loop ?? (perSecond === undefined && options.for === undefined ? 1 : undefined);
	const forMs = options.for ?? (times === undefined ? endOf(options, action, timeout) : undefined);
	return {
		clients: clients ?? 1,
		...(perSecond !== undefined && { perSecond }),
		...(times !== undefined && { times }),
		...(forMs !== undefined && { forMs }),
	};
}

const sending = new Set<string>(['send', 'request', 'conversation', 'form']);

/** The end of a simulation without one of its own, as of a request that is repeated. `timeout` limits a reply. */
function endOf(options: RequestOptions, action: string, timeout: number): number | undefined {
	if (options.keepStreaming) return undefined;
	return (action === 'send' || action === 'form' ? options.timeout : undefined) ?? timeout;
}

/** Whether it runs until it is stopped, where its caller allows that. */
export function hasNoEnd(file: MessageFile, section: Section): boolean {
	return simulationOf(file, section, Number.POSITIVE_INFINITY)?.forMs === Number.POSITIVE_INFINITY;
}
