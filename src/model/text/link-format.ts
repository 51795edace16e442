/** A link of the CoRE link format (RFC 6690). Attribute names keep their spelling; a name may occur more than once. */
export interface CoreLink {
	href: string;
	/** A flag, such as `obs`, has no value. */
	attributes: [name: string, value: string | undefined][];
}

export interface CoreLinks {
	/** Attributes of the list itself, in front of the first link: LwM2M Bootstrap-Discover starts with `lwm2m="1.0",`. */
	attributes: CoreLink['attributes'];
	links: CoreLink[];
	/** The offset at which reading ended, in UTF-16 units. */
	end: number;
	/** The reason why the rest cannot be read. */
	problem?: string;
}

const maxLinks = 10_000;
const href = /\s*<([^>]*)>/y;
// RFC 6690, section 2: a token, or a quoted string in which a backslash escapes the next character.
const attribute = /\s*;\s*([^\s=;,"<>]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/sy;
/** An attribute of the list itself, which always has a value. */
const ofList = /\s*([^\s=;,"<>]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))/sy;
const comma = /\s*,/y;

/** Reads the well-formed start of a text. Never throws. */
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
		else return result(`At character ${at + 1} a link in angle brackets is expected.`);
		if (links.length + attributes.length >= maxLinks) return result(`Only the first ${maxLinks} links are shown.`);
		if (match(comma)) continue;
		if (text.slice(at).trim() === '') return result();
		return result(`At character ${at + 1} a comma or an attribute is expected.`);
	}
}

/** The first value of an attribute; undefined if it is missing. The value of a flag is the empty string. */
export function attributeOf(link: CoreLink, name: string): string | undefined {
	const found = link.attributes.find(([one]) => one === name);
	return found && (found[1] ?? '');
}
