import { fail } from '../../../base/failure';
import { attribute, type Element, namespaces, xml } from '../wire/xml';

/** Counters run to 2^32 and begin again (XEP-0198, section 4). */
const around = 2 ** 32;

/** Stream management without resumption (XEP-0198): who has got how many stanzas. */
export interface Management {
	readonly on: boolean;
	/** A stanza was received, or handed to the wire. */
	received(): void;
	sent(): void;
	/** Calls back once the server has got everything that was sent so far; returns what forgets it. */
	acknowledged(done: () => void): () => void;
	/** Asks the server for its count. */
	ask(): void;
	/** An element of the namespace. Throws on a count that cannot be. */
	take(element: Element): void;
}

export function createManagement(on: boolean, send: (text: string) => void): Management {
	let heard = 0;
	let given = 0;
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
			heard = (heard + 1) % around;
		},
		sent() {
			given++;
		},
		acknowledged(done) {
			const entry = { at: given, done };
			waiting.push(entry);
			if (!asked) ask();
			return () => {
				waiting = waiting.filter((one) => one !== entry);
			};
		},
		ask,
		take(element) {
			if (element.name === 'r') return send(xml('a', { xmlns: namespaces.management, h: String(heard) }));
			if (element.name !== 'a') return;
			const h = Number(attribute(element, 'h'));
			const more = (h - (acknowledged % around) + around) % around;
			if (!Number.isInteger(h) || h < 0 || acknowledged + more > given)
				throw fail(
					'protocol-violation',
					'The server acknowledged more than was sent, so the connection was ended (XEP-0198, section 4).',
				);
			acknowledged += more;
			asked = false;
			const done = waiting.filter(({ at }) => at <= acknowledged);
			waiting = waiting.filter(({ at }) => at > acknowledged);
			for (const one of done) one.done();
			if (waiting.length > 0) ask();
		},
	};
}
