import type { Answer, FileSupport, Logged, LoggedValues } from '../../message-files';
import type { XmppMode, XmppVerb } from '../describe/ids';
import { type StanzaMeta, stanzaOf } from '../describe/stanza-meta';

export const files: FileSupport<XmppVerb, XmppMode> = {
	verbs: { PUBLISH: 'publish', PUB: 'publish', PRODUCE: 'publish', SEND: 'message', REQUEST: 'iq' },
	values,
	propertiesAsHeaders: true,
	answer,
	tools: {
		commands: [],
		load: async () => (await import('./tools')).tools,
	},
};

/** The fields of a chat message; other stanzas have their properties only. */
function values(flags: number, meta: unknown): LoggedValues {
	const { id, subject, thread }: StanzaMeta = meta && typeof meta === 'object' ? meta : {};
	return { values: { type: stanzaOf(flags).type, id, subject, thread } };
}

/** The sender of a chat message. Requests (IQ) are answered by the client itself, and rooms have no single sender. */
function answer({ flags, meta }: Logged): Answer<XmppVerb> | undefined {
	const { from, thread }: StanzaMeta = meta ?? {};
	const { kind, type } = stanzaOf(flags);
	if (kind !== 'message' || !['chat', 'normal'].includes(type) || from === undefined) return undefined;
	return { verb: 'message', target: from, values: { type, ...(thread !== undefined && { thread }) } };
}
