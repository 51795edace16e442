import type { FileSupport, LoggedValues } from '../../message-files';
import type { XmppMode, XmppVerb } from '../describe/ids';
import { type StanzaMeta, stanzaOf } from '../describe/stanza-meta';

export const files: FileSupport<XmppVerb, XmppMode> = {
	verbs: { PUBLISH: 'publish', PUB: 'publish', PRODUCE: 'publish', SEND: 'message', REQUEST: 'iq' },
	values,
	propertiesAsHeaders: true,
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
