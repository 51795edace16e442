import type { Line } from '../wire/open-stream';
import { attribute, child, type Element, namespaces, xml } from '../wire/xml';

/** What others may ask of us is answered (RFC 6120, 8.2.3): a client that is silent counts as broken, or as gone. */
export function answerRequest(line: Line, iq: Element, pushed: (query: Element) => void): void {
	const from = attribute(iq, 'from');
	const id = attribute(iq, 'id');
	const type = attribute(iq, 'type');
	const query = iq.children[0];
	const answer = (kind: 'result' | 'error', content: string) =>
		void line.say(xml('iq', { type: kind, to: from, id }, content));
	const refuse = (kind: string, condition: string) =>
		answer('error', xml('error', { type: kind }, xml(condition, { xmlns: namespaces.stanzas })));
	if (id === undefined || !query) refuse('modify', 'bad-request');
	else if (type === 'set' && query.ns === namespaces.roster) {
		// Only the own account may change the roster (RFC 6121, 2.1.6).
		if (from !== undefined && from !== line.account && from !== line.full) refuse('cancel', 'service-unavailable');
		else {
			pushed(query);
			answer('result', '');
		}
	} else if (type === 'get' && query.ns === namespaces.ping) answer('result', '');
	else if (type === 'get' && query.ns === namespaces.version)
		answer('result', xml('query', { xmlns: namespaces.version }, xml('name', {}, 'Messaging Workbench')));
	else if (type === 'get' && query.ns === namespaces.info && !attribute(query, 'node'))
		answer('result', xml('query', { xmlns: namespaces.info }, identity));
	else refuse('cancel', 'service-unavailable');
}

const identity =
	xml('identity', { category: 'client', type: 'pc', name: 'Messaging Workbench' }) +
	[namespaces.info, namespaces.ping, namespaces.version, namespaces.muc]
		.map((name) => xml('feature', { var: name }))
		.join('');

/** The first of an entity's identities in words (XEP-0030, 3.1): "conference/text, Chatrooms". */
export function identityOf(query: Element | undefined): string | undefined {
	const identity = child(query, 'identity');
	if (!identity) return undefined;
	const kind = `${attribute(identity, 'category')}/${attribute(identity, 'type')}`;
	const name = attribute(identity, 'name');
	return name ? `${kind}, ${name}` : kind;
}
