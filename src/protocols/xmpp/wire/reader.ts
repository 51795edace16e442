import { SaxesParser } from 'saxes';
import { fail } from '../../../base/failure';
import { shortened } from '../../../model/text/text';
import { peerText } from '../../shared/peer-text';
import type { Element } from './xml';

/** Limits of one stanza. Real stanzas stay far below; more would only cost memory. */
const maxDepth = 128;
const maxAttributes = 128;
const maxElements = 50_000;

export interface ReaderOptions {
	/** Depth of the elements that are delivered: 1 inside a stream, 0 where each text is a document (RFC 7395). */
	level: 0 | 1;
	/** Maximum size of one delivered element with the space before it, in characters. */
	limit: number;
	/** Namespace of elements that name none. */
	ns?: string;
	/** Called when the stream's own element has begun. */
	root?(element: Element): void;
	/** Called for each element of the given level. `source` is its text exactly as it was received. */
	element(element: Element, source: string): void;
	/** Called when the stream's own element has ended. */
	end?(): void;
}

/** Reads XML as it arrives. Throws a FailureError, and must not be written to afterwards. */
export interface Reader {
	write(text: string): void;
	/** Characters received of an element that is not complete yet, including the space before it. */
	readonly begun: number;
}

interface Node extends Element {
	children: Element[];
	text: string;
}

type Attributes = Record<string, string>;

/** Shared by all elements without children. */
const noChildren: Element[] = [];
const notSpace = /[^ \t\r\n]/;

/**
 * Reads the elements of a stream (RFC 6120, section 4) from its text, cut anywhere. Refuses comments, processing
 * instructions, document types and custom entities (RFC 6120, section 11.1), and anything above the limits before it
 * takes up memory.
 */
export const createReader = (options: ReaderOptions): Reader => {
	const parser = new StanzaParser(options);
	return {
		write: (text) => parser.read(text),
		get begun() {
			return parser.begun;
		},
	};
};

/**
 * The state is kept in fields of the parser itself: V8 then reserves room for the handlers that `on` adds under computed
 * names. On a plain SaxesParser more than five handlers turn the object into a dictionary, which parses five times slower.
 */
class StanzaParser extends SaxesParser<{
	xmlns: true;
	position: boolean;
	additionalNamespaces: Record<string, string>;
}> {
	private readonly open: Node[] = [];
	/** Text since the end of the last delivered element, and its position in everything that was parsed. */
	private pending = '';
	private pendingAt = 0;
	private pendingIsSpace = true;
	/** Attributes of the tag that is being read. */
	private attributes: Attributes = noPrototype();
	private attributeCount = 0;
	private elementCount = 0;
	private readonly level: number;
	private readonly limit: number;

	constructor(private readonly options: ReaderOptions) {
		super({ xmlns: true, position: false, additionalNamespaces: { '': options.ns ?? '' } });
		this.level = options.level;
		this.limit = options.limit;
		this.on('error', (error) => {
			throw notWellFormed(error.message);
		});
		this.on('comment', restricted('a comment'));
		this.on('processinginstruction', restricted('a processing instruction'));
		this.on('doctype', restricted('a document type'));
		this.on('attribute', ({ name, value }) => {
			if (++this.attributeCount > maxAttributes) throw tooLarge(`more than ${maxAttributes} attributes in one element`);
			this.attributes[name] = value;
		});
		this.on('opentag', ({ local, uri }) => this.opened(local, uri));
		this.on('text', (text) => this.characters(text));
		this.on('cdata', (text) => this.characters(text));
		this.on('closetag', () => this.ended());
	}

	get begun(): number {
		return this.pending.length;
	}

	read(received: string): void {
		// Space between stanzas keeps a connection alive (RFC 6120, section 4.6.1). The parser would collect it without end.
		const text = this.isBetweenStanzas() ? received.replace(/^[ \t\r\n]+/, '') : received;
		if (text === '') return;
		this.pending = this.pending === '' ? text : this.pending + text;
		this.write(text);
		if (this.pending.length > this.limit) throw this.overLimit();
		// Tests only what was received now: testing all of `pending` would copy it with each piece of an endless tag.
		this.pendingIsSpace &&= !notSpace.test(text.slice(Math.max(0, text.length - this.pending.length)));
		if (this.pendingIsSpace) this.dropPending(this.pending.length);
	}

	private isBetweenStanzas(): boolean {
		return this.level === 1 && this.open.length === 1 && this.pending === '';
	}

	private opened(name: string, ns: string): void {
		const { open, level } = this;
		if (open.length >= maxDepth) throw tooLarge(`elements more than ${maxDepth} levels deep`);
		if (++this.elementCount > maxElements) throw tooLarge(`more than ${maxElements.toLocaleString('en')} elements`);
		const node: Node = { name, ns, attributes: this.attributes, children: noChildren, text: '' };
		this.attributes = noPrototype();
		this.attributeCount = 0;
		const parent = open[open.length - 1];
		if (parent && open.length > level) {
			if (parent.children === noChildren) parent.children = [node];
			else parent.children.push(node);
		}
		open.push(node);
		if (open.length !== level) return;
		this.dropPending(this.position - this.pendingAt);
		this.options.root?.(node);
	}

	private characters(text: string): void {
		const node = this.open[this.open.length - 1];
		if (node && this.open.length > this.level) node.text += text;
		else if (notSpace.test(text)) throw notWellFormed(`text between stanzas: ${shortened(text.trimStart(), 200)}`);
	}

	private ended(): void {
		const node = this.open.pop();
		if (this.open.length < this.level) this.options.end?.();
		if (this.open.length !== this.level || !node) return;
		const end = this.position - this.pendingAt;
		if (end > this.limit) throw this.overLimit();
		const source = this.pending.slice(this.pending.indexOf('<'), end);
		this.dropPending(end);
		this.elementCount = 0;
		this.options.element(node, source);
	}

	private dropPending(length: number): void {
		this.pending = this.pending.slice(length);
		this.pendingAt += length;
		this.pendingIsSpace = true;
	}

	private overLimit() {
		return tooLarge(`more than ${this.limit.toLocaleString('en')} characters`);
	}
}

/** Attribute names come from the peer, so that none may meet a member of a prototype. */
const noPrototype = (): Attributes => Object.create(null);

const notWellFormed = (evidence: string) =>
	fail('not-well-formed', 'The server sent XML that is not well-formed, so the connection was closed.', {
		evidence: peerText(evidence),
	});

const restricted = (what: string) => () => {
	throw fail('restricted-xml', `The server sent ${what}, which XMPP forbids (RFC 6120, section 11.1).`);
};

const tooLarge = (what: string) =>
	fail('message-too-large', `The server sent a stanza with ${what}, so the connection was closed.`);
