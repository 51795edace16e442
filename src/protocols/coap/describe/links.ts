/** A link of the CoRE link format (RFC 6690). Names of attributes are as they stand; a name may come more than once. */
export interface CoreLink {
	href: string;
	/** Value undefined: a flag, like obs. */
	attributes: [name: string, value: string | undefined][];
}

export interface CoreLinks {
	/** Of the list itself, before its first link: LwM2M's Bootstrap-Discover begins with `lwm2m="1.0",`. */
	attributes: CoreLink['attributes'];
	links: CoreLink[];
	/** Where reading ended, in characters. */
	end: number;
	/** Why the rest could not be read. */
	problem?: string;
}

const mostLinks = 10_000;
const href = /\s*<([^>]*)>/y;
// RFC 6690, 2: a token, or a quoted string in which a backslash takes the next character as it is.
const attribute = /\s*;\s*([^\s=;,"<>]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/sy;
/** One without a link before it, which always has a value. */
const ofList = /\s*([^\s=;,"<>]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))/sy;
const comma = /\s*,/y;

/** Reads as much as is well-formed. Never throws. */
export function readLinks(text: string): CoreLinks {
	const links: CoreLink[] = [];
	const attributes: CoreLink['attributes'] = [];
	let at = 0;
	const match = (pattern: RegExp) => {
		pattern.lastIndex = at;
		const found = pattern.exec(text);
		if (found) at = pattern.lastIndex;
		return found;
	};
	const read = (to: CoreLink['attributes'], pattern: RegExp) => {
		const found = match(pattern);
		if (found) to.push([found[1] ?? '', found[2] === undefined ? found[3] : found[2].replace(/\\(.)/gs, '$1')]);
		return found;
	};
	const result = (problem?: string): CoreLinks => ({ attributes, links, end: at, ...(problem && { problem }) });
	if (text.trim() === '') return result();
	for (;;) {
		const found = match(href);
		if (found) {
			const link: CoreLink = { href: found[1] ?? '', attributes: [] };
			while (read(link.attributes, attribute));
			links.push(link);
		} else if (links.length === 0 && read(attributes, ofList)) while (read(attributes, attribute));
		else return result(`At character ${at + 1} a link in angle brackets should stand.`);
		if (links.length + attributes.length >= mostLinks) return result(`Only the first ${mostLinks} links are shown.`);
		if (match(comma)) continue;
		if (text.slice(at).trim() === '') return result();
		return result(`At character ${at + 1} a comma or an attribute should stand.`);
	}
}

/** The first value of an attribute; undefined: it is not there. A flag has the empty text. */
export function attributeOf(link: CoreLink, name: string): string | undefined {
	const found = link.attributes.find(([one]) => one === name);
	return found && (found[1] ?? '');
}
