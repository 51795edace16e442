import { unescapeXml } from '../wire/xml';
import { stanzaOf } from './stanza-meta';

const body = /<body(?:\s[^<>]*)?>([^<]*)/;
/** Attributes that are shown in columns, or that rarely differ. */
const attributes = /\s(?:xml:lang|xmlns|from|to|id)=(?:'[^']*'|"[^"]*")/g;

/** What a message says: its body. Errors repeat the body of a message that was sent. */
export const said = (start: string, flags: number): string | undefined => {
	const { kind, type } = stanzaOf(flags);
	const text = kind === 'message' && type !== 'error' ? body.exec(start)?.[1] : undefined;
	return text === undefined ? undefined : unescapeXml(text);
};

/** The text that a row of the log shows for a stanza: the body of a message, or the stanza without its addresses. */
export function preview(start: string): string {
	const text = start.startsWith('<message') ? body.exec(start)?.[1] : undefined;
	if (text !== undefined) return unescapeXml(text);
	const end = start.indexOf('>');
	return start.slice(0, end).replace(attributes, '') + start.slice(end);
}
