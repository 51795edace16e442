import { flag, type Row } from '../../../model/contracts/message';
import { resourceOf } from './jid';
import { type StanzaMeta, stanzaOf } from './stanza-meta';

/**
 * The nick of the speaker in a room, or the author of an archived message; elsewhere the address says it. The time is
 * that of a delay stamp (XEP-0203), which only earlier messages have.
 */
export function authorship(meta: StanzaMeta | undefined, flags: number): Pick<Row, 'sender' | 'written'> {
	if (!meta || flags & (flag.out | flag.note)) return {};
	const { from = '', author, occupant, delay } = meta;
	const sender = author ?? (occupant || stanzaOf(flags).type === 'groupchat' ? resourceOf(from) : undefined);
	const written = delay === undefined ? Number.NaN : Date.parse(delay);
	return { ...(sender && { sender }), ...(!Number.isNaN(written) && { written }) };
}
