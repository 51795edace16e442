import { fail } from '../../../base/failure';
import { errorOf, evidenceOf } from '../describe/conditions';
import type { Settings } from '../settings';
import { newId } from '../wire/iqs';
import type { Wire } from '../wire/wire';
import { attribute, child, type Element, escapeXml, namespaces, xml } from '../wire/xml';
import type { Talk } from './sasl';

export interface Negotiation extends Talk {
	/** Begins or restarts a stream, and resolves with its features. */
	begin(): Promise<Element>;
}

export function negotiation(wire: Wire, send: (text: string) => void, { domain }: Settings): Negotiation {
	return {
		send,
		next: wire.next,
		async begin() {
			wire.restart();
			if (wire.framed) send(xml('open', { xmlns: namespaces.framing, to: domain, version: '1.0' }));
			else
				send(
					`<?xml version='1.0'?>${xml('stream:stream', { xmlns: namespaces.client, 'xmlns:stream': namespaces.stream, to: domain, version: '1.0' }).replace('/>', '>')}`,
				);
			const features = await wire.next();
			if (features.name !== 'features' || features.ns !== namespaces.stream)
				throw fail('bad-stream', 'The server did not send its stream features (RFC 6120, section 4.3.2).', {
					final: false,
				});
			return features;
		},
	};
}

/** Requests TLS. Resolves when the handshake may begin. */
export async function requestTls(wire: Wire, { send, next }: Talk, features: Element): Promise<void> {
	if (!child(features, 'starttls', namespaces.tls))
		throw fail('no-starttls', 'The server offers no encryption (STARTTLS), so no password was sent.', {
			final: true,
			remedy: { text: 'Use xmpps:// if it has a port for TLS, or allow signing in without encryption.' },
		});
	send(xml('starttls', { xmlns: namespaces.tls }));
	const answer = await next();
	if (answer.name !== 'proceed' || answer.ns !== namespaces.tls)
		throw fail('starttls-refused', 'The server offered encryption (STARTTLS) and then refused it.', { final: true });
	// Data from before the handshake must not be taken for encrypted data.
	if (!wire.isQuiet())
		throw fail('starttls-injected', 'Data was injected into the stream before encryption began.', { final: true });
}

export interface Bound {
	/** The full address that the server has assigned. */
	full: string;
	/** Stream management is enabled (XEP-0198). */
	managed: boolean;
	/** Stanzas that came before that and are not counted. The listener of the wire gets them first. */
	early: number;
}

const isStanza = ({ name }: Element) => ['message', 'presence', 'iq'].includes(name);

/** Binds the resource (RFC 6120, section 7), and sets up session and stream management where the server offers them. */
export async function bind(wire: Wire, { send }: Talk, features: Element, settings: Settings): Promise<Bound> {
	if (!child(features, 'bind', namespaces.bind))
		throw fail(
			'no-bind',
			'The server accepted the sign-in but does not offer to bind a resource (RFC 6120, section 7).',
			{ final: true },
		);
	const xmlns = wire.framed ? namespaces.client : undefined;
	/** Others may write to the address as soon as it is bound. */
	const early = new Set<Element>();
	const answerTo = (id?: string) =>
		wire.next((element) => {
			const isEarly = isStanza(element) && (id === undefined || attribute(element, 'id') !== id);
			if (isEarly) early.add(element);
			return !isEarly;
		});
	const request = async (what: string, content: string): Promise<Element> => {
		const id = newId();
		send(xml('iq', { xmlns, type: 'set', id }, content));
		const answer = await answerTo(id);
		if (answer.name !== 'iq' || attribute(answer, 'id') !== id)
			throw fail('bad-stream', `The server did not answer the request for ${what}.`);
		if (attribute(answer, 'type') === 'result') return answer;
		const error = errorOf(child(answer, 'error'));
		const evidence = evidenceOf(error);
		if (error.condition === 'conflict')
			throw fail('conflict', `The resource "${settings.resource}" is in use by another connection.`, {
				evidence,
				// The server may still hold a lost connection of this client; the next attempt uses another resource.
				final: settings.fixedResource,
				remedy: { text: 'Leave the resource of the connection empty, so that each connection has its own.' },
			});
		throw fail('bind-refused', `The server refused ${what}.`, { evidence });
	};
	const resource = xml('resource', {}, escapeXml(settings.resource));
	const answer = await request('an address', xml('bind', { xmlns: namespaces.bind }, resource));
	const full = child(child(answer, 'bind'), 'jid')?.text.trim();
	if (!full) throw fail('bad-stream', 'The server assigned no address.');
	const session = child(features, 'session', namespaces.session);
	if (session && !child(session, 'optional')) await request('a session', xml('session', { xmlns: namespaces.session }));
	if (!child(features, 'sm', namespaces.management)) return { full, managed: false, early: 0 };
	send(xml('enable', { xmlns: namespaces.management }));
	const enabled = await answerTo();
	if (enabled.ns !== namespaces.management || (enabled.name !== 'enabled' && enabled.name !== 'failed'))
		throw fail('bad-stream', 'The server did not answer the request to enable stream management.');
	return { full, managed: enabled.name === 'enabled', early: early.size };
}
