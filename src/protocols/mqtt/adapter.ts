import { randomBytes } from 'node:crypto';
import { FailureError } from '../../base/failure';
import type { Adapter, ConnectContext, Link } from '../adapter';
import { attempt, authenticationWords, type Opened } from '../shared/attempt';
import { type Address, parseAddress } from '../shared/dial/address';
import { type Pipe, type PipeOptions, socketPipe, webSocketPipe } from '../shared/pipe';
import { tlsSettings } from '../shared/tls/settings';
import { openWebSocket } from '../shared/web-socket';
import { mqtt } from './describe/describe';
import { openLink } from './link';
import { createHeldMemory, type HeldMemory } from './messages/held';
import { pairs, text } from './messages/values';
import { type ConnectSettings, connectSettings } from './session/connect-options';
import { forgetClosings } from './session/session-takeover';
import { broken } from './wire/reader';

export const adapter: Adapter = {
	async connect(context) {
		try {
			return await connect(context);
		} catch (error) {
			forgetClosings(context.memory);
			throw error;
		}
	},
};

async function connect(context: ConnectContext): Promise<Link> {
	const address = parseAddress(context.profile.url, mqtt);
	const settings = connectSettings(context.profile, ownClientId(context.memory), context.hold);
	const chosen = String(context.profile.values.mqttVersion ?? 'auto');
	if (chosen === '5') return connectWith(context, address, settings, 5, false);
	if (chosen === '3.1.1') return connectWith(context, address, settings, 4, false);
	return newestFirst(context, address, settings);
}

/** Attempts with MQTT 5 alone after both versions were cut off, to spare a server that hangs up on every client. */
const attemptsWithout = 9;

/**
 * MQTT 5 first, and 3.1.1 when that is refused, or answered by a connection that is closed or reset, as older brokers do.
 * The version that the broker has proven to speak holds for the session.
 */
async function newestFirst(context: ConnectContext, address: Address, settings: ConnectSettings): Promise<Link> {
	const { memory } = context;
	const proven = memory.get('mqtt.version');
	if (proven === 4) return connectWith(context, address, settings, 4, true);
	let isAsked = false;
	const step: ConnectContext['step'] = (next) => {
		isAsked ||= next === 'handshake';
		context.step(next);
	};
	try {
		const link = await connectWith({ ...context, step }, address, settings, 5, false);
		memory.set('mqtt.version', 5);
		return link;
	} catch (error) {
		const code = error instanceof FailureError ? error.failure.code : '';
		const isCutOff = code === 'no-connack' || code === 'reset';
		if (!isAsked || !(isCutOff || code === 'version-refused') || proven === 5 || context.signal.aborted) throw error;
		const without = Number(memory.get('mqtt.attemptsWithout') ?? 0);
		memory.set('mqtt.attemptsWithout', without > 0 ? without - 1 : isCutOff ? attemptsWithout : 0);
		if (without > 0) throw error;
		const link = await connectWith(context, address, settings, 4, true).catch((second: unknown) => {
			// The profile uses what only MQTT 5 has: the first reason counts.
			throw second instanceof FailureError && second.failure.code === 'bad-profile' ? error : second;
		});
		memory.set('mqtt.version', 4);
		return link;
	}
}

/** One dial and one CONNECT. */
function connectWith(
	context: ConnectContext,
	address: Address,
	settings: ConnectSettings,
	version: 4 | 5,
	fellBack: boolean,
): Promise<Link> {
	const { profile, secrets } = context;
	const tls = address.tls ? tlsSettings(profile, secrets) : undefined;
	return attempt({ context, address, tls }, async (opened) => {
		const { security, limit } = opened;
		const signIn = profile.values.username ? 'user name and password' : undefined;
		const link = await openLink({
			...{ context, settings, version, fellBack, limit, pipe: await pipeOver(opened, context, address) },
			security: { ...security, authentication: authenticationWords(signIn, security) },
			open: { received: storedIds(context, 'received', settings), sent: storedIds(context, 'sent', settings) },
			heldMemory: storedHeld(context, settings),
		});
		context.found(link.facts.map(({ label, value }) => `${label} ${value}`).join(', '));
		return link;
	});
}

async function pipeOver(opened: Opened, { profile }: ConnectContext, address: Address): Promise<Pipe> {
	const { socket, error, limit } = opened;
	const { values } = profile;
	const options: PipeOptions = { error, peer: address, word: 'broker' };
	if (address.scheme !== 'ws' && address.scheme !== 'wss') return socketPipe(socket, options);
	const headers: Record<string, string[]> = {};
	for (const [name, value] of pairs(values, 'ws.headers', 'Request headers') ?? [])
		headers[name] = [...(headers[name] ?? []), value];
	const request = 'Check the path in the URL (often /mqtt) and the request headers.';
	const webSocket = await openWebSocket(socket, {
		...{ address, error, headers, protocol: mqtt, subprotocols: ['mqtt'], defaultPath: '/mqtt' },
		origin: text(values, 'ws.origin', 'Origin'),
		// A message may hold several packets (MQTT 5, 6).
		limit: limit + 65_536,
		remedies: { request, signIn: 'Check the request headers of the connection.', subprotocol: request },
		noSubprotocol: 'The server speaks WebSocket but not MQTT over it.',
	});
	const wrongKind = broken('The broker sent a text message, but MQTT over WebSocket is binary (MQTT 5, 6).');
	return webSocketPipe(webSocket, { ...options, kind: 'binary', wrongKind });
}

/** The client ID where the profile has none: a new one for each session, the same across its links. */
function ownClientId(memory: Map<string, unknown>): string {
	const stored = memory.get('mqtt.clientId');
	if (typeof stored === 'string') return stored;
	const created = `mw-${randomBytes(8).toString('hex')}`;
	memory.set('mqtt.clientId', created);
	return created;
}

/** Packet identifiers that outlive a link, kept for each client ID. */
function storedIds({ memory }: ConnectContext, direction: string, { clientId }: ConnectSettings): Set<number> {
	const key = `mqtt.${direction}:${clientId}`;
	const stored = memory.get(key);
	if (stored instanceof Set) return stored;
	const created = new Set<number>();
	memory.set(key, created);
	return created;
}

/** Held messages that outlive a link, kept for each client ID. */
function storedHeld({ memory }: ConnectContext, { clientId }: ConnectSettings): HeldMemory {
	const key = `mqtt.held:${clientId}`;
	const stored = memory.get(key) as HeldMemory | undefined;
	if (stored) return stored;
	const created = createHeldMemory();
	memory.set(key, created);
	return created;
}
