import { urlOf } from '../run/request-url';
import { literalOf, type MessageFile, type Range, type Section } from '../syntax/ast';
import { optionText } from '../syntax/metadata';
import { verbOf } from '../syntax/words';
import { headerOf } from '../values/sending-verb';

export interface Lens {
	/** Where it stands: the start of the request's line. */
	range: Range;
	/** `all`: every request of the file; once, above the first. */
	kind: 'send' | 'listen' | 'request' | 'converse' | 'all' | 'connection';
	title: string;
	/** Undefined for `all`. */
	section?: Section;
	/** Of `connection`: what the file says; undefined: what the user chooses. */
	connection?: string;
}

const titles = {
	send: 'Send',
	receive: 'Start listening',
	request: 'Send',
	conversation: 'Connect and send',
	mqtt: 'Run',
	amqp: 'Run',
};
const kinds = {
	send: 'send',
	receive: 'listen',
	request: 'request',
	conversation: 'converse',
	mqtt: 'send',
	amqp: 'send',
} as const;

/** What stands above each request that can run. */
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
		const named = (name: string) => headerOf(request, name);
		const own = ['conversation', 'mqtt', 'amqp'].includes(word.action)
			? literalOf(request.target)
			: urlOf(request)?.url;
		const said = own ?? named('connection') ?? named('host') ?? optionText(file, section, 'connection');
		// An empty header stands for what the user chooses, as it does on sending.
		const connection = said || undefined;
		list.push({
			range,
			kind: 'connection',
			title: connection ?? 'Choose a connection',
			section,
			...(connection !== undefined && { connection }),
		});
	}
	return list;
}
