import { fail } from '../../base/failure';
import type { Property, Security } from '../../model/contracts/session';
import type { ConnectContext, Link } from '../adapter';
import { notOpen, silent } from '../shared/failures';
import { createLinkLife } from '../shared/link-life';
import { type Liveness, quietFor, watchLiveness } from '../shared/liveness';
import type { Pipe } from '../shared/pipe';
import { createActions } from './actions/run';
import { createBrowser } from './browse/browse';
import { createContacts } from './browse/contacts';
import { createDiscovery } from './browse/discovery';
import { createContactRequests } from './browse/requests';
import { createRooms } from './browse/rooms';
import { createIncoming } from './messages/incoming';
import { createSends, type PreparedStanza } from './messages/sending';
import { createSubscribing } from './messages/subscribing';
import type { Settings } from './settings';
import type { Bound } from './sign-in/negotiate';
import { newId } from './wire/iqs';
import { createOpenStream, type OpenStream } from './wire/open-stream';
import type { Wire } from './wire/wire';
import { escapeXml, namespaces, xml } from './wire/xml';

/** Milliseconds that a goodbye may take. */
const goodbyeWithin = 500;

export interface LinkOptions {
	context: ConnectContext;
	wire: Wire;
	pipe: Pipe;
	settings: Settings;
	bound: Bound;
	security: Security;
}

/** The link of a stream that is signed in: wires its parts together and reports its end. */
export function createLink({ context, wire, pipe, settings, bound, security }: LinkOptions): Link {
	const stream = createOpenStream({
		...{ bound, framed: wire.framed, pipe, sink: context.sink },
		logBrowsing: settings.logBrowsing,
	});
	const rooms = createRooms(stream);
	const sends = createSends(stream, rooms);
	const contacts = createContacts(stream);
	const requests = createContactRequests(stream);
	const discovery = createDiscovery(stream);
	const browser = createBrowser({ stream, contacts, requests, rooms, discovery });
	const actions = createActions({ stream, discovery, contacts, requests, rooms });
	const subscribing = createSubscribing(stream, rooms);
	const incoming = createIncoming({ stream, sends, rooms, contacts, requests, subscribing });
	let liveness: Liveness | undefined;

	const life = createLinkLife({
		goodbyeWithin,
		goodbye() {
			subscribing.goodbye();
			pipe.write(wire.framed ? xml('close', { xmlns: namespaces.framing }) : '</stream:stream>');
		},
		destroyed() {
			liveness?.stop();
			stream.iqs.lost();
			sends.lost();
			rooms.lost();
			wire.fault(fail('closed', 'The connection was closed.'));
		},
	});

	/** Requests a sign of life. Neither request nor answer is logged. */
	function probe(): void {
		if (stream.management.on) {
			stream.management.ask();
			return;
		}
		const id = newId();
		stream.iqs.expect(id, stream.domain, { quiet: true, answered() {}, lost() {} });
		const ping = xml('ping', { xmlns: namespaces.ping });
		stream.post(stream.onOwn(xml('iq', { type: 'get', to: stream.domain, id }, ping)));
	}

	// First the roster: a server sends its changes, and answers to contact requests, only to clients that have requested it
	// (RFC 6121, section 2.2). If it refuses, opening the contacts tries again.
	if (settings.presence) contacts.load().catch(() => {});
	announce(stream, settings.presence);
	wire.listen({
		element(element, source) {
			if (life.state === 'ended') return;
			liveness?.heard();
			incoming(element, source);
		},
		over: life.end,
	});
	if (settings.pingEvery > 0 && life.state !== 'ended')
		liveness = watchLiveness({
			...quietFor(settings.pingEvery),
			probe,
			dead(waited) {
				const part = wire.unfinished();
				const evidence = part && `a stanza is incomplete after ${part.bytes.toLocaleString('en')} characters`;
				life.end(silent('server', waited, evidence));
			},
		});

	const requireOpen = () => {
		if (life.state !== 'open') throw notOpen();
	};

	return {
		security,
		facts: factsOf(bound, settings),
		ended: life.ended,
		unfinished: wire.unfinished,
		subscribe: subscribing.subscribe,
		unsubscribe: subscribing.unsubscribe,
		prepare(draft) {
			requireOpen();
			return sends.prepare(draft);
		},
		async send(prepared: PreparedStanza, sending) {
			requireOpen();
			if (requests.sent(prepared.element)) context.sink.browseChanged();
			return sends.send(prepared, sending);
		},
		async browse(parent, offset, count) {
			const { nodes, ...rest } = await browser.children(parent);
			return { ...rest, nodes: nodes.slice(offset, offset + count) };
		},
		ask: actions.ask,
		act: async (act) => actions.act(act),
		targets(start, max) {
			const jids = [
				...contacts.list().map(({ jid }) => jid),
				...rooms.list().map(({ jid }) => jid),
				stream.account,
				stream.domain,
			];
			return [...new Set(jids)].filter((jid) => jid.startsWith(start)).slice(0, max);
		},
		close: life.close,
		destroy: life.destroy,
	};
}

/** Sends the presence of the profile, or notes that messages to the account do not arrive here. */
function announce(stream: OpenStream, presence: Settings['presence']): void {
	/** A server delivers such messages to other clients or stores them (RFC 6121, sections 8.5.2 and 8.5.3). */
	const warn = (why: string, remedy: string) =>
		stream.sink.note(
			`Messages to ${stream.account} do not arrive here, because ${why}; their senders see no difference. Set ${remedy} to receive them.`,
			true,
		);
	if (!presence) {
		warn('this connection sends no presence', '"When connected" to "be available"');
		return;
	}
	const { priority, show, status } = presence;
	if (priority < 0) warn(`the priority of this connection is ${priority}`, '"Priority" to 0 or more');
	const part = (name: string, text: string | undefined) => (text ? xml(name, {}, escapeXml(text)) : '');
	stream.say(xml('presence', {}, part('show', show) + part('status', status) + part('priority', String(priority))));
}

function presenceWords(presence: Settings['presence']): string {
	if (!presence) return 'not sent';
	const { priority } = presence;
	return priority < 0
		? `sent, priority ${priority}: messages to the bare address do not arrive here`
		: `sent, priority ${priority}`;
}

function factsOf({ full, managed }: Bound, { presence, logBrowsing }: Settings): Property[] {
	return [
		{ label: 'Address', value: full },
		{ label: 'Presence', value: presenceWords(presence) },
		{ label: 'Stream management', value: managed ? 'on: stanzas are acknowledged' : 'off' },
		{ label: 'Own browsing', value: logBrowsing ? 'logged' : 'not logged' },
	];
}
