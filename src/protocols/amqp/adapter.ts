import { FailureError, fail, toFailure } from '../../base/failure';
import type { Adapter, ConnectContext, Link } from '../adapter';
import { hostAndPort } from '../shared/dial/address';
import { dial } from '../shared/dial/dial';
import type { Peer } from '../shared/dial/socket-failures';
import { createLink } from './link';
import { type Settings, settingsOf } from './settings';
import { openConnection } from './wire/connection';

/** AMQP 0-9-1 with amqplib, behind the guard in `wire/`. */
export const adapter: Adapter = {
	async connect(context) {
		const settings = settingsOf(context.profile, context.secrets);
		return settings.nodes.length === 1
			? attempt(context, settings, settings.nodes[0] as Peer, context.signal)
			: firstOf(context, settings);
	},
};

/** Tries the nodes in order, beginning with the last that answered. Each gets its share of the remaining time. */
async function firstOf(context: ConnectContext, settings: Settings): Promise<Link> {
	const { memory, signal } = context;
	const end = performance.now() + settings.connectWithin;
	const last = memory.get('amqp.node');
	const start = typeof last === 'number' ? last % settings.nodes.length : 0;
	const tried: string[] = [];
	let fault: unknown;
	for (let at = 0; at < settings.nodes.length && !signal.aborted; at++) {
		const index = (start + at) % settings.nodes.length;
		const node = settings.nodes[index] as Peer;
		const share = (end - performance.now()) / (settings.nodes.length - at);
		const timeout = AbortSignal.timeout(Math.max(1, Math.floor(share * 0.9)));
		try {
			const link = await attempt(context, settings, node, AbortSignal.any([signal, timeout]));
			memory.set('amqp.node', index);
			return link;
		} catch (error) {
			const failure = toFailure(error);
			if (failure.final || signal.aborted) throw error;
			const isTimeout = timeout.aborted && failure.code === 'cancelled';
			fault = isTimeout ? fail('timeout', `${hostAndPort(node)} does not answer.`) : error;
			tried.push(`${hostAndPort(node)}: ${toFailure(fault).message}`);
		}
	}
	throw new FailureError({
		...toFailure(fault),
		message: `None of the ${settings.nodes.length} nodes of the connection could be reached.`,
		evidence: tried.join('\n'),
	});
}

async function attempt(context: ConnectContext, settings: Settings, node: Peer, signal: AbortSignal): Promise<Link> {
	const blocked = (reason: string | undefined) =>
		context.sink.note(
			reason === undefined
				? 'The server accepts messages again.'
				: 'The server accepts no messages at the moment because a resource is low (connection.blocked).',
			reason !== undefined,
		);
	const { step, found } = context;
	const { connection, security } = await reach({ context, settings, node, signal, step, found, blocked });
	const used = settings.mechanism === 'EXTERNAL' ? 'client certificate' : `user name and password`;
	const parts = [
		used,
		security.authentication !== 'none' && used !== security.authentication && security.authentication,
	];
	return createLink({
		context,
		settings,
		node,
		connection,
		security: {
			...security,
			authentication: parts.filter((part) => part).join(', '),
			mechanisms: { offered: connection.mechanisms, used: settings.mechanism },
		},
		openAnother: async (until) =>
			(
				await reach({
					...{ context, settings, node, step() {}, found() {}, blocked() {} },
					signal: AbortSignal.any([until, AbortSignal.timeout(settings.connectWithin)]),
				})
			).connection,
	});
}

interface Reaching extends Pick<ConnectContext, 'signal' | 'step' | 'found'> {
	context: ConnectContext;
	settings: Settings;
	node: Peer;
	blocked(reason: string | undefined): void;
}

async function reach({ context, settings, node, signal, blocked, ...reports }: Reaching) {
	const { profile } = context;
	const step = { signal, ...reports };
	const { socket, error, security } = await dial({ ...node, tls: settings.tls, context: step });
	try {
		step.step('handshake');
		const { maxMessageBytes } = profile.values;
		const connection = await openConnection({
			...{ socket, error, peer: node, signal, blocked },
			...{ mechanism: settings.mechanism, user: settings.user, password: settings.password },
			...{ vhost: settings.vhost, heartbeat: settings.heartbeat, connectionName: settings.connectionName },
			limit: typeof maxMessageBytes === 'number' ? maxMessageBytes : context.limits.messageBytes,
			greeted(product) {
				step.found(product);
				step.step('login');
			},
		});
		return { connection, security };
	} catch (fault) {
		socket.destroy();
		throw fault;
	}
}
