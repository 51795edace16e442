import type { Draft } from '../model/contracts/message';
import type { Values } from '../model/profile/field';
import type { Subscription } from '../model/profile/profile';
import type { Message, Sketch } from './shared/commands/sketch';

/**
 * How a protocol is written in message files, and how its messages are read from them: the part of a description that
 * src/files and the command line draw from. Everything here is pure; `tools` is loaded when it is first used.
 */
export interface FileSupport<Verb extends string = string, Mode extends string = string> {
	/** Verbs that only this protocol has, such as GET. */
	words?: readonly OwnWord<Verb>[];
	/**
	 * Ids of the verbs that the general words stand for, such as `{ REQUEST: 'iq' }`. A word that is missing stands for
	 * the first verb of the protocol. The verb of REQUEST is never chosen for another word.
	 */
	verbs?: Readonly<Record<string, Verb>>;
	/** Ids of the modes that the general words stand for, such as `{ CONSUME: 'consume' }`. */
	modes?: Readonly<Record<string, Mode>>;
	/** Why REQUEST has no meaning, as one sentence with the way to do it otherwise; undefined: it has one. */
	noRequests?: string;
	/** Further names of headers by the key of their field, beyond the key itself: those of the specification. */
	aliases?: Readonly<Record<string, readonly string[]>>;
	/** The field of a message that distinguishes binary payloads from text, and its value for binary ones. */
	binary?: { field: string; value: string };
	/** Whether a message that reaches no subscriber has been sent successfully. */
	unroutedSucceeds?: boolean;
	/** The fields of a logged message, as message files and the command line show them. */
	values?(flags: number, meta: object | undefined): LoggedValues;
	/** Keys of `values` that are no fields, such as an offset: shown, and ignored in lines that are sent. */
	received?: readonly string[];
	/** Whether the properties of a message in words are headers as well: "Routing key" becomes `Routing-key`. */
	propertiesAsHeaders?: boolean;
	/** The code of a received answer, such as "2.05"; undefined or empty for other messages. */
	code?(flags: number): string | undefined;
	/** The draft that sends a logged message again exactly as it was. Undefined: its target and its payload are enough. */
	resend?(message: Logged): Resent<Verb>;
	/** Pairs requests and replies where the adapter does not, by what the message itself carries. */
	reply?(draft: Draft, random: (bytes: number) => Uint8Array): ReplyPairing;
	/**
	 * Where the answer to a received message goes, by what the message itself carries; undefined if it carries no address.
	 * Protocols without subscriptions answer on the connection.
	 */
	answer?(message: Logged): Answer<Verb> | undefined;
	/** Command lines and programs of this protocol. `commands` are the names of the command lines that can be pasted. */
	tools?: { commands: readonly string[]; load(): Promise<Tools> };
}

/** A line of the log, as its engine returns it. */
export interface Logged<Meta extends object = object> {
	target: string;
	payload: Uint8Array;
	flags: number;
	meta?: Meta;
}

/** How a verb of a message file runs. `form`: the syntax of another tool, which is rewritten before it is planned. */
export type Action = 'send' | 'receive' | 'request' | 'conversation' | 'form';

export interface OwnWord<Verb extends string = string> {
	name: string;
	aliases?: readonly string[];
	action: Action;
	help: string;
	/** Id of the protocol's verb that it stands for; undefined: as for the general words. */
	verb?: Verb;
	/** Schemes of URLs that mean this verb when they stand alone on the request line. */
	bareUrls?: readonly string[];
	/** The target is the URL of a connection that belongs to the request. */
	url?: WordUrl;
	/** The profile of that connection, as far as headers of the request set it. */
	profile?: WordProfile;
	/** Required for the action `form`. */
	form?: Form;
}

export interface WordUrl {
	/** Optional: without a URL, the request uses the address of a saved connection. */
	required: boolean;
	/** The scheme of a URL that is written without one. */
	scheme: string;
	/** Schemes of other tools, and the scheme of the protocol that each stands for. */
	schemes?: Readonly<Record<string, string>>;
}

export interface WordProfile {
	/** Keys of the profile's fields that have a header. */
	fields: readonly string[];
	/** Names of the headers of these fields where they are not made from the key. */
	names?: Readonly<Record<string, string>>;
	secrets?: readonly { name: string; key: string; help: string }[];
	/** The field of the profile that takes all headers which are no options. */
	headers?: string;
}

export interface Form {
	/** Headers that `rewrite` consumes, for completion. */
	headers: readonly { name: string; help: string }[];
	/** One sentence that says what is missing; undefined for a complete request. `names` are in lower case. */
	missing?(names: readonly string[]): string | undefined;
	/** The request in our own words. Throws a Failure for what a message file cannot do. */
	rewrite<Header extends FormHeader>(headers: readonly Header[], hasBody: boolean): Rewritten<Header>;
}

export interface FormHeader {
	name: string;
	value: string;
	/** False for a header of the message itself, whatever its name is. */
	option?: boolean;
}

export interface Rewritten<Header> {
	/** A verb of message files: the form's own, or the one that it stands for. */
	verb: string;
	publish: string[];
	subscribe: string[];
	headers: Header[];
}

export interface LoggedValues {
	/** By the keys of the fields of the first verb. */
	values: Values;
	/** Lowercase hexadecimal, if the protocol pairs requests and replies by it. */
	correlation?: string;
}

export interface Resent<Verb extends string = string> {
	values: Values;
	/** Undefined: the verb of `again`, or the first one. */
	verb?: Verb;
	/** Undefined: the payload of the message. */
	payload?: Uint8Array;
	/** The part of the message that no field can hold, to be read behind "not with". */
	lost?: string;
}

/** The draft of an answer without its payload. */
export interface Answer<Verb extends string = string> {
	verb: Verb;
	target: string;
	values: Values;
	/** The peer reports it as unrouted although it arrives. */
	isUnrouted?: true;
	/** The action on the message that sends it instead, and the field of the action for the payload, which is text. */
	action?: { id: string; field: string };
}

export interface ReplyPairing {
	draft: Draft;
	/** To be subscribed to before sending. */
	subscription: Subscription;
	isReply(message: { target: string; correlation?: string }): boolean;
}

export interface Tools {
	/** Commands first, then programs: Python, then JavaScript. */
	copies: readonly CopyWay[];
	/** Reads one of `commands`, with the words of its line and its standard input. Throws an Error with one sentence. */
	read?(words: string[], input?: Message): Sketch[];
}

export interface CopyWay {
	/** Stable, such as "python". */
	id: string;
	label: string;
	/** The language of the text in the editor. */
	language: 'shellscript' | 'python' | 'javascript';
	/** Undefined for a message that cannot be expressed this way. */
	write(sketch: Sketch): string | undefined;
}
