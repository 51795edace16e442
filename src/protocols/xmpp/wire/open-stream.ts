import { FailureError, fail } from '../../../base/failure';
import { flag } from '../../../model/contracts/message';
import type { Sink } from '../../adapter';
import type { Pipe } from '../../shared/pipe';
import { errorOf, refusedBy } from '../describe/conditions';
import { bareJid } from '../describe/jid';
import { filed } from '../messages/filing';
import type { Bound } from '../sign-in/negotiate';
import { createManagement, type Management } from '../sign-in/stream-management';
import { createIqs, type Iqs, newId } from './iqs';
import { readTyped } from './user-xml';
import { attribute, child, type Element, namespaces, xml } from './xml';

export interface Request {
	/** Undefined: the user's own account. */
	to?: string;
	type?: 'get' | 'set';
	/** XML of the one child. */
	content: string;
	/** Start of the sentence if it is refused: "The service did not list its nodes". */
	refused: string;
	/** For the tree or a question rather than for the log: logged only if the profile says so. */
	browsing?: true;
}

export interface Answer {
	element: Element;
	/** Line of the answer in the log; -1 if it is not logged. */
	seq: number;
}

/** A stream that is signed in, as the parts above it use it. */
export interface OpenStream {
	readonly full: string;
	readonly account: string;
	readonly domain: string;
	readonly sink: Sink;
	readonly iqs: Iqs;
	readonly management: Management;
	readonly pipe: Pipe;
	/** The text of a stanza as it is sent: over WebSocket a stanza names its namespace. */
	onWire(text: string, element: Element): string;
	/** As `onWire`, for stanzas of the workbench, which never name it. */
	onOwn(text: string): string;
	/** Sends a stanza that is in the log already. */
	post(text: string, done?: (error?: Error | null) => void): void;
	/** Sends a stanza of the workbench and logs it as sent. Returns its line. */
	say(text: string): number;
	/** Sends an IQ. Logs it and its answer, unless it is browsing. Rejects with the refusal, or when the stream ends. */
	ask(request: Request): Promise<Answer>;
}

export interface OpenStreamOptions {
	bound: Bound;
	framed: boolean;
	pipe: Pipe;
	sink: Sink;
	/** Logs the requests with which the workbench browses. */
	logBrowsing: boolean;
}

export function createOpenStream({ bound, framed, pipe, sink, logBrowsing }: OpenStreamOptions): OpenStream {
	const { full } = bound;
	const account = bareJid(full);
	const iqs = createIqs(full);
	const management = createManagement(bound.managed, (text) => pipe.write(text), bound.early);

	const onOwn = (text: string) => (framed ? text.replace(/^(\s*<[^\s/>]+)/, `$1 xmlns='${namespaces.client}'`) : text);
	const onWire = (text: string, element: Element) => (element.attributes.xmlns ? text : onOwn(text));

	function post(text: string, done?: (error?: Error | null) => void): void {
		management.sent();
		pipe.write(text, done);
	}

	function say(stanza: string): number {
		const element = readTyped(stanza);
		const text = onWire(stanza, element);
		const { target, flags, meta } = filed(element, 'to', account);
		const seq = sink.message({ target, payload: Buffer.from(text), flags: flags | flag.out, meta });
		post(text);
		return seq;
	}

	return {
		...{ full, account, sink, iqs, management, pipe, onWire, onOwn, post, say },
		domain: account.slice(account.indexOf('@') + 1),
		ask({ to, type = 'get', content, refused, browsing }) {
			const id = newId();
			const stanza = xml('iq', { type, to, id }, content);
			const quiet = browsing === true && !logBrowsing;
			return new Promise((resolve, reject) => {
				const seq = quiet ? undefined : say(stanza);
				iqs.expect(id, to, {
					...{ seq, quiet },
					answered(element, answer = -1) {
						if (attribute(element, 'type') === 'result') resolve({ element, seq: answer });
						else reject(new FailureError(refusedBy('refused-by-peer', refused, errorOf(child(element, 'error')))));
					},
					lost: () => reject(fail('link-lost', 'The connection ended before an answer arrived.')),
				});
				if (quiet) post(onOwn(stanza));
			});
		},
	};
}
