/** A link of the CoRE link format (RFC 6690). Names of attributes are as they stand; a name may come more than once. */
export interface CoreLink {
	href: string;
	/** Value undefined: a flag, like obs. */
	attributes: [name: string, value: string | undefined][];
}

/** `problem`: why the rest could not be read. */
export interface CoreLinks {
	links: CoreLink[];
	problem?: string;
}

const mostLinks = 10_000;
const href = /\s*<([^>]*)>/y;
// RFC 6690, 2: a token, or a quoted string in which a backslash takes the next character as it is.
const attribute = /\s*;\s*([^\s=;,"<>]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/sy;
const comma = /\s*,/y;

/** Reads as much as is well-formed. Never throws. */
export function readLinks(text: string): CoreLinks {
	const links: CoreLink[] = [];
	let at = 0;
	const match = (pattern: RegExp) => {
		pattern.lastIndex = at;
		const found = pattern.exec(text);
		if (found) at = pattern.lastIndex;
		return found;
	};
	if (text.trim() === '') return { links };
	for (;;) {
		const found = match(href);
		if (!found) return { links, problem: `At character ${at + 1} a link in angle brackets should stand.` };
		const link: CoreLink = { href: found[1] ?? '', attributes: [] };
		for (let one = match(attribute); one; one = match(attribute)) {
			const value = one[2] === undefined ? one[3] : one[2].replace(/\\(.)/gs, '$1');
			link.attributes.push([one[1] ?? '', value]);
		}
		links.push(link);
		if (links.length === mostLinks) return { links, problem: `Only the first ${mostLinks} links are shown.` };
		if (match(comma)) continue;
		if (text.slice(at).trim() === '') return { links };
		return { links, problem: `At character ${at + 1} a comma or an attribute should stand.` };
	}
}

/** The first value of an attribute; undefined: it is not there. A flag has the empty text. */
export function attributeOf(link: CoreLink, name: string): string | undefined {
	const found = link.attributes.find(([one]) => one === name);
	return found && (found[1] ?? '');
}
