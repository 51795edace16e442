import type { Field } from '../../model/profile/field';
import type { Mode, ProtocolDescription, Verb } from '../../protocols/description';
import type { Request } from '../syntax/ast';
import type { VerbWord } from '../syntax/words';

/** Verbs of protocols that a word means where there are several, the best first. */
const meant: Record<string, readonly string[]> = {
	PUBLISH: ['publish'],
	PUB: ['publish'],
	PRODUCE: ['publish'],
	SEND: ['send', 'message'],
	REQUEST: ['request', 'iq'],
};

/**
 * The protocol's verb for a request: what its header "Verb" names, what its word means, or the protocol's first one.
 * Where that one cannot take the target, the first that can: "queue/email" is not published to an exchange.
 */
export function sendingVerb(
	word: VerbWord,
	text: string,
	description: ProtocolDescription,
	options: { target?: string; given?: string } = {},
): Verb | undefined {
	const { verbs } = description;
	const find = (id: string | undefined) => verbs.find((verb) => verb.id === id);
	const named = find(options.given) ?? find(word.verb);
	if (named) return named;
	const usual = (meant[text.toUpperCase()] ?? []).map(find).find((verb) => verb !== undefined) ?? verbs[0];
	const { target } = options;
	if (!usual || target === undefined || usual.target === 'none' || usual.checkTarget(target) === undefined)
		return usual;
	// A request stays one that is answered.
	const others = verbs.filter(({ id }) => !(meant.REQUEST ?? []).includes(id));
	const fitting = others.find((verb) => verb.target !== 'none' && verb.checkTarget(target) === undefined);
	return word.action === 'send' ? (fitting ?? usual) : usual;
}

/** The way to receive: what the header "Mode" names, what the word means, or the first that can take the target. */
export function receivingMode(
	text: string,
	{ subscription }: ProtocolDescription,
	target: string,
	given?: string,
): Mode | undefined {
	const modes = subscription?.modes ?? [];
	const find = (id: string | undefined) => modes.find((mode) => mode.id === id);
	const word = { CONSUME: 'consume', OBSERVE: 'observe' }[text.toUpperCase()];
	const named = find(given) ?? find(word);
	// What takes messages away from others is never guessed.
	const quiet = modes.filter(({ intrusive }) => !intrusive);
	return named ?? quiet.find(({ id }) => subscription?.check(target, id) === undefined) ?? modes[0];
}

/** The field that tells binary messages from text, where a protocol has both. */
export const isBinaryChoice = (field: Field): boolean =>
	field.key === 'type' && field.type === 'choice' && field.choices.some(({ value }) => value === 'binary');

/** What takes a subscription's headers that are no options of it: arguments of a consumer, headers to match. */
export function ownHeadersField({ subscription }: ProtocolDescription, mode: Mode | undefined): Field | undefined {
	return [...(mode?.fields ?? []), ...(subscription?.fields ?? [])].find(({ type }) => type === 'pairs');
}

/** The value of a header that is an option of the request, such as "connection"; never that of a quoted name. */
export function headerOf({ headers }: Request, name: string): string | undefined {
	const value = headers.findLast((header) => header.name.text.toLowerCase() === name)?.value;
	return value?.literal ?? value?.text;
}
