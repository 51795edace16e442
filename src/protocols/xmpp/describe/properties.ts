import type { Property } from '../../../model/contracts/session';
import { historyFlag, type StanzaMeta, stanzaOf } from './stanza-meta';

/** A room's status codes in words (XEP-0045, section 15.6). */
const codes: Record<string, string> = {
	'100': 'everyone sees the address',
	'104': 'the configuration of the room has changed',
	'110': 'about yourself',
	'170': 'messages are recorded',
	'201': 'the room was created',
	'210': 'the room changed your nick',
	'301': 'banned',
	'303': 'has a new nick',
	'307': 'removed',
	'321': 'removed because the membership ended',
	'322': 'removed because the room is now for members only',
	'332': 'removed because the service is shutting down',
};

/** Everything that the log keeps of a stanza, in words. */
export function properties(flags: number, meta: StanzaMeta = {}): Property[] {
	const { kind, type } = stanzaOf(flags);
	const found: Property[] = [
		{ label: 'Kind', value: kind },
		{ label: 'Type', value: type },
	];
	const add = (label: string, value: string | undefined, group?: string) => {
		if (value !== undefined && value !== '') found.push({ label, value, ...(group && { group }) });
	};
	add('From', meta.from);
	add('To', meta.to);
	add('Id', meta.id);
	add('Content', meta.content);
	add('Subject', meta.subject);
	add('Thread', meta.thread);
	add('Show', meta.show);
	add('Status', meta.status);
	add('Priority', meta.priority);
	if (flags & historyFlag) {
		add('Sent at', meta.delay, 'History');
		add('Kept by', meta.delayedBy, 'History');
		add('Archive id', meta.archived, 'History');
	}
	for (const code of meta.codes ?? [])
		add(`Status ${code}`, Object.hasOwn(codes, code) ? codes[code] : 'unknown', 'Room');
	if (meta.error) {
		const { condition, type: errorType, application, text, by } = meta.error;
		add('Condition', condition, 'Error');
		add('Error type', errorType, 'Error');
		add('Details', application, 'Error');
		add('Text', text, 'Error');
		add('Reported by', by, 'Error');
	}
	return found;
}
