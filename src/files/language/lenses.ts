import { connectionOf, type RequestConnection } from '../run/connections/request-connection';
import type { MessageFile, Range, Section } from '../syntax/ast';
import { verbOf } from '../syntax/words';

export type Lens = {
	/** The request line. */
	range: Range;
	title: string;
	/** Undefined for `all`. */
	section?: Section;
} & (
	| { kind: 'connection'; connection: RequestConnection }
	/** `all`: runs every request of the file; only above the first one. */
	| { kind: 'send' | 'listen' | 'request' | 'converse' | 'all' }
);

const titles = {
	send: 'Send',
	receive: 'Start listening',
	request: 'Send',
	conversation: 'Connect and send',
	form: 'Run',
};
const kinds = {
	send: 'send',
	receive: 'listen',
	request: 'request',
	conversation: 'converse',
	form: 'send',
} as const;

/** The lenses above each request that can run. */
export function lenses(file: MessageFile): Lens[] {
	const list: Lens[] = [];
	const runnable = file.sections.filter(({ request }) => request && verbOf(request.verb.text));
	for (const section of runnable) {
		const { request } = section;
		const word = request && verbOf(request.verb.text);
		if (!request || !word) continue;
		const range = { start: request.start, end: request.target.end };
		list.push({ range, kind: kinds[word.action], title: titles[word.action], section });
		if (section === runnable[0] && runnable.length > 1) list.push({ range, kind: 'all', title: 'Send all' });
		const connection = connectionOf(file, section);
		const title = connectionText(connection) ?? 'Choose a connection';
		list.push({ range, kind: 'connection', title, section, connection });
	}
	return list;
}

/** The name or URL that the file writes; undefined if the user chooses the connection. */
export const connectionText = (connection: RequestConnection): string | undefined =>
	connection.kind === 'none' ? undefined : connection.kind === 'named' ? connection.name : connection.url;
