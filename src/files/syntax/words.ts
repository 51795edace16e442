import { descriptions } from '../../protocols/descriptions';
import type { OwnWord } from '../../protocols/message-files';
import type { Request } from './ast';

export type { Action } from '../../protocols/message-files';

/** A verb of message files. */
export interface VerbWord extends Omit<OwnWord, 'bareUrls'> {
	aliases: readonly string[];
	/** Ids of the protocols that have the verb; undefined for a verb that all protocols have. */
	protocols?: readonly string[];
	/** Receives like SUBSCRIBE, and runs its steps for each message. */
	rule?: true;
}

const general: readonly VerbWord[] = [
	{ name: 'PUBLISH', aliases: ['PUB', 'SEND', 'PRODUCE'], action: 'send', help: 'Sends a message.' },
	{ name: 'SUBSCRIBE', aliases: ['SUB', 'CONSUME'], action: 'receive', help: 'Receives messages.' },
	{ name: 'REQUEST', aliases: [], action: 'request', help: 'Sends a message and waits for its reply.' },
	{ name: 'OBSERVE', aliases: [], action: 'receive', help: 'Receives every change of a resource.' },
	{
		name: 'ON',
		aliases: [],
		action: 'receive',
		rule: true,
		help: 'A rule: runs its steps for each message that meets its expectations. Without steps, it reports each message that does not.',
	},
];

const own = descriptions.flatMap(({ id, files }) => (files?.words ?? []).map((word) => ({ id, word })));

export const verbs: readonly VerbWord[] = [
	...general,
	...own.map(({ id, word }) => ({ ...word, aliases: word.aliases ?? [], protocols: [id] })),
];

/** The verb of a protocol for conversations, if it has one: several messages over a connection of their own. */
export const conversationOf = (protocol: string): VerbWord | undefined =>
	verbs.find(({ action, protocols }) => action === 'conversation' && protocols?.includes(protocol));

const bareUrls = new Map(own.flatMap(({ word }) => (word.bareUrls ?? []).map((scheme) => [scheme, word.name])));

/** The verb that a request line means which is only a URL, by the scheme of the URL. */
export const verbOfUrl = (scheme: string): string | undefined => bareUrls.get(scheme.toLowerCase());

const byName = new Map(verbs.flatMap((verb) => [verb.name, ...verb.aliases].map((name) => [name, verb] as const)));
export const verbNames: readonly string[] = [...byName.keys()];

/** Ignores case. */
export function verbOf(name: string): VerbWord | undefined {
	return byName.get(name) ?? byName.get(name.toUpperCase());
}

/** The name of a rule's step that answers the message in the way of its protocol. */
export const replyName = 'reply';

/** Returns true for a rule's step that answers the message. */
export const isReply = ({ verb }: Request): boolean => verb.text.toLowerCase() === replyName;

/** Returns true for a verb that can be a step of a rule. */
export const isStepVerb = ({ action }: VerbWord): boolean => ['send', 'request', 'form'].includes(action);

export interface MetadataWord {
	name: string;
	/** The form of the value. `none`: the name stands alone. `number`: a count that may be 0. `loop`: "for 10". */
	value:
		| 'none'
		| 'text'
		| 'name'
		| 'count'
		| 'number'
		| 'duration'
		| 'connection'
		| 'loop'
		| 'body'
		| 'clients'
		| 'rate';
	help: string;
	/** Applies to every request if it stands before the first `###`, even if that section has a request. */
	ofFile?: boolean;
}

export const metadataWords: readonly MetadataWord[] = [
	{ name: 'name', value: 'name', help: 'The name for {{name.body.path}}, for --name and for the Test Explorer.' },
	{ name: 'title', value: 'text', help: 'The title in the outline.' },
	{ name: 'note', value: 'text', help: 'A remark to show with the result.' },
	{ name: 'description', value: 'text', help: 'A remark to show with the result.' },
	{ name: 'connection', value: 'connection', help: 'The connection to use, by its name.', ofFile: true },
	{ name: 'env', value: 'text', help: 'The environment to use if none is selected.', ofFile: true },
	{ name: 'maxMessages', value: 'count', help: 'Ends after this many messages.' },
	{ name: 'timeout', value: 'duration', help: 'Ends after this time: 500ms, 5s, 2m.' },
	{ name: 'keepStreaming', value: 'none', help: 'Receives until it is stopped.' },
	{ name: 'every', value: 'duration', help: 'Repeats the request at this interval.' },
	{ name: 'loop', value: 'loop', help: 'Repeats the request, for example: for 10.' },
	{ name: 'clients', value: 'clients', help: 'Sends from this many clients, each with a connection of its own.' },
	{ name: 'rate', value: 'rate', help: 'Sends at this rate, of all clients together: 500/s, 30/min.' },
	{ name: 'for', value: 'duration', help: 'Ends a repeated request or a simulation after this time: 60s.' },
	{ name: 'retries', value: 'number', help: 'How often a rule repeats a step that failed; 3 unless given.' },
	{ name: 'inFlight', value: 'count', help: 'How many messages a rule works on at once; 100 unless given.' },
	{ name: 'deadLetters', value: 'text', help: 'The file for messages that a rule could not process.' },
	{ name: 'body', value: 'body', help: 'The encoding of the body: hex or base64.' },
	{ name: 'disabled', value: 'none', help: 'Skips the request when the whole file runs.' },
];

/** Names of other tools, which have no effect here and are not reported as unknown. */
export const foreignMetadata: readonly string[] = `
	import ref forceRef no-log noLog no-redirect no-cookie-jar no-response-view noResponseView openWith
	save extension language prompt debug verbose tag
`
	.trim()
	.split(/\s+/);

const words = new Map(metadataWords.map((word) => [word.name.toLowerCase(), word]));

export function metadataWord(name: string): MetadataWord | undefined {
	return words.get(name.toLowerCase());
}
