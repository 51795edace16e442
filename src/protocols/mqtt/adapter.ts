import { randomBytes } from 'node:crypto';
import { FailureError } from '../../base/failure';
import type { ResolvedProfile } from '../../model/profile/profile';
import type { Adapter, ConnectContext, Link } from '../adapter';
import { type Address, parseAddress } from '../shared/dial/address';
import { dial } from '../shared/dial/dial';
import { tlsSettings } from '../shared/tls/settings';
import { mqtt } from './describe/describe';
import { openLink } from './link';
import { pairs, text } from './messages/values';
import { type ConnectSettings, connectSettings } from './session/connect-options';
import { forgetClosings } from './session/session-takeover';
import { socketPipe } from './wire/pipe';
import { upgrade } from './wire/web-socket';

export const adapter: Adapter = {
	async connect(context) {
		try {
			return await attempt(context);
		} catch (error) {
			forgetClosings(context.memory);
			throw error;
		}
	},
};

async function attempt(context: ConnectContext): Promise<Link> {
	const address = parseAddress(context.profile.url, mqtt);
	const settings = connectSettings(context.profile, ownClientId(context.memory));
	const wanted = String(context.profile.values.mqttVersion ?? 'auto');
	if (wanted === '5') return once(context, address, settings, 5, false);
	if (wanted === '3.1.1') return once(context, address, settings, 4, false);
	return newestFirst(context, address, settings);
}

/** Attempts with MQTT 5 alone after both versions were cut off, to spare a server that hangs up on every client. */
const attemptsWithout = 9;

/**
 * MQTT 5 first, and 3.1.1 when that is refused, or answered by a connection that is closed or reset, as older brokers do.
 * What the broker has proven to speak holds for the session.
 */
async function newestFirst(context: ConnectContext, address: Address, settings: ConnectSettings): Promise<Link> {
	const { memory } = context;
	const proven = memory.get('mqtt.version');
	if (proven === 4) return once(context, address, settings, 4, true);
	let asked = false;
	const step: ConnectContext['step'] = (next) => {
		asked ||= next === 'handshake';
		context.step(next);
	};
	try {
		const link = await once({ ...context, step }, address, settings, 5, false);
		memory.set('mqtt.version', 5);
		return link;
	} catch (error) {
		const code = error instanceof FailureError ? error.failure.code : '';
		const cutOff = code === 'no-connack' || code === 'reset';
		if (!asked || !(cutOff || code === 'version-refused') || proven === 5 || context.signal.aborted) throw error;
		const without = Number(memory.get('mqtt.attemptsWithout') ?? 0);
		memory.set('mqtt.attemptsWithout', without > 0 ? without - 1 : cutOff ? attemptsWithout : 0);
		if (without > 0) throw error;
		const link = await once(context, address, settings, 4, true).catch((second: unknown) => {
			// What the profile asks for needs MQTT 5: the first reason counts.
			throw second instanceof FailureError && second.failure.code === 'bad-profile' ? error : second;
		});
		memory.set('mqtt.version', 4);
		return link;
	}
}

/** One dial and one CONNECT. */
async function once(
	context: ConnectContext,
	address: Address,
	settings: ConnectSettings,
	version: 4 | 5,
	fellBack: boolean,
): Promise<Link> {
	const { profile, secrets, signal } = context;
	const { socket, security, error } = await dial({
		host: address.host,
		port: address.port,
		tls: address.tls ? tlsSettings(profile, secrets) : undefined,
		context,
	});
	try {
		const own = profile.values.maxMessageBytes;
		const limit = typeof own === 'number' ? own : context.limits.messageBytes;
		const isWebSocket = address.scheme === 'ws' || address.scheme === 'wss';
		context.step('handshake');
		const pipe = isWebSocket
			? await upgrade(socket, error, {
					address,
					headers: pairs(profile.values, 'ws.headers', 'Request headers') ?? [],
					origin: text(profile.values, 'ws.origin', 'Origin'),
					limit,
					signal,
				})
			: socketPipe(socket, error, address);
		const link = await openLink({
			context,
			settings,
			version,
			fellBack,
			pipe,
			security: { ...security, authentication: authentication(profile, security.authentication) },
			limit,
			open: { received: kept(context, 'received', settings), sent: kept(context, 'sent', settings) },
		});
		context.found(link.facts.map(({ label, value }) => `${label} ${value}`).join(', '));
		return link;
	} catch (fault) {
		socket.destroy();
		throw fault;
	}
}

/** Empty client ID: a new one for each session, the same across its links. */
function ownClientId(memory: Map<string, unknown>): string {
	const known = memory.get('mqtt.clientId');
	if (typeof known === 'string') return known;
	const made = `mw-${randomBytes(8).toString('hex')}`;
	memory.set('mqtt.clientId', made);
	return made;
}

function kept({ memory }: ConnectContext, what: string, { clientId }: ConnectSettings): Set<number> {
	const key = `mqtt.${what}:${clientId}`;
	const known = memory.get(key);
	if (known instanceof Set) return known;
	const made = new Set<number>();
	memory.set(key, made);
	return made;
}

function authentication({ values }: ResolvedProfile, transport: string): string {
	const parts = [values.username ? 'user name and password' : '', transport === 'none' ? '' : transport];
	return parts.filter((part) => part).join(', ') || 'none';
}
