import { FailureError, fail, toFailure } from '../../base/failure';
import type { Security } from '../../model/contracts/session';
import type { Adapter, ConnectContext, Link } from '../adapter';
import { attempt, authenticationWords } from '../shared/attempt';
import { hostAndPort } from '../shared/dial/address';
import type { Peer } from '../shared/dial/socket-failures';
import { createLink } from './link';
import { type Settings, settingsOf } from './settings';
import { type Connection, openConnection } from './wire/connection';

/** AMQP 0-9-1 with amqplib, behind the guard in `wire/`. */
export const adapter: Adapter = {
	async connect(context) {
		const settings = settingsOf(context.profile, context.secrets);
		return settings.nodes.length === 1
			? connectTo(context, settings, settings.nodes[0] as Peer)
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
			const link = await connectTo({ ...context, signal: AbortSignal.any([signal, timeout]) }, settings, node);
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

async function connectTo(context: ConnectContext, settings: Settings, node: Peer): Promise<Link> {
	const blocked = (reason: string | undefined) =>
		context.sink.note(
			reason === undefined
				? 'The server accepts messages again.'
				: 'The server accepts no messages at the moment because a resource is low (connection.blocked).',
			reason !== undefined,
		);
	const { connection, security } = await reach(context, settings, node, blocked);
	return createLink({
		...{ context, settings, node, connection },
		security: { ...security, mechanisms: { offered: connection.mechanisms, used: settings.mechanism } },
		async openAnother(until) {
			const signal = AbortSignal.any([until, AbortSignal.timeout(settings.connectWithin)]);
			const quiet = { ...context, signal, step() {}, found() {} };
			return (await reach(quiet, settings, node, () => {})).connection;
		},
	});
}

function reach(
	context: ConnectContext,
	settings: Settings,
	node: Peer,
	blocked: (reason: string | undefined) => void,
): Promise<{ connection: Connection; security: Security }> {
	const { signal } = context;
	return attempt({ context, address: node, tls: settings.tls }, async ({ socket, error, security, limit }) => {
		const connection = await openConnection({
			...settings,
			...{ socket, error, peer: node, signal, blocked, limit },
			greeted(product) {
				context.found(product);
				context.step('login');
			},
		});
		// A client certificate that is also the login is named once.
		const used = settings.mechanism === 'EXTERNAL' ? 'client certificate' : 'user name and password';
		const login = used === security.authentication ? undefined : used;
		return { connection, security: { ...security, authentication: authenticationWords(login, security) } };
	});
}
