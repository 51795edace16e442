import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { fail } from '../../../base/failure';
import { shortened } from '../../../model/text/text';
import { peerText } from '../../shared/peer-text';
import { outermost, resolveName, scopeInside, unboundAttribute } from './namespaces';
import { type Node, noChildren, readQuickly } from './quick';
import type { Element } from './xml';

/** No stanza that anyone sends nests so deeply or has so many parts; more would only cost memory. */
const mostDepth = 128;
const mostAttributes = 128;
const mostElements = 50_000;

export interface ReaderOptions {
	/** Depth of the elements that are delivered: 1 inside of a stream, 0 where each text is a document (RFC 7395). */
	level: 0 | 1;
	/** Of one delivered element with the space before it, in characters. */
	limit: number;
	/** Namespace of what names none. */
	ns?: string;
	/** The stream's own element has begun. */
	root?(element: Element): void;
	/** Everything between its angle brackets as it came. */
	element(element: Element, source: string): void;
	/** The stream's own element has ended. */
	end?(): void;
}

/** Reads XML as it comes in. Throws a FailureError, and must not be written to afterwards. */
export interface Reader {
	write(text: string): void;
	/** What has come of an element that is to be delivered and is not whole, in characters; space before it counts. */
	readonly begun: number;
}

/** An unfinished stanza longer than this is not looked through again from its start with each chunk. */
const mostWaited = 16_384;

/**
 * Elements of a stream (RFC 6120, section 4) out of its text, cut anywhere. Comments, processing instructions, document
 * types and entities of one's own are refused (RFC 6120, section 11.1), and whatever is too large before it takes memory.
 */
export function createReader(options: ReaderOptions): Reader {
	const { level, limit } = options;
	// Its own handling of namespaces takes a third of its time; ours only looks where something is declared.
	const parser = new SaxesParser({ xmlns: false, position: false });
	makeRoom(parser);
	const stack: Node[] = [];
	/** What came since the end of the last delivered element, and where it begins in all that came. */
	let buffer = '';
	let begins = 0;
	/** Characters that the parser was given. */
	let fed = 0;
	/** The parser stands between two stanzas and has seen nothing of the buffer. */
	let idle = false;
	/** The buffer is nothing but space. */
	let blank = true;
	let attributes = 0;
	let elements = 0;
	const around = outermost(options.ns ?? '');
	/** Of the tag that is being read. */
	let declares = false;
	let prefixed = false;

	const broken = (evidence: string) =>
		fail('not-well-formed', 'The server sent XML that is not well-formed, so the connection was ended.', {
			evidence: peerText(evidence),
		});
	const restricted = (what: string) => () => {
		throw fail('restricted-xml', `The server sent ${what}, which XMPP forbids (RFC 6120, section 11.1).`);
	};
	const tooLarge = (what: string) =>
		fail('message-too-large', `The server sent a stanza with ${what}, so the connection was ended.`);

	function skip(): void {
		const end = parser.position - begins;
		buffer = buffer.slice(end);
		begins += end;
	}

	parser.on('error', (error) => {
		throw broken(error.message);
	});
	parser.on('comment', restricted('a comment'));
	parser.on('processinginstruction', restricted('a processing instruction'));
	parser.on('doctype', restricted('a document type'));
	parser.on('opentagstart', () => {
		attributes = 0;
		declares = false;
		prefixed = false;
	});
	parser.on('attribute', ({ name }) => {
		if (name.startsWith('xmlns')) declares = true;
		else if (name.includes(':')) prefixed = true;
		if (++attributes > mostAttributes) throw tooLarge(`more than ${mostAttributes} attributes in one element`);
	});
	parser.on('opentag', (tag: SaxesTagPlain) => {
		const parent = stack[stack.length - 1];
		const outside = parent ? parent.scope : around;
		const scope = declares ? scopeInside(outside, tag.attributes) : outside;
		if (!scope) throw broken('a namespace prefix is undefined');
		const node: Node = {
			name: tag.name,
			ns: scope.base,
			attributes: tag.attributes,
			children: noChildren,
			text: '',
			scope,
		};
		if (tag.name.includes(':')) {
			const found = resolveName(tag.name, scope);
			if (!found) throw broken(`unbound namespace prefix: ${tag.name}`);
			Object.assign(node, found);
		}
		const unbound = prefixed ? unboundAttribute(tag.attributes, scope) : undefined;
		if (unbound !== undefined) throw broken(`unbound namespace prefix: ${unbound}`);
		if (stack.length >= mostDepth) throw tooLarge(`elements more than ${mostDepth} levels deep`);
		if (++elements > mostElements) throw tooLarge(`more than ${mostElements.toLocaleString('en')} elements`);
		if (parent && stack.length > level) {
			if (parent.children === noChildren) parent.children = [node];
			else parent.children.push(node);
		}
		stack.push(node);
		if (stack.length !== level) return;
		skip();
		options.root?.(node);
	});
	const text = (more: string) => {
		const top = stack[stack.length - 1];
		if (top && stack.length > level) top.text += more;
		// Space between stanzas keeps a connection open (RFC 6120, section 4.6.1).
		else if (/[^ \t\r\n]/.test(more)) throw broken(`text between stanzas: ${shortened(more.trimStart(), 200)}`);
	};
	parser.on('text', text);
	parser.on('cdata', text);
	parser.on('closetag', () => {
		const node = stack.pop();
		if (stack.length < level) return options.end?.();
		if (stack.length !== level || !node) return;
		const source = buffer.slice(buffer.indexOf('<'), parser.position - begins);
		skip();
		elements = 0;
		options.element(node, source);
	});

	/** Simple stanzas out of the buffer. True: nothing is left that the parser must see now. */
	function quickly(root: Node): boolean {
		let at = 0;
		for (;;) {
			space.lastIndex = at;
			space.exec(buffer);
			const found = readQuickly(buffer, space.lastIndex, root.scope);
			if (typeof found === 'string') {
				const rest = buffer.length - space.lastIndex;
				if (rest === 0) at = buffer.length;
				buffer = buffer.slice(at);
				return rest === 0 || (found === 'more' && rest < mostWaited);
			}
			options.element(found.node, buffer.slice(space.lastIndex, found.end));
			at = found.end;
		}
	}

	/** Tag by tag, until the parser stands between two stanzas again or nothing is left. */
	function slowly(more: string): number {
		let at = 0;
		do {
			const next = more.indexOf('>', at) + 1 || more.length;
			fed += next - at;
			parser.write(more.slice(at, next));
			at = next;
		} while (at < more.length && !(level === 1 && stack.length === 1));
		return at;
	}

	return {
		get begun() {
			return buffer.length;
		},
		write(given) {
			let more = given;
			while (more !== '') {
				const [root] = stack;
				if (level === 1 && stack.length === 1 && root && idle) {
					buffer = buffer === '' ? more : buffer + more;
					if (quickly(root)) return;
					more = buffer;
					buffer = '';
					begins = fed;
					idle = false;
				}
				blank ||= buffer === '';
				buffer = buffer === '' ? more : buffer + more;
				const taken = slowly(more);
				// Looking through the buffer itself would put it together anew with each piece of an endless tag.
				blank &&= !/[^ \t\r\n]/.test(more.slice(0, taken));
				buffer = buffer.slice(0, buffer.length - (more.length - taken));
				more = more.slice(taken);
				if (buffer.length > limit) throw tooLarge(`more than ${limit.toLocaleString('en')} characters`);
				if (stack.length === level && (blank || buffer === '')) {
					begins += buffer.length;
					buffer = '';
					idle = true;
				}
			}
		},
	};
}

const space = /[ \t\r\n]*/y;

/**
 * The parser stores its handlers under computed names, and V8 turns an object that gets a dozen of those into a slow
 * one: five times slower to parse. Under names that are written out they cost nothing.
 */
function makeRoom(parser: object): void {
	const slots = parser as Record<`${string}Handler`, undefined>;
	slots.errorHandler = undefined;
	slots.commentHandler = undefined;
	slots.piHandler = undefined;
	slots.doctypeHandler = undefined;
	slots.openTagStartHandler = undefined;
	slots.attributeHandler = undefined;
	slots.openTagHandler = undefined;
	slots.textHandler = undefined;
	slots.cdataHandler = undefined;
	slots.closeTagHandler = undefined;
}
