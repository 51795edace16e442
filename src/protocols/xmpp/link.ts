import { type Failure, fail } from '../../base/failure';
import type { Property, Security } from '../../model/contracts/session';
import type { ConnectContext, Link } from '../adapter';
import { createActions } from './actions/run';
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
import { createOpenStream } from './wire/open-stream';
import type { Pipe } from './wire/pipe';
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
	const { sink } = context;
	let state: 'open' | 'closing' | 'ended' = 'open';
	let liveness: Liveness | undefined;
	let resolveEnd: (failure: Failure | undefined) => void = () => {};
	const ended = new Promise<Failure | undefined>((resolve) => {
		resolveEnd = resolve;
	});
	const stream = createOpenStream({ bound, framed: wire.framed, pipe, sink });
	const sends = createSends(stream);
	const rooms = createRooms(stream);
	const contacts = createContacts(stream);
	const discovery = createDiscovery(stream);
	const browser = createBrowser({ stream, contacts, rooms, discovery });
	const actions = createActions({ stream, discovery, contacts });
	const subscribing = createSubscribing(stream, rooms);
	const incoming = createIncoming({ stream, sends, rooms, contacts, subscribing });

	function finish(failure: Failure | undefined): void {
		if (state === 'ended') return;
		state = 'ended';
		liveness?.stop();
		stream.iqs.lost();
		sends.stop();
		rooms.lost();
		wire.fault(fail('closed', 'The connection was closed.'));
		resolveEnd(failure);
	}

	/** Requests a sign of life. Neither request nor answer is logged. */
	function probe(): void {
		if (stream.management.on) {
			stream.management.ask();
			return;
		}
		const id = newId();
		stream.iqs.expect(id, stream.domain, { quiet: true, answered() {}, lost() {} });
		stream.post(
			stream.onOwn(xml('iq', { type: 'get', to: stream.domain, id }, xml('ping', { xmlns: namespaces.ping }))),
		);
	}

	if (settings.presence) {
		const { priority, show, status } = settings.presence;
		const part = (name: string, text: string | undefined) => (text ? xml(name, {}, escapeXml(text)) : '');
		if (priority < 0)
			sink.note(
				unreachable(stream.account, `the priority of this connection is ${priority}`, '"Priority" to 0 or more'),
				true,
			);
		stream.say(xml('presence', {}, part('show', show) + part('status', status) + part('priority', String(priority))));
	} else
		sink.note(
			unreachable(stream.account, 'this connection sends no presence', '"When connected" to "be available"'),
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
		liveness = watch(settings.pingEvery, probe, (waited) => {
			const part = wire.unfinished();
			finish({
				code: 'silent',
				message: `The server did not answer a ping within ${Math.round(waited / 100) / 10} s, so the connection was closed.`,
				...(part && {
					evidence: `a stanza is incomplete after ${part.bytes.toLocaleString('en')} characters`,
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

/** A server delivers such messages to other clients or stores them (RFC 6121, sections 8.5.2 and 8.5.3). */
const unreachable = (account: string, why: string, remedy: string) =>
	`Messages to ${account} do not arrive here, because ${why}; their senders see no difference. Set ${remedy} to receive them.`;

function factsOf({ full, managed }: Bound, { presence }: Settings): Property[] {
	return [
		{ label: 'Address', value: full },
		{ label: 'Presence', value: presence ? `sent, priority ${presence.priority}` : 'not sent' },
		{ label: 'Stream management', value: managed ? 'on: stanzas are acknowledged' : 'off' },
	];
}
