import { FailureError, fail } from '../../base/failure';
import type { Property } from '../../model/contracts/session';
import { formatCount } from '../../model/text/words';
import type { Adapter } from '../adapter';
import { attempt, authenticationWords } from '../shared/attempt';
import { parseAddress } from '../shared/dial/address';
import { requestHeaders } from '../shared/http/headers';
import { tlsSettings } from '../shared/tls/settings';
import { numberValue, pairsValue, textValue } from '../shared/values';
import { socketio } from './describe/describe';
import { checkNamespace } from './describe/target';
import { createLink } from './link';
import { type Acknowledging, createAcknowledging } from './messages/acknowledging';
import { createIncoming } from './messages/incoming';
import { createNamespaces, type Namespaces } from './messages/namespaces';
import { createSending, type Sending } from './messages/sending';
import { authOf, endpointOf } from './settings';
import type { Engine } from './wire/engine';
import { openEngine } from './wire/open-engine';
import type { OpenPacket } from './wire/open-packet';
import { packetType, writeHead } from './wire/packet';
import { revision3 } from './wire/revision';

/** Socket.IO 2 to 4 with packets of our own on ws and Node's HTTP, over connections that are dialed like every other one. */
export const adapter: Adapter = {
	async connect(context) {
		const { profile, secrets, sink } = context;
		const { values } = profile;
		const address = parseAddress(profile.url, socketio);
		const origin = textValue(values, 'origin');
		const headers = [...pairsValue(values, 'headers'), ...(origin === undefined ? [] : [['origin', origin]])];
		const request = requestHeaders({ ...values, headers: headers as [string, string][] }, secrets);
		const endpoint = endpointOf(address.path, values);
		const problem = checkNamespace(endpoint.namespace);
		if (problem !== undefined) throw fail('bad-url', problem, { final: true });
		const auth = authOf(values, secrets);
		const tls = address.tls ? tlsSettings(profile, secrets) : undefined;
		return attempt({ context, address, tls }, async (opened) => {
			let namespaces: Namespaces | undefined;
			let sending: Sending | undefined;
			const { engine, open, transport } = await openEngine({
				...{ context, opened, address, tls, endpoint, request, auth },
				goodbye() {
					for (const { name, isConnected } of namespaces?.all ?? [])
						if (isConnected) engine.send({ text: `4${writeHead({ type: packetType.disconnect, namespace: name })}` });
				},
				destroyed: () => sending?.stop(),
			});
			const { life } = engine;
			const main = endpoint.namespace;
			namespaces = createNamespaces({
				...{ engine, auth, hasSecret: auth.words !== undefined },
				// Events that come at once follow the connection in the log.
				accepted: ({ name }) => name === main && engine.hold(),
				disconnected({ name, subscription }, failure) {
					if (name === main) life.end({ ...failure, final: true });
					else if (subscription !== undefined) sink.subscription(subscription, { failure });
					else sink.note(failure.message, true);
				},
				reported: (text) => sink.note(text, true),
			});
			const joined = namespaces;
			void life.ended.then((failure) =>
				joined.stop(new FailureError(failure ?? { code: 'closed', message: 'The connection was closed.' })),
			);
			const abort = () => life.destroy();
			context.signal.addEventListener('abort', abort);
			try {
				return await join();
			} catch (error) {
				life.destroy();
				throw error;
			} finally {
				context.signal.removeEventListener('abort', abort);
			}

			async function join() {
				sending = createSending({ engine, namespaces: joined, sink, maxPayload: open.maxPayload });
				const acknowledging: Acknowledging = createAcknowledging(sending, sink);
				const incoming = createIncoming({
					...{ sink, namespaces: joined, limit: opened.limit },
					answered: sending.answered,
					asked: acknowledging.asked,
				});
				engine.watch(open, (numberValue(values, 'pingInterval') ?? 30) * 1000);
				if (auth.words !== undefined) context.step('login');
				const joining = joined.join(main);
				engine.receive(incoming);
				const { socketId } = await joining;
				const facts = factsOf(engine, open, transport, main, socketId);
				context.found(facts.map(({ label, value }) => `${label}: ${value}`).join(', '));
				const authentication = [request.authentication, auth.words].filter((one) => one !== undefined).join(', ');
				return createLink({
					...{ engine, facts, sink, main, incoming, sending, acknowledging },
					namespaces: joined,
					security: { ...opened.security, authentication: authenticationWords(authentication, opened.security) },
				});
			}
		});
	},
};

function versionWords({ revision }: Engine, { maxPayload }: OpenPacket): string {
	// Servers of version 4.5 and later state their largest payload, to clients of version 2 as well.
	if (revision === revision3) return maxPayload === undefined ? '2' : '4, as a client of version 2';
	return maxPayload === undefined ? '3, or 4 before 4.5' : '4';
}

function factsOf(
	engine: Engine,
	open: OpenPacket,
	transport: string,
	main: string,
	id: string | undefined,
): Property[] {
	const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;
	return [
		{ label: 'Server version', value: versionWords(engine, open) },
		{ label: 'Transport', value: transport },
		{ label: 'Namespace', value: main },
		...(id === undefined ? [] : [{ label: 'Socket id', value: id }]),
		{ label: 'Heartbeat', value: `every ${seconds(open.pingInterval)}, answered within ${seconds(open.pingTimeout)}` },
		...(open.maxPayload === undefined
			? []
			: [{ label: 'Largest packet', value: `${formatCount(open.maxPayload)} bytes` }]),
	];
}
