import { connectionOf, type RequestConnection } from '../run/connections/request-connection';
import type { MessageFile, Range, Section } from '../syntax/ast';
import { optionOf, optionText } from '../syntax/metadata';
import { isRule } from '../syntax/names';
import { type VerbWord, verbOf } from '../syntax/words';

export type Lens = {
	/** The request line; the start of the file for `all`. */
	range: Range;
	title: string;
	/** Undefined for `all` and `rules`. */
	section?: Section;
} & (
	| { kind: 'connection'; connection: RequestConnection }
	/** `all` and `rules`: runs every request or rule of the file; only if there are several. */
	| { kind: 'send' | 'listen' | 'request' | 'converse' | 'all' | 'rule' | 'rules' }
	/** What a running rule reports. */
	| { kind: 'report' }
);

const titles = {
	send: 'Send',
	receive: 'Start Listening',
	request: 'Send',
	conversation: 'Connect and Send',
	form: 'Run',
};
const kinds = {
	send: 'send',
	receive: 'listen',
	request: 'request',
	conversation: 'converse',
	form: 'send',
} as const;

/** The lens of the whole file above its first line, and those above each request that can run. */
export function lenses(file: MessageFile): Lens[] {
	const list: Lens[] = [];
	const runnable = file.sections.filter(({ request }) => request && verbOf(request.verb.text));
	const top = { start: 0, end: 0 };
	const rules = runnable.filter(isRule);
	if (runnable.length - rules.length > 1) list.push({ range: top, kind: 'all', title: 'Send All' });
	if (rules.length > 1) list.push({ range: top, kind: 'rules', title: 'Run All Rules' });
	for (const section of runnable) {
		const { request } = section;
		const word = request && verbOf(request.verb.text);
		if (!request || !word) continue;
		const range = { start: request.start, end: request.target.end };
		if (word.rule) list.push({ range, kind: 'rule', title: 'Run Rule', section });
		else {
			const title = simulationTitle(file, section, word) ?? titles[word.action];
			list.push({ range, kind: kinds[word.action], title, section });
		}
		const connection = connectionOf(file, section);
		const connected = connectionText(connection) ?? 'Choose Connection…';
		list.push({ range, kind: 'connection', title: connected, section, connection });
		if (word.rule) list.push({ range, kind: 'report', title: '', section });
	}
	return list;
}

/** "Start 50 Clients"; undefined for a request that is sent in the usual way. */
function simulationTitle(file: MessageFile, section: Section, { action }: VerbWord): string | undefined {
	if (action === 'receive') return undefined;
	const count = optionText(file, section, 'clients');
	if (count !== undefined && /^\d{1,4}$/.test(count)) return `Start ${count} Client${count === '1' ? '' : 's'}`;
	return optionOf(file, section, 'rate') ? 'Start' : undefined;
}

/** The name or URL that the file writes; undefined if the user chooses the connection. */
export const connectionText = (connection: RequestConnection): string | undefined =>
	connection.kind === 'none' ? undefined : connection.kind === 'named' ? connection.name : connection.url;
