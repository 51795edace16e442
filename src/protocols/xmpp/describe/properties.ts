import type { Property } from '../../../model/contracts/session';
import { historyFlag, type StanzaMeta, stanzaOf } from './stanza-meta';

/** A room's status codes in words (XEP-0045, section 15.6). */
const codes: Record<string, string> = {
	'100': 'everyone sees the address',
	'104': 'the room was set up anew',
	'110': 'about ourselves',
	'170': 'what is said is recorded',
	'201': 'the room was made by joining it',
	'210': 'the room gave another nick',
	'301': 'banned',
	'303': 'has a new nick',
	'307': 'put out',
	'321': 'out, because membership ended',
	'322': 'out, because the room is for members now',
	'332': 'out, because the service is shut down',
};

/** Everything that the log keeps of a stanza, in words. */
export function properties(flags: number, given: unknown): Property[] {
	const meta: StanzaMeta = given && typeof given === 'object' ? given : {};
	const { kind, type } = stanzaOf(flags);
	const made: Property[] = [
		{ label: 'Kind', value: kind },
		{ label: 'Type', value: type },
	];
	const add = (label: string, value: string | undefined, group?: string) => {
		if (value !== undefined && value !== '') made.push({ label, value, ...(group && { group }) });
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
		add('Id in the archive', meta.archived, 'History');
	}
	for (const code of meta.codes ?? [])
		add(`Status ${code}`, Object.hasOwn(codes, code) ? codes[code] : 'unknown', 'Room');
	if (meta.error) {
		const { condition, type: kindOf, application, text, by } = meta.error;
		add('Condition', condition, 'Error');
		add('Type of error', kindOf, 'Error');
		add('In particular', application, 'Error');
		add('Text', text, 'Error');
		add('Said by', by, 'Error');
	}
	return made;
}
