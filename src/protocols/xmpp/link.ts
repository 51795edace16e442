import { type Failure, fail } from '../../base/failure';
import type { Property, Security } from '../../model/contracts/session';
import type { ConnectContext, Link } from '../adapter';
import { createActing } from './actions/run';
import { createBrowser } from './browse/browse';
import { createContacts } from './browse/contacts';
import { createDiscovery } from './browse/discovery';
import { createRooms } from './browse/rooms';
import { createIncoming } from './messages/incoming';
import { createSends, type PreparedStanza } from './messages/sending';
import { createSubscribing } from './messages/subscribing';
import type { Settings } from './settings';
import type { Bound } from './sign-in/negotiate';
import { newId } from './wire/iqs';
import { type Liveness, watch } from './wire/liveness';
import { createLine } from './wire/open-stream';
import type { Pipe } from './wire/pipe';
import type { Wire } from './wire/wire';
import { escapeXml, namespaces, xml } from './wire/xml';

/** How long a goodbye may take, in milliseconds. */
const goodbyeWithin = 500;

export interface LinkOptions {
	context: ConnectContext;
	wire: Wire;
	pipe: Pipe;
	settings: Settings;
	bound: Bound;
	security: Security;
}

/** The life of a stream that is open: what comes in is logged and understood, what goes out is proven as far as can be. */
export function createLink({ context, wire, pipe, settings, bound, security }: LinkOptions): Link {
	const { sink } = context;
	let state: 'open' | 'closing' | 'ended' = 'open';
	let liveness: Liveness | undefined;
	let tellEnd: (failure: Failure | undefined) => void = () => {};
	const ended = new Promise<Failure | undefined>((resolve) => {
		tellEnd = resolve;
	});
	const line = createLine({ bound, framed: wire.framed, pipe, sink });
	const sends = createSends(line);
	const rooms = createRooms(line);
	const contacts = createContacts(line);
	const discovery = createDiscovery(line);
	const browser = createBrowser({ line, contacts, rooms, discovery });
	const acting = createActing({ line, discovery, contacts, browser });
	const subscribing = createSubscribing(line, rooms);
	const incoming = createIncoming({ line, sends, rooms, contacts, subscribing });

	function finish(failure: Failure | undefined): void {
		if (state === 'ended') return;
		state = 'ended';
		liveness?.stop();
		line.iqs.lost();
		sends.stop();
		rooms.lost();
		wire.fault(fail('closed', 'The connection was closed.'));
		tellEnd(failure);
	}

	/** Neither question nor answer is logged. */
	function askAlive(): void {
		if (line.management.on) {
			line.management.ask();
			return;
		}
		const id = newId();
		line.iqs.expect(id, line.domain, { quiet: true, answered() {}, lost() {} });
		line.post(line.onOwn(xml('iq', { type: 'get', to: line.domain, id }, xml('ping', { xmlns: namespaces.ping }))));
	}

	if (settings.presence) {
		const { priority, show, status } = settings.presence;
		const part = (name: string, text: string | undefined) => (text ? xml(name, {}, escapeXml(text)) : '');
		if (priority < 0)
			sink.note(
				unreachable(line.account, `the priority of this connection is ${priority}`, '"Priority" to 0 or more'),
				true,
			);
		line.say(xml('presence', {}, part('show', show) + part('status', status) + part('priority', String(priority))));
	} else
		sink.note(
			unreachable(line.account, 'this connection sends no presence', '"When connected" to "be available"'),
			true,
		);
	wire.listen({
		element(element, source) {
			if (state === 'ended') return;
			liveness?.heard();
			incoming(element, source);
		},
		over: (failure) => finish(state === 'closing' ? undefined : failure),
	});
	if (settings.pingEvery > 0 && (state as string) !== 'ended')
		liveness = watch(settings.pingEvery, askAlive, (waited) => {
			const part = wire.unfinished();
			finish({
				code: 'silent',
				message: `The server answered nothing for ${Math.round(waited / 100) / 10} s after a ping, so the connection was ended.`,
				...(part && {
					evidence: `a stanza of which ${part.bytes.toLocaleString('en')} characters have come has no end`,
				}),
			});
		});

	const requireOpen = () => {
		if (state !== 'open') throw fail('not-open', 'The connection is not open, so nothing was sent.');
	};

	return {
		security,
		facts: factsOf(bound, settings),
		ended,
		unfinished: wire.unfinished,
		subscribe: subscribing.subscribe,
		unsubscribe: subscribing.unsubscribe,
		prepare(draft) {
			requireOpen();
			return sends.prepare(draft);
		},
		async send(prepared: PreparedStanza, sending) {
			requireOpen();
			return sends.send(prepared, sending);
		},
		async browse(parent, offset, count) {
			const { nodes, ...rest } = await browser.children(parent);
			return { ...rest, nodes: nodes.slice(offset, offset + count) };
		},
		ask: acting.ask,
		act: async (act) => acting.act(act),
		targets(start, most) {
			const known = [
				...contacts.list().map(({ jid }) => jid),
				...rooms.list().map(({ jid }) => jid),
				line.account,
				line.domain,
			];
			return [...new Set(known)].filter((jid) => jid.startsWith(start)).slice(0, most);
		},
		async close() {
			if (state !== 'open') return;
			state = 'closing';
			subscribing.goodbye();
			const timer = setTimeout(() => finish(undefined), goodbyeWithin);
			pipe.write(wire.framed ? xml('close', { xmlns: namespaces.framing }) : '</stream:stream>');
			await ended;
			clearTimeout(timer);
		},
		destroy: () => finish(undefined),
	};
}

/** A server hands such messages to other clients or keeps them (RFC 6121, sections 8.5.2 and 8.5.3). */
const unreachable = (account: string, why: string, remedy: string) =>
	`Messages to ${account} do not arrive here, because ${why}; their senders see no difference. Set ${remedy} to receive them.`;

function factsOf({ full, managed }: Bound, { presence }: Settings): Property[] {
	return [
		{ label: 'Address', value: full },
		{ label: 'Presence', value: presence ? `sent, priority ${presence.priority}` : 'not sent' },
		{ label: 'Stream management', value: managed ? 'on: stanzas are acknowledged' : 'off' },
	];
}
