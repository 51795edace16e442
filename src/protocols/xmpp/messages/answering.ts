import type { OpenStream } from '../wire/open-stream';
import { attribute, type Element, namespaces, xml } from '../wire/xml';

/**
 * Answers the requests of others (RFC 6120, section 8.2.3): a client that does not answer counts as broken or gone.
 * `pushed` is called with a roster push.
 */
export function answerRequest(stream: OpenStream, iq: Element, pushed: (query: Element) => void): void {
	const from = attribute(iq, 'from');
	const id = attribute(iq, 'id');
	const type = attribute(iq, 'type');
	const query = iq.children[0];
	const answer = (kind: 'result' | 'error', content: string) =>
		void stream.say(xml('iq', { type: kind, to: from, id }, content));
	const refuse = (kind: string, condition: string) =>
		answer('error', xml('error', { type: kind }, xml(condition, { xmlns: namespaces.stanzas })));
	if (id === undefined || !query) refuse('modify', 'bad-request');
	else if (type === 'set' && query.ns === namespaces.roster) {
		// Only the user's own account may change the roster (RFC 6121, section 2.1.6).
		if (from !== undefined && from !== stream.account && from !== stream.full) refuse('cancel', 'service-unavailable');
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
