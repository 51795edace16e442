import type { Delivery } from '../../../model/checks/delivery';
import { historyFlag, isError, type StanzaMeta, stanzaOf } from './stanza-meta';

/**
 * The id of a message, which its sender chooses (RFC 6120, section 8.1.3). History is sent to each reader of it, and an error
 * carries the id of the message that it is about.
 */
export const delivery: Delivery<StanzaMeta> = {
	id: {
		label: 'Stanza id',
		of(flags, meta) {
			if (!meta?.id || flags & historyFlag || stanzaOf(flags).kind !== 'message' || isError(flags)) return undefined;
			return `${meta.id} from ${meta.from ?? 'the server'}`;
		},
	},
};
