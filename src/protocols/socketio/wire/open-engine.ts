import { withDeadline } from '../../../base/deadline';
import { fail } from '../../../base/failure';
import type { Values } from '../../../model/profile/field';
import type { Dialed } from '../../shared/dial/dial';
import { textValue } from '../../shared/values';
import { createEngine, type Engine } from './engine';
import type { OpenPacket } from './open-packet';
import { closePolling, openPolling, pollingOf } from './polling-session';
import { olderVersion } from './refusals';
import { dialAgain, type EngineRequest, httpOf, pollingPath, webSocketOf } from './requests';
import { type Revision, revision3, revision4 } from './revision';
import { upgrade } from './upgrade';
import { webSocketTransport } from './web-socket-transport';

export interface OpenedEngine {
	engine: Engine;
	open: OpenPacket;
	/** The transport in words. */
	transport: string;
}

/** Milliseconds to wait for a server that opens a WebSocket and says nothing. */
const openWithin = 5000;
/** Milliseconds in which a server of version 2 connects the main namespace unasked, before it is probed. */
const unaskedWithin = 100;

/** Opens an Engine.IO session over the transport of the profile, and finds the revision of the server. Throws a FailureError. */
export async function openEngine(options: EngineRequest): Promise<OpenedEngine> {
	const { values } = options.context.profile;
	const transport = textValue(values, 'transport') ?? 'websocket';
	return transport === 'websocket' ? overWebSocket(options) : overPolling(options, transport === 'upgrade');
}

const wantedRevision = ({ version }: Values): Revision => (version === '2' ? revision3 : revision4);

async function overWebSocket(options: EngineRequest): Promise<OpenedEngine> {
	const { context, opened, auth } = options;
	const wanted = wantedRevision(context.profile.values);
	const first = await webSocketSession(options, opened, wanted);
	const { engine, open } = first;
	engine.revision = await findRevision(options, engine, open);
	if (engine.revision === wanted || auth.query === '') return first;
	// Version 2 judges the query of the handshake, which did not have the token.
	engine.life.destroy();
	return webSocketSession(options, await dialAgain(options), engine.revision);
}

async function webSocketSession(
	options: EngineRequest,
	{ socket, error }: Pick<Dialed, 'socket' | 'error'>,
	revision: Revision,
): Promise<OpenedEngine> {
	const { address, opened, request, goodbye, destroyed } = options;
	const webSocket = await webSocketOf(options, socket, error, request.headers, revision);
	const transport = webSocketTransport({
		...{ socket: webSocket, stream: socket, error, peer: address, limit: opened.limit },
		revision: () => engine.revision,
	});
	const engine = createEngine({ transport, revision, goodbye, destroyed });
	return { engine, open: await beforeSilence(engine), transport: 'WebSocket' };
}

/** A plain WebSocket server accepts the handshake as well, and may wait for a first message. */
function beforeSilence(engine: Engine): Promise<OpenPacket> {
	const silence = () =>
		fail('not-socketio', `The server opened a WebSocket, but no Socket.IO session within ${openWithin / 1000} s.`, {
			...(engine.revision === revision3
				? {
						remedy: {
							text: 'Set the server version of the connection to "Find out": servers of version 3 say nothing.',
						},
					}
				: {
						remedy: { text: 'If it is a plain WebSocket server, connect with the protocol WebSocket.' },
						otherProtocol: 'websocket',
					}),
		});
	return withDeadline(engine.opened, openWithin, silence);
}

/**
 * The revision of a server that was reached over WebSocket, where no server checks the wanted one before version 3. Later
 * servers state their largest payload. The others are told apart by the first message: version 2 connects the main namespace
 * unasked. What that leaves open is decided by the form of the answer to polling.
 */
async function findRevision(options: EngineRequest, engine: Engine, open: OpenPacket): Promise<Revision> {
	const { version } = options.context.profile.values;
	if (version === '2' || version === '4' || open.maxPayload !== undefined) return engine.revision;
	if (await engine.firstMessage(unaskedWithin)) return revision3;
	const http = httpOf(options);
	try {
		const probed = openPolling(http, pollingPath(options, revision4)).then(async (session) => {
			await closePolling(http, session);
			return session.revision;
		});
		// A server without polling refuses the probe.
		return await probed.catch(() => revision4);
	} finally {
		http.destroy();
	}
}

async function overPolling(options: EngineRequest, upgrades: boolean): Promise<OpenedEngine> {
	const { opened, context, goodbye, destroyed } = options;
	const http = httpOf(options, opened.socket);
	const abort = () => http.destroy();
	context.signal.addEventListener('abort', abort);
	try {
		const wanted = wantedRevision(context.profile.values);
		const pathOf = (revision: Revision) => pollingPath(options, revision);
		let session = await openPolling(http, pathOf(wanted));
		if (session.revision !== wanted) {
			await closePolling(http, session);
			if (context.profile.values.version === '4') throw olderVersion();
			session = await openPolling(http, pathOf(session.revision));
		}
		const { revision, open } = session;
		const polling = pollingOf(http, session, opened.limit);
		const engine = createEngine({ transport: polling, revision, goodbye, destroyed });
		await engine.opened;
		if (!upgrades) return { engine, open, transport: 'polling' };
		if (!open.upgrades.includes('websocket'))
			return { engine, open, transport: 'polling (the server offers no upgrade)' };
		const failure = await upgrade(options, http, engine, open, polling);
		if (failure) context.sink.note(`The upgrade to WebSocket failed: ${failure.message}`, true);
		return { engine, open, transport: failure ? 'polling (the upgrade failed)' : 'WebSocket, upgraded from polling' };
	} catch (error) {
		http.destroy();
		throw error;
	} finally {
		context.signal.removeEventListener('abort', abort);
	}
}
