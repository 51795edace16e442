import { fail } from '../../../base/failure';
import type { Draft, Receipt } from '../../../model/contracts/message';
import type { Prepared, Sending } from '../../adapter';
import { errorOf, evidenceOf, inWords } from '../describe/conditions';
import { splitNode } from '../describe/jid';
import type { Pending } from '../wire/iqs';
import type { OpenStream } from '../wire/open-stream';
import { readTyped } from '../wire/user-xml';
import { attribute, child, type Element, namespaces } from '../wire/xml';
import { compose } from './compose';
import { filed } from './filing';

/** Bytes that may wait for a server that does not read, before more is refused. */
const maxWaiting = 32 * 1024 * 1024;
/** Messages whose later errors and receipts are still recognized. */
const maxRemembered = 1000;

export interface PreparedStanza extends Prepared {
	text: string;
	id?: string;
	to?: string;
	/** It is a request, so that an answer is expected. */
	asks: boolean;
}

export interface Sends {
	/** Throws what is wrong with the draft: as `compose`, or `not-reading`. */
	prepare(draft: Draft): PreparedStanza;
	send(prepared: PreparedStanza, sending?: Sending): Promise<Receipt>;
	/** The line of the sent stanza to which an error, or a receipt (XEP-0184), belongs. */
	about(element: Element): number | undefined;
	/** The link has ended: settles everything that is open as `unknown`. */
	stop(): void;
}

export function createSends(stream: OpenStream): Sends {
	const open = new Set<() => void>();
	const remembered = new Map<string, { seq: number; refused(error: Element): void }>();

	function prepare(draft: Draft): PreparedStanza {
		const { waiting } = stream.pipe;
		if (waiting > 0 && waiting + draft.payload.length > maxWaiting)
			throw fail('not-reading', `The server is not reading: ${waiting.toLocaleString('en')} bytes are waiting.`, {
				remedy: { text: 'Wait, or send less.' },
			});
		const composed = compose(draft);
		const element = readTyped(composed);
		const { flags, meta, ...filing } = filed(element, 'to', stream.account);
		const { service, node } = splitNode(draft.target);
		const target = draft.verb === 'publish' ? `${service}/${node}` : filing.target;
		const type = attribute(element, 'type');
		const id = attribute(element, 'id');
		const asks = element.name === 'iq' && id !== undefined && (type === 'get' || type === 'set');
		const text = stream.onWire(composed, element);
		const logged = { target, payload: Buffer.from(text) };
		return { flags, meta, logged, text, id, to: attribute(element, 'to'), asks };
	}

	function remember(id: string | undefined, seq: number, refused: (error: Element) => void): void {
		if (id === undefined) return;
		remembered.delete(id);
		remembered.set(id, { seq, refused });
		for (const oldest of remembered.keys()) {
			if (remembered.size <= maxRemembered) break;
			remembered.delete(oldest);
		}
	}

	return {
		prepare,
		send({ text, id, to, asks }, sending) {
			return new Promise((resolve) => {
				const start = performance.now();
				const ms = () => Math.round((performance.now() - start) * 10) / 10;
				let end = () => {};
				const settle = (receipt: Omit<Receipt, 'ms'>) => {
					open.delete(lost);
					end();
					resolve({ ms: ms(), ...receipt });
				};
				const lost = () =>
					settle({
						proof: 'unknown',
						text: 'The connection ended before an answer. The stanza may or may not have arrived.',
					});
				const refused = (element: Element) => {
					const error = errorOf(child(element, 'error'));
					settle({
						proof: 'refused',
						text: `refused after ${ms()} ms: ${inWords(error.condition)}`,
						evidence: evidenceOf(error),
					});
				};
				open.add(lost);
				if (asks && id !== undefined) {
					const pending: Pending = {
						seq: sending?.seq,
						answered(element) {
							if (attribute(element, 'type') === 'error') refused(element);
							else settle({ proof: 'answered', text: `answered in ${ms()} ms` });
						},
						lost,
					};
					stream.iqs.expect(id, to, pending);
					const stop = () => {
						stream.iqs.forget(id, pending);
						settle({ proof: 'unknown', text: 'Stopped waiting for the answer.' });
					};
					sending?.signal.addEventListener('abort', stop, { once: true });
					stream.post(text);
					return;
				}
				if (sending) remember(id, sending.seq, refused);
				if (stream.management.on) {
					stream.post(text);
					end = stream.management.acknowledged(() =>
						settle({
							proof: 'acknowledged',
							text: `acknowledged by the server in ${ms()} ms (XEP-0198); not proof of delivery`,
						}),
					);
				} else
					stream.post(text, () =>
						settle({
							proof: 'handed-over',
							text: `handed to the network in ${ms()} ms; XMPP itself has no acknowledgement`,
						}),
					);
			});
		},
		about(element) {
			const isError = attribute(element, 'type') === 'error';
			const receipt = child(element, 'received', namespaces.receipts);
			const id = isError ? attribute(element, 'id') : receipt && attribute(receipt, 'id');
			const found = id === undefined ? undefined : remembered.get(id);
			if (found && isError) found.refused(element);
			return found?.seq;
		},
		stop() {
			for (const lost of [...open]) lost();
		},
	};
}
