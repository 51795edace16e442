import { unescapeXml } from '../wire/xml';

const body = /<body(?:\s[^<>]*)?>([^<]*)/;
/** Shown beside it: the address, and what hardly ever tells stanzas apart. */
const attributes = /\s(?:xml:lang|xmlns|from|to|id)=(?:'[^']*'|"[^"]*")/g;

/** What a line of the log shows of a stanza, whose start is given: what a message says, or the stanza without its addresses. */
export function preview(start: string): string {
	const said = start.startsWith('<message') ? body.exec(start)?.[1] : undefined;
	if (said !== undefined) return unescapeXml(said);
	const end = start.indexOf('>');
	return start.slice(0, end).replace(attributes, '') + start.slice(end);
}
