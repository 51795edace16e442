import { SaxesParser } from 'saxes';
import { fail } from '../../../base/failure';
import { sentence } from '../../../base/sentence';
import { createReader } from './reader';
import { type Element, namespaces } from './xml';

/**
 * Reads XML that the user has written: one well-formed element. Elements without a namespace of their own are in `ns`.
 * Throws `no-xml`, or `not-well-formed` with the exact place.
 */
export function readTyped(text: string, ns: string = namespaces.client): Element {
	if (text.trim() === '') throw fail('no-xml', 'There is no XML. Write one element, such as <presence/>.');
	const parser = new SaxesParser({ xmlns: true, position: true, additionalNamespaces: { '': ns } });
	const stop = (message: string) => {
		throw fail(
			'not-well-formed',
			sentence(`The XML is not well-formed at line ${parser.line}, column ${parser.column}: ${message}`),
		);
	};
	const forbidden = (what: string) => () => stop(`${what} may not be sent over XMPP (RFC 6120, section 11.1)`);
	parser.on('error', (error) => stop(error.message.replace(/^\d+:\d+: /, '')));
	parser.on('comment', forbidden('a comment'));
	parser.on('processinginstruction', forbidden('a processing instruction'));
	parser.on('doctype', forbidden('a document type'));
	parser.on('xmldecl', forbidden('an XML declaration'));
	parser.write(text).close();
	let found: Element | undefined;
	createReader({ level: 0, limit: Number.POSITIVE_INFINITY, ns, element: (element) => (found = element) }).write(text);
	if (!found) throw fail('no-xml', 'There is no element in the XML.');
	return found;
}
