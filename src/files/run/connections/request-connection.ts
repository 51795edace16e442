import type { ProtocolDescription } from '../../../protocols/description';
import { describe, descriptions } from '../../../protocols/descriptions';
import type { WordUrl } from '../../../protocols/message-files';
import { hasVariable, literalOf, type MessageFile, type Request, type Section, type Token } from '../../syntax/ast';
import { optionOf } from '../../syntax/metadata';
import { type VerbWord, verbOf } from '../../syntax/words';
import { type Scope, textOf } from '../../values/variables';
import type { ConnectionSpec } from '../connection';

/**
 * The connection that a request names, as the file writes it: variables are not replaced. `from` is the place in the file.
 * A URL counts only where the file itself writes it. Quoted text and the value of a variable never choose the connection.
 */
export type RequestConnection =
	/** The target is the URL of a connection that opens and ends with this request. */
	| { kind: 'own'; url: string; from: Token }
	/** A saved connection, by its name or id. */
	| { kind: 'named'; name: string; from: Token }
	/** The URL in the header "Host". */
	| { kind: 'host'; url: string; from: Token }
	/** A target that is a whole URL, as in "GET coap://host/path". `target` is the rest of it. */
	| { kind: 'url'; url: string; target: string; from: Token }
	/** The connection that the user has chosen for the file. */
	| { kind: 'none' };

/** The connection of a request; `none` for a section without a request or with an unknown verb. */
export function connectionOf(file: MessageFile, section: Section): RequestConnection {
	const { request } = section;
	const word = request && verbOf(request.verb.text);
	if (!word) return { kind: 'none' };
	const { target } = request;
	if (word.url && (word.url.required || literalOf(target) !== '')) {
		const url = hasVariable(target) ? target.text : withScheme(word.url, literalOf(target));
		return { kind: 'own', url, from: target };
	}
	const connection = option(request, 'connection');
	if (connection && literalOf(connection) !== '')
		return { kind: 'named', name: literalOf(connection), from: connection };
	const host = word.url ? undefined : option(request, 'host');
	if (host && literalOf(host) !== '') return { kind: 'host', url: literalOf(host), from: host };
	// An empty header leaves the connection to the user.
	if (connection || host) return { kind: 'none' };
	const split = target.literal === undefined ? splitUrl(word, target.text) : undefined;
	if (split) return { kind: 'url', ...split, from: target };
	const name = optionOf(file, section, 'connection')?.value;
	return name && literalOf(name) !== '' ? { kind: 'named', name: literalOf(name), from: name } : { kind: 'none' };
}

/** The same with its variables replaced. Throws as `textOf` does. */
export function replaceConnection(connection: RequestConnection, word: VerbWord, scope: Scope): RequestConnection {
	if (connection.kind === 'none') return connection;
	const text = textOf(connection.from, scope);
	switch (connection.kind) {
		case 'own':
			return { ...connection, url: word.url ? withScheme(word.url, text) : text };
		case 'named':
			return text === '' ? { kind: 'none' } : { ...connection, name: text };
		case 'host':
			return { ...connection, url: text };
		case 'url':
			return { ...connection, ...splitUrl(word, text) };
	}
}

/** The protocol that a request speaks, as far as the text tells; by its verb, where no connection does. */
export function descriptionOf(
	file: MessageFile,
	section: Section,
	describeSpec: (spec: ConnectionSpec) => ProtocolDescription | undefined,
): ProtocolDescription | undefined {
	const word = section.request && verbOf(section.request.verb.text);
	if (!word) return undefined;
	const connection = connectionOf(file, section);
	const decidedByVerb = word.protocols !== undefined && word.action !== 'request';
	const spec = specOf(decidedByVerb ? { kind: 'none' } : connection, word);
	// Without a connection in the file: the one that the user has chosen, otherwise the protocol that forms offer first.
	return describeSpec(spec) ?? (connection.kind === 'none' && !decidedByVerb ? descriptions[0] : undefined);
}

/** The connection to open, before the request's headers add values and secrets. */
export function specOf(connection: RequestConnection, word: VerbWord): ConnectionSpec {
	return {
		values: {},
		secrets: {},
		own: word.action === 'conversation' || connection.kind === 'own',
		...(word.protocols?.length === 1 && { protocol: word.protocols[0] }),
		...(connection.kind === 'named' && { profile: connection.name }),
		...('url' in connection && { url: connection.url }),
	};
}

/** The value of a header that is an option of the request. `name` is in lowercase. */
const option = ({ headers }: Request, name: string): Token | undefined =>
	headers.findLast((header) => header.name.text.toLowerCase() === name)?.value;

/** The URL as the protocol writes it: "MQTT tcp://host" and "WS host/path" are valid as well. */
function withScheme({ scheme, schemes = {} }: WordUrl, target: string): string {
	const url = target.trim();
	const written = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1];
	if (written === undefined) return `${scheme}://${url}`;
	const known = written.toLowerCase();
	return `${Object.hasOwn(schemes, known) ? schemes[known] : written}${url.slice(written.length)}`;
}

/** Splits a target that is a whole URL, for a verb of one protocol; undefined if it is not a URL of that protocol. */
function splitUrl({ action, protocols }: VerbWord, target: string): { url: string; target: string } | undefined {
	const [protocol] = protocols ?? [];
	if (action !== 'request' || protocol === undefined) return undefined;
	const [, scheme, authority = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([\s\S]*)$/i.exec(target) ?? [];
	if (scheme === undefined || !describe(protocol)?.schemes.some((one) => one.scheme === scheme.toLowerCase()))
		return undefined;
	return { url: `${scheme}://${authority}`, target: rest === '' ? '/' : rest };
}
