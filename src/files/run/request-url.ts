import { describe } from '../../protocols/descriptions';
import { hasVariable, type Request, type Token } from '../syntax/ast';
import { type VerbWord, verbOf } from '../syntax/words';
import { headerOf } from '../values/sending-verb';

/**
 * The parts of a target that is a whole URL, as in "GET coap://host/path", where the verb belongs to one protocol.
 * Undefined: it is a target of the request's connection.
 */
export function splitUrl({ action, protocols }: VerbWord, target: string): { url: string; target: string } | undefined {
	const [protocol] = protocols ?? [];
	if (action !== 'request' || protocol === undefined) return undefined;
	const [, scheme, authority = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([\s\S]*)$/i.exec(target) ?? [];
	if (scheme === undefined || !describe(protocol)?.schemes.some((one) => one.scheme === scheme.toLowerCase()))
		return undefined;
	return { url: `${scheme}://${authority}`, target: rest === '' ? '/' : rest };
}

/** Whether the file itself writes a URL there: what is quoted, or comes out of a variable, never chooses the connection. */
export const isUrl = (word: VerbWord, target: Token): boolean =>
	target.literal === undefined && splitUrl(word, target.text) !== undefined;

/** The same of a request as it is written: a header that names the connection or the host counts more. */
export function urlOf(request: Request): { url: string; target: string } | undefined {
	const word = verbOf(request.verb.text);
	if (!word || hasVariable(request.target) || !isUrl(word, request.target)) return undefined;
	if (headerOf(request, 'connection') !== undefined || headerOf(request, 'host') !== undefined) return undefined;
	return splitUrl(word, request.target.text);
}
