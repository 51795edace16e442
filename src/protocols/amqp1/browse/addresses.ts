import type { BrowseNode, BrowsePage } from '../../../model/contracts/browse';
import type { Receiving } from '../messages/receiving';

/** Addresses that were used and are kept; older ones make room. */
const maxUsed = 500;
const note =
	'Only named or used addresses\nAMQP 1.0 cannot list the addresses of a server: these are named in the connection or were used.';

export interface Addresses {
	/** A message was sent to this address or received from it. */
	used(address: string): void;
	page(offset: number, count: number): BrowsePage;
	/** Known addresses that start with this text; at most `most`. */
	starting(start: string, most: number): string[];
}

/** `named`: by the profile. `changed` is called when there is a new one. */
export function createAddresses(named: readonly string[], receiving: Receiving, changed: () => void): Addresses {
	const known = new Set(named);

	function nodeOf(address: string): BrowseNode {
		const words = receiving.open().flatMap((one) => (one.address === address ? one.words : []));
		return {
			id: address,
			kind: 'address',
			name: address,
			...(words.length > 0 && { description: words.join(' · ') }),
			expandable: false,
			target: address,
			compose: { verb: 'send' },
		};
	}

	return {
		used(address) {
			if (known.has(address)) return;
			known.add(address);
			if (known.size > maxUsed + named.length)
				for (const oldest of known)
					if (!named.includes(oldest)) {
						known.delete(oldest);
						break;
					}
			changed();
		},
		page(offset, count) {
			const all = [...known].sort();
			return { total: all.length, nodes: all.slice(offset, offset + count).map(nodeOf), note };
		},
		starting: (start, most) => [...known].filter((one) => one.startsWith(start)).slice(0, most),
	};
}
