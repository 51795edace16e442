import { FailureError, fail } from '../../../base/failure';
import { flag } from '../../../model/contracts/message';
import type { Sink } from '../../adapter';
import { errorOf, refusedBy } from '../describe/conditions';
import { bareJid } from '../describe/jid';
import { filed } from '../messages/filing';
import type { Bound } from '../sign-in/negotiate';
import { createManagement, type Management } from '../sign-in/stream-management';
import { createIqs, type Iqs, newId } from './iqs';
import type { Pipe } from './pipe';
import { readTyped } from './user-xml';
import { attribute, child, type Element, namespaces, xml } from './xml';

export interface Request {
	/** Undefined: our own account. */
	to?: string;
	type?: 'get' | 'set';
	/** XML of the one child. */
	content: string;
	/** The start of a sentence, should it be refused: "The service did not tell its nodes". */
	what: string;
}

export interface Answer {
	element: Element;
	/** Its line in the log. */
	seq: number;
}

/** An open stream as everything above it uses it. */
export interface Line {
	readonly full: string;
	readonly account: string;
	readonly domain: string;
	readonly sink: Sink;
	readonly iqs: Iqs;
	readonly management: Management;
	readonly pipe: Pipe;
	/** As it goes over the wire: over WebSocket a stanza names its namespace. */
	onWire(text: string, element: Element): string;
	/** The same for a stanza of our own making, which never names it. */
	onOwn(text: string): string;
	/** Sends a stanza that is in the log already. */
	post(text: string, done?: () => void): void;
	/** Sends a stanza of the workbench's own and logs it as sent. Returns its line. */
	say(text: string): number;
	/** Asks, and logs question and answer. Rejects with the refusal, or when the stream is over. */
	ask(request: Request): Promise<Answer>;
}

export interface LineOptions {
	bound: Bound;
	framed: boolean;
	pipe: Pipe;
	sink: Sink;
}

export function createLine({ bound, framed, pipe, sink }: LineOptions): Line {
	const { full } = bound;
	const account = bareJid(full);
	const iqs = createIqs(full);
	const management = createManagement(bound.managed, (text) => pipe.write(text));

	const onOwn = (text: string) => (framed ? text.replace(/^(\s*<[^\s/>]+)/, `$1 xmlns='${namespaces.client}'`) : text);
	const onWire = (text: string, element: Element) => (element.attributes.xmlns ? text : onOwn(text));

	function post(text: string, done?: () => void): void {
		management.sent();
		pipe.write(text, done);
	}

	function say(given: string): number {
		const element = readTyped(given);
		const text = onWire(given, element);
		const { target, flags, meta } = filed(element, 'to', account);
		const seq = sink.message({ target, payload: Buffer.from(text), flags: flags | flag.out, meta });
		post(text);
		return seq;
	}

	return {
		...{ full, account, sink, iqs, management, pipe, onWire, onOwn, post, say },
		domain: account.slice(account.indexOf('@') + 1),
		ask({ to, type = 'get', content, what }) {
			const id = newId();
			return new Promise((resolve, reject) => {
				const seq = say(xml('iq', { type, to, id }, content));
				iqs.expect(id, to, {
					seq,
					answered(element, answer = -1) {
						if (attribute(element, 'type') === 'result') resolve({ element, seq: answer });
						else reject(new FailureError(refusedBy('refused-by-peer', what, errorOf(child(element, 'error')))));
					},
					lost: () => reject(fail('link-lost', 'The connection ended before an answer came.')),
				});
			});
		},
	};
}
