import type { Field } from '../../model/profile/field';
import type { Mode, ProtocolDescription, Verb } from '../../protocols/description';
import type { Request } from '../syntax/ast';
import type { VerbWord } from '../syntax/words';

/**
 * The protocol's verb for a request: the one in its header "Verb", the one that its word stands for, or the first. If that
 * verb does not accept the target, the first one that does: "queue/email" is not published to an exchange.
 */
export function sendingVerb(
	word: VerbWord,
	text: string,
	description: ProtocolDescription,
	options: { target?: string; given?: string } = {},
): Verb | undefined {
	const { verbs, files } = description;
	const find = (id: string | undefined) => verbs.find((verb) => verb.id === id);
	const named = find(options.given) ?? find(word.verb);
	if (named) return named;
	const usual = find(meantBy(text, files?.verbs)) ?? verbs[0];
	const { target } = options;
	if (!usual || target === undefined || usual.target === 'none' || usual.checkTarget(target) === undefined)
		return usual;
	// A message is never sent as a request, which waits for an answer.
	const others = verbs.filter(({ id }) => id !== files?.verbs?.REQUEST);
	const fitting = others.find((verb) => verb.target !== 'none' && verb.checkTarget(target) === undefined);
	return word.action === 'send' ? (fitting ?? usual) : usual;
}

/** The mode of receiving: the one in the header "Mode", the one that the word stands for, or the first that accepts the target. */
export function receivingMode(
	text: string,
	{ subscription, files }: ProtocolDescription,
	target: string,
	given?: string,
): Mode | undefined {
	const modes = subscription?.modes ?? [];
	const find = (id: string | undefined) => modes.find((mode) => mode.id === id);
	const named = find(given) ?? find(meantBy(text, files?.modes));
	// A mode that takes messages away from others is never chosen by itself.
	const quiet = modes.filter(({ intrusive }) => !intrusive);
	return named ?? quiet.find(({ id }) => subscription?.check(target, id) === undefined) ?? modes[0];
}

/** Own members only: the word is text of a file. */
function meantBy(text: string, words: Readonly<Record<string, string>> = {}): string | undefined {
	const word = text.toUpperCase();
	return Object.hasOwn(words, word) ? words[word] : undefined;
}

/** The field of a verb that distinguishes binary messages from text, if the protocol does. */
export const binaryField = ({ verbs, files }: ProtocolDescription, id: string | undefined): Field | undefined =>
	verbs.find((verb) => verb.id === id)?.fields.find(({ key }) => key === files?.binary?.field);

/** The field for headers of a subscription that are not options: arguments of a consumer, headers to match. */
export function ownHeadersField({ subscription }: ProtocolDescription, mode: Mode | undefined): Field | undefined {
	return [...(mode?.fields ?? []), ...(subscription?.fields ?? [])].find(({ type }) => type === 'pairs');
}

/** The value of an option of the request, such as "connection". A quoted name is never an option. */
export function headerOf({ headers }: Request, name: string): string | undefined {
	const value = headers.findLast((header) => header.name.text.toLowerCase() === name)?.value;
	return value?.literal ?? value?.text;
}
