import { createHash } from 'node:crypto';
import type { Delivery } from 'rhea';
import { fail } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import { keepsBrowsed } from '../describe/browsing';
import { eachSection, sectionCode } from '../wire/codec/sections';
import { Malformed } from '../wire/codec/values';
import type { Server } from '../wire/server';

/**
 * What becomes of browsed messages: the server is known to keep them, or the user trusts its promise, or it has made a queue
 * for this link, from which no other client receives.
 */
export type Keeping = 'known' | 'promised' | 'private';

/** Decides, before any message is sent, whether the server keeps what it sends. `mode`: in its reply. Throws otherwise. */
export function keepingOf(server: Server, address: string, mode: string | undefined, trusts: boolean): Keeping {
	const isRabbit = /rabbitmq/i.test(server.product);
	if (isRabbit && /^\/?(exchange|topic|exchanges)\//.test(address)) return 'private';
	const remedy =
		'Use "Receive and Release", which takes messages and puts them back, or "Receive and Settle", where you decide about each.';
	if (mode !== 'copy')
		throw fail(
			'no-browsing',
			`The server does not offer copies of the messages in "${peerText(address)}", so nothing was read.`,
			{
				evidence: `distribution mode in the reply: ${mode === undefined ? 'none' : peerText(mode, { most: 40 })}`,
				remedy: { text: remedy },
			},
		);
	if (!isRabbit && keepsBrowsed(server)) return 'known';
	if (!isRabbit && trusts) return 'promised';
	const product = `${server.product} ${server.version}`.trim() || 'The server';
	throw fail(
		'no-browsing',
		isRabbit
			? `${peerText(product)} offers copies, but holds the messages until the connection closes, so nothing was read.`
			: 'The server offers copies, but it is not known whether it keeps the messages, so nothing was read.',
		{
			evidence: `product: ${server.product || 'not named'}, container: ${server.containerId}`,
			remedy: { text: isRabbit ? remedy : `${remedy} Or allow "Browse with any product" in the connection.` },
		},
	);
}

/** Messages that wait without an outcome: a server that does not keep its promise cannot deliver these again. */
export const maxHeld = 1000;
/** Released ones that are recognized when they come again. */
const maxReleased = 50_000;

/** Messages of a server that promises copies but is not known to keep them. */
export interface Copies {
	/** All that were added. */
	readonly count: number;
	/** Returns false for a message that was released before: it comes again. */
	add(delivery: Delivery, bytes: Uint8Array): boolean;
}

export function createCopies(): Copies {
	const held: { delivery: Delivery; print: string }[] = [];
	const released = new Set<string>();
	let count = 0;
	return {
		get count() {
			return count;
		},
		add(delivery, bytes) {
			const print = fingerprint(bytes);
			if (released.has(print)) return false;
			count++;
			held.push({ delivery, print });
			if (held.length <= maxHeld) return true;
			const [oldest] = held.splice(0, 1);
			oldest?.delivery.release();
			if (oldest) released.add(oldest.print);
			const [first] = released;
			if (first !== undefined && released.size > maxReleased) released.delete(first);
			return true;
		},
	};
}

/** Of all that does not change when a message is delivered again: its header counts that. */
function fingerprint(bytes: Uint8Array): string {
	let from = 0;
	try {
		eachSection(bytes, 0, bytes.length, (code, _, __, next) => {
			if (code === sectionCode.header || code === sectionCode.deliveryAnnotations) from = next;
		});
	} catch (error) {
		if (!(error instanceof Malformed)) throw error;
	}
	return createHash('sha1').update(bytes.subarray(from)).digest('base64');
}
