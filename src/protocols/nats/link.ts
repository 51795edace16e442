import type { Property, Security } from '../../model/contracts/session';
import type { ConnectContext, Link } from '../adapter';
import { peerText } from '../shared/peer-text';
import { createQuestions } from './actions/questions';
import { createActions } from './actions/run';
import { createBrowsing } from './browse/browse';
import { createApi } from './jetstream/api';
import { createConsuming } from './jetstream/consuming';
import { createReading } from './jetstream/reading';
import { createInbox } from './messages/inbox';
import { createPublishes } from './messages/publishes';
import { createRequests } from './messages/requests';
import { createSending } from './messages/sending';
import { createSubscribing } from './messages/subscribing';
import type { Settings } from './settings';
import type { Connection } from './wire/connection';
import type { ServerInfo } from './wire/info';
import { deniedOf, errorLine } from './wire/server-errors';

export interface LinkOptions {
	context: ConnectContext;
	/** The server has accepted the sign-in. */
	connection: Connection;
	settings: Settings;
	security: Security;
	/** Largest message and object accepted, in bytes. */
	limit: number;
}

export function createLink({ context, connection, settings, security, limit }: LinkOptions): Link {
	const { sink } = context;
	const inbox = createInbox(connection, settings.inbox);
	const publishes = createPublishes(connection);
	const sending = createSending(connection, inbox, publishes, sink);
	const subscribing = createSubscribing(connection, inbox, sink);
	const request = createRequests(connection, inbox, publishes);
	const api = createApi({ connection, request, prefix: settings.api });
	const reading = createReading(api, sink, context.memory);
	const consuming = createConsuming(connection, api, settings.inbox, sink);
	const browsing = createBrowsing(connection, api);
	const { life } = connection;
	void life.ended.then(() => {
		publishes.receipts.lost();
		subscribing.stop();
		reading.stop();
		consuming.stop();
	});

	function informed(info: ServerInfo, before: ServerInfo): void {
		announce(info, before, sink.note);
		if (info.servers.join() !== before.servers.join()) sink.browseChanged();
	}

	function reported(text: string): void {
		const denied = deniedOf(text);
		if (denied && [inbox, publishes, subscribing, consuming].some((one) => one.denied(denied, text))) return;
		if (!denied && subscribing.failed(text)) return;
		if (!denied) publishes.failed(text);
		sink.note(`The server reported an error: ${errorLine(text)}`, true);
	}

	connection.start({ info: informed, error: reported }, settings.pingEvery);

	return {
		security,
		facts: factsOf(connection.info),
		ended: life.ended,
		unfinished: connection.unfinished,
		subscribe(subscription, id, hold) {
			const { mode } = subscription;
			if (mode === 'stream' || mode === 'kv') return reading.subscribe(subscription, id);
			return mode === 'consume' ? consuming.subscribe(subscription, id, hold) : subscribing.subscribe(subscription, id);
		},
		async unsubscribe({ mode }, id) {
			if (mode === 'stream' || mode === 'kv') return reading.unsubscribe(id);
			return mode === 'consume' ? consuming.unsubscribe(id) : subscribing.unsubscribe(id);
		},
		settle: consuming.settle,
		held: consuming.held,
		prepare: sending.prepare,
		send: sending.send,
		browse: browsing.browse,
		ask: createQuestions(api),
		act: createActions({ api, browsing, consuming, sink, limit }),
		targets: browsing.targets,
		close: life.close,
		destroy: life.destroy,
	};
}

/** Notes what has changed at the server. Other servers that come and go are shown in the tree. */
function announce(info: ServerInfo, before: ServerInfo, note: (text: string, bad?: boolean) => void): void {
	if (info.lameDuck && !before.lameDuck)
		note(`The server is in lame duck mode: it will shut down and close this connection.${others(info.servers)}`, true);
	if (info.maxPayload !== before.maxPayload)
		note(`The server now accepts messages of at most ${info.maxPayload.toLocaleString('en')} bytes.`);
}

const others = (servers: readonly string[]) =>
	servers.length === 0
		? ''
		: ` Other servers, which are not connected to automatically: ${peerText(servers.join(', '), { most: 500 })}.`;

function factsOf(info: ServerInfo): Property[] {
	const facts: Property[] = [];
	const add = (label: string, value: string, help?: string) => {
		if (value !== '') facts.push({ label, value: peerText(value, { most: 500 }), ...(help && { help }) });
	};
	add('Server', `${info.name || info.id}, version ${info.version}`);
	add('Cluster', info.cluster);
	add('Other servers', info.servers.join(', '), 'As the server names them. They are not connected to automatically.');
	add('JetStream', info.jetStream ? `available${info.domain && `, domain ${info.domain}`}` : 'not available');
	add('Headers', info.headers ? 'supported' : 'not supported');
	add('Largest message', `${info.maxPayload.toLocaleString('en')} bytes`);
	add('Client', `${info.clientId}${info.clientIp && ` at ${info.clientIp}`}`);
	if (info.lameDuck) add('State', 'lame duck: the server is shutting down');
	return facts;
}
