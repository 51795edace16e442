import { fail } from '../../../base/failure';
import { attribute, type Element, namespaces, xml } from '../wire/xml';

/** Counters wrap around at 2^32 (XEP-0198, section 4). */
const modulus = 2 ** 32;

/** Counts stanzas in both directions (stream management without resumption, XEP-0198). */
export interface Management {
	readonly on: boolean;
	/** Counts a stanza that was received, or handed to the wire. */
	received(): void;
	sent(): void;
	/** Calls `done` when the server has acknowledged everything sent so far. Returns a function that cancels. */
	acknowledged(done: () => void): () => void;
	/** Requests the count of the server. */
	ask(): void;
	/** Takes in an element of the namespace. Throws `protocol-violation` on an impossible count. */
	take(element: Element): void;
}

/** `early`: stanzas that `received` counts but the server does not, since they came before counting was enabled. */
export function createManagement(on: boolean, send: (text: string) => void, early = 0): Management {
	let received = -early;
	let sent = 0;
	let acknowledged = 0;
	let asked = false;
	let waiting: { at: number; done: () => void }[] = [];

	function ask(): void {
		asked = true;
		send(xml('r', { xmlns: namespaces.management }));
	}

	return {
		on,
		received() {
			received = (received + 1) % modulus;
		},
		sent() {
			sent++;
		},
		acknowledged(done) {
			const entry = { at: sent, done };
			waiting.push(entry);
			if (!asked) ask();
			return () => {
				waiting = waiting.filter((other) => other !== entry);
			};
		},
		ask,
		take(element) {
			if (element.name === 'r') return send(xml('a', { xmlns: namespaces.management, h: String(received) }));
			if (element.name !== 'a') return;
			const h = Number(attribute(element, 'h'));
			const more = (h - (acknowledged % modulus) + modulus) % modulus;
			if (!Number.isInteger(h) || h < 0 || acknowledged + more > sent)
				throw fail(
					'protocol-violation',
					'The server acknowledged more than was sent, so the connection was ended (XEP-0198, section 4).',
				);
			acknowledged += more;
			asked = false;
			const done = waiting.filter(({ at }) => at <= acknowledged);
			waiting = waiting.filter(({ at }) => at > acknowledged);
			for (const entry of done) entry.done();
			if (waiting.length > 0) ask();
		},
	};
}
