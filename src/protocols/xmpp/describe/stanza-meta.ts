/** Properties of a stanza in the log, besides its text. Written by the adapter and read by the description. */
export interface StanzaMeta {
	from?: string;
	to?: string;
	id?: string;
	/** Name and namespace of the content of an IQ or a message. */
	content?: string;
	subject?: string;
	/** The address is that of an occupant of a room, which the room says of presences and private messages. */
	occupant?: true;
	/** Nick or user name of the author of an archived message, which the archive sends as its own. */
	author?: string;
	thread?: string;
	/** Presence only, as are the next two. */
	show?: string;
	status?: string;
	priority?: string;
	/** Time of sending and the entity that has delayed it (XEP-0203). */
	delay?: string;
	delayedBy?: string;
	/** Id in an archive (XEP-0313). */
	archived?: string;
	error?: StanzaError;
	/** Status codes of a room (XEP-0045, 15.6). */
	codes?: string[];
}

/** RFC 6120, section 8.3. */
export interface StanzaError {
	/** "auth", "cancel", "continue", "modify" or "wait". */
	type?: string;
	condition: string;
	/** The application-specific condition: "closed-node (http://jabber.org/protocol/pubsub#errors)". */
	application?: string;
	text?: string;
	by?: string;
}

export type Kind = 'message' | 'presence' | 'iq' | 'other';

/** In the order of their numbers in bits 8–13 of a message's flags. The last of each kind stands for any other type. */
const types: readonly [Kind, readonly string[]][] = [
	['message', ['normal', 'chat', 'groupchat', 'headline', 'error', '?']],
	[
		'presence',
		['available', 'unavailable', 'subscribe', 'subscribed', 'unsubscribe', 'unsubscribed', 'probe', 'error', '?'],
	],
	['iq', ['get', 'set', 'result', 'error', '?']],
	['other', ['?']],
];
const numbered = types.flatMap(([kind, names]) => names.map((type): [Kind, string] => [kind, type]));
const flagsByKind = new Map(
	types.map(([kind, names]) => [
		kind as string,
		new Map(names.map((type) => [type, numbered.findIndex(([k, t]) => k === kind && t === type) << 8])),
	]),
);

/** Sent before it was received: the history of a room, an archive, or stored for offline delivery. */
export const historyFlag = 1 << 14;

/** The bits of a message's flags that hold kind and type. */
export const typeBits = 0x3f00;

/** Bits 8–13 for a stanza. A missing type means normal or available (RFC 6121, sections 5.2.2 and 4.7.1). */
export function stanzaFlags(name: string, type: string | undefined): number {
	const ofKind = flagsByKind.get(name) ?? flagsByKind.get('other');
	const effective = type ?? (name === 'message' ? 'normal' : name === 'presence' ? 'available' : '?');
	return ofKind?.get(effective) ?? ofKind?.get('?') ?? 0;
}

export function stanzaOf(flags: number): { kind: Kind; type: string } {
	const [kind, type] = numbered[(flags >> 8) & 0x3f] ?? ['other', '?'];
	return { kind, type };
}

const errors = new Set([stanzaFlags('message', 'error'), stanzaFlags('presence', 'error'), stanzaFlags('iq', 'error')]);
export const isError = (flags: number): boolean => errors.has(flags & typeBits);
