/** What the log keeps of a stanza besides its text. Pure data: read by `describe.ts` and written by the adapter. */
export interface StanzaMeta {
	from?: string;
	to?: string;
	id?: string;
	/** What an IQ or a message carries, by name and namespace. */
	content?: string;
	subject?: string;
	thread?: string;
	/** Of a presence. */
	show?: string;
	status?: string;
	priority?: string;
	/** When it was sent, where it was kept in between (XEP-0203), and by whom. */
	delay?: string;
	delayedBy?: string;
	/** Id that an archive has given it (XEP-0313). */
	archived?: string;
	error?: StanzaError;
	/** Numbers of a room's status codes (XEP-0045, 15.6). */
	codes?: string[];
}

/** RFC 6120, section 8.3. */
export interface StanzaError {
	/** "auth", "cancel", "continue", "modify" or "wait". */
	type?: string;
	condition: string;
	/** The second element, which says more: "closed-node (http://jabber.org/protocol/pubsub#errors)". */
	application?: string;
	text?: string;
	by?: string;
}

export type Kind = 'message' | 'presence' | 'iq' | 'other';

/** In the order of their numbers in a message's flags, bits 8–13. The last of each kind stands for every other type. */
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
const flags = new Map(
	types.map(([kind, names]) => [
		kind as string,
		new Map(names.map((type) => [type, numbered.findIndex(([k, t]) => k === kind && t === type) << 8])),
	]),
);

/** It was said before we listened: a room's history, an archive, or kept while we were away. */
export const historyFlag = 1 << 14;

/** Bits 8–13 for a stanza. A missing type means normal or available (RFC 6121, sections 5.2.2 and 4.7.1). */
export function stanzaFlags(name: string, type: string | undefined): number {
	const known = flags.get(name) ?? flags.get('other');
	const usual = type ?? (name === 'message' ? 'normal' : name === 'presence' ? 'available' : '?');
	return known?.get(usual) ?? known?.get('?') ?? 0;
}

export function stanzaOf(given: number): { kind: Kind; type: string } {
	const [kind, type] = numbered[(given >> 8) & 0x3f] ?? ['other', '?'];
	return { kind, type };
}

const errors = new Set([stanzaFlags('message', 'error'), stanzaFlags('presence', 'error'), stanzaFlags('iq', 'error')]);
export const isError = (given: number): boolean => errors.has(given & 0x3f00);
