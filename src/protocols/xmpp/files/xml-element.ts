/** Characters that no XML document can contain, not even escaped (XML 1.0, section 2.2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression searches for them.
const impossible = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/u;

/** Returns true if XML can contain the text. */
export const isXmlText = (text: string) => !impossible.test(text);

const reference = '&(?:amp|lt|gt|quot|apos|#\\d{1,7}|#x[\\da-fA-F]{1,6});';
const quoted = (mark: string) => `${mark}[^${mark}<&]*(?:${reference}[^${mark}<&]*)*${mark}`;
const attribute = `\\s+[^\\s"'<>/=&]+\\s*=\\s*(?:${quoted('"')}|${quoted("'")})`;
const tag = new RegExp(`<(?:/([^\\s"'<>/=&]+)\\s*|([^\\s"'<>/=&!?]+)(?:${attribute})*\\s*(/?))>`, 'y');
const content = new RegExp(`[^<&]+|${reference}|<!\\[CDATA\\[[\\s\\S]*?\\]\\]>`, 'y');

/**
 * Returns true if a text is a single element, surrounded by white space at most, so that it can be written into a stream
 * without closing the elements around it. XMPP forbids comments and processing instructions (RFC 6120, section 11.1).
 */
export function isOneElement(text: string): boolean {
	if (!isXmlText(text)) return false;
	const open: string[] = [];
	let at = 0;
	let elements = 0;
	while (at < text.length) {
		tag.lastIndex = at;
		content.lastIndex = at;
		const found = tag.exec(text);
		const [, end, start, empty] = found ?? [];
		if (start !== undefined) {
			if (open.length === 0) elements++;
			if (empty === '') open.push(start);
		} else if (end !== undefined) {
			if (open.pop() !== end) return false;
		} else {
			const inner = content.exec(text)?.[0];
			if (inner === undefined || (open.length === 0 && inner.trim() !== '')) return false;
			at += inner.length;
			continue;
		}
		at += found?.[0].length ?? 0;
	}
	return open.length === 0 && elements === 1;
}
