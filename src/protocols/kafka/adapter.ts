import { FailureError, fail, toFailure } from '../../base/failure';
import type { Property, Security } from '../../model/contracts/session';
import type { Adapter, ConnectContext, Link } from '../adapter';
import { attempt, authenticationWords } from '../shared/attempt';
import { hostAndPort } from '../shared/dial/address';
import type { Peer } from '../shared/dial/socket-failures';
import { peerText } from '../shared/peer-text';
import { type Cluster, createCluster } from './cluster/cluster';
import { mapped } from './cluster/hosts';
import { createLink } from './link';
import { type Settings, settingsOf } from './settings';
import { type Connection, type ConnectionOptions, openConnection } from './wire/connection';
import { kafkaError } from './wire/failures';

/** Kafka with the wire of @platformatic/kafka, behind the guard in `wire/`. */
export const adapter: Adapter = {
	async connect(context) {
		const settings = settingsOf(context.profile, context.secrets);
		return settings.bootstrap.length === 1
			? attemptAt(context, settings, settings.bootstrap[0] as Peer)
			: firstOf(context, settings);
	},
};

/** Tries the bootstrap brokers in order, beginning with the last that answered. Each gets its share of the remaining time. */
async function firstOf(context: ConnectContext, settings: Settings): Promise<Link> {
	const { memory, signal } = context;
	const { bootstrap } = settings;
	const end = performance.now() + settings.connectWithin;
	const last = memory.get('kafka.bootstrap');
	const start = typeof last === 'number' ? last % bootstrap.length : 0;
	const tried: string[] = [];
	let fault: unknown;
	for (let at = 0; at < bootstrap.length && !signal.aborted; at++) {
		const index = (start + at) % bootstrap.length;
		const peer = bootstrap[index] as Peer;
		const share = (end - performance.now()) / (bootstrap.length - at);
		const timeout = AbortSignal.timeout(Math.max(1, Math.floor(share * 0.9)));
		try {
			const link = await attemptAt({ ...context, signal: AbortSignal.any([signal, timeout]) }, settings, peer);
			memory.set('kafka.bootstrap', index);
			return link;
		} catch (error) {
			const failure = toFailure(error);
			if (failure.final || signal.aborted || failure.code === 'advertised-unreachable') throw error;
			const isTimeout = timeout.aborted && failure.code === 'cancelled';
			fault = isTimeout ? fail('timeout', `${hostAndPort(peer)} does not answer.`) : error;
			tried.push(`${hostAndPort(peer)}: ${toFailure(fault).message}`);
		}
	}
	throw new FailureError({
		...toFailure(fault),
		message: `None of the ${bootstrap.length} bootstrap brokers of the connection could be reached.`,
		evidence: tried.join('\n'),
	});
}

/** As `connectTo`, with a hint for a broker that only closes the connection. */
async function attemptAt(context: ConnectContext, settings: Settings, peer: Peer): Promise<Link> {
	try {
		return await connectTo(context, settings, peer);
	} catch (error) {
		const failure = toFailure(error);
		if (failure.code !== 'closed-by-broker' || failure.remedy) throw error;
		// Brokers do not say what they miss: neither that a port expects TLS nor that a client must sign in first.
		const expected = [
			!settings.tls && 'TLS (kafka+ssl://)',
			settings.tls && !settings.tls.cert && !settings.tls.pfx && 'a client certificate',
			!settings.signIn && 'a sign-in (SASL)',
		].filter((one) => one);
		if (expected.length === 0) throw error;
		throw new FailureError({ ...failure, remedy: { text: `The broker may expect ${expected.join(' or ')}.` } });
	}
}

/** Milliseconds for an answer. Joining a group waits for all its members, in the Java client up to 5 minutes. */
const answerWithin = 20_000;
const joinWithin = 330_000;

async function connectTo(context: ConnectContext, settings: Settings, peer: Peer): Promise<Link> {
	const { connection: main, security } = await reach(
		context,
		{ ...settings, answerWithin, passesHeads: false },
		peer,
		settings.signIn && 'login',
	);
	const { signal } = context;
	const cluster = createCluster({
		main,
		hosts: settings.hosts,
		async dial(other, use) {
			const within = AbortSignal.timeout(settings.connectWithin);
			const ended = new AbortController();
			void main.life.ended.then(() => ended.abort());
			const quiet = { ...context, signal: AbortSignal.any([within, ended.signal]), step() {}, found() {} };
			const wire = { answerWithin: use === 'group' ? joinWithin : answerWithin, passesHeads: use === 'reading' };
			return (await reach(quiet, { ...settings, ...wire }, other)).connection;
		},
	});
	const abort = () => {
		cluster.destroy();
		main.life.destroy();
	};
	signal.addEventListener('abort', abort);
	try {
		await cluster.topics([]).catch((error: unknown) => {
			throw kafkaError(error, 'cluster');
		});
		await reachAdvertised(cluster, settings);
		main.watch(settings.pingEvery);
		return createLink({ context, cluster, security, facts: facts(cluster, settings, peer) });
	} catch (error) {
		abort();
		throw signal.aborted ? fail('cancelled', 'The connection attempt was cancelled.') : error;
	} finally {
		signal.removeEventListener('abort', abort);
	}
}

/** Brokers that are tried before a cluster is taken for unreachable. */
const maxTried = 3;

/**
 * Reads and writes go to the brokers that the cluster names. If the one that was reached is not among them, one of the others
 * must be reachable, so that a wrong "advertised.listeners" is reported here and not with the first message.
 */
async function reachAdvertised(cluster: Cluster, { hosts }: Settings): Promise<void> {
	const { brokers, main } = cluster;
	const isKnown = brokers.some((broker) => {
		const { host, port } = mapped(hosts, broker);
		return host.toLowerCase() === main.peer.host.toLowerCase() && port === main.peer.port;
	});
	if (isKnown || brokers.length === 0) return;
	await Promise.any(brokers.slice(0, maxTried).map(({ node }) => cluster.broker(node))).catch(
		(error: AggregateError) => {
			throw error.errors[0];
		},
	);
}

/** Opens a connection to a broker. `login`: the step is reported. */
function reach(
	context: ConnectContext,
	settings: Settings & Pick<ConnectionOptions, 'answerWithin' | 'passesHeads'>,
	peer: Peer,
	login?: 'login',
): Promise<{ connection: Connection; security: Security }> {
	return attempt({ context, address: peer, tls: settings.tls }, async ({ socket, error, security, limit }) => {
		let offered: readonly string[] = [];
		const connection = await openConnection({
			...settings,
			...{ socket, error, peer, limit },
			signingIn(mechanisms) {
				offered = mechanisms;
				context.found(`offered mechanisms: ${peerText(mechanisms.join(', '))}`);
				if (login) context.step('login');
			},
		});
		const { signIn } = settings;
		const used = signIn && (signIn.mechanism === 'OAUTHBEARER' ? 'token' : 'user name and password');
		return {
			connection,
			security: {
				...security,
				authentication: authenticationWords(used, security),
				...(signIn && { mechanisms: { offered: offered.map((one) => peerText(one)), used: signIn.mechanism } }),
			},
		};
	});
}

function facts({ brokers, controller, id }: Cluster, { signIn }: Settings, peer: Peer): Property[] {
	const list: Property[] = [];
	const add = (label: string, value: string | undefined) => {
		if (value !== undefined) list.push({ label, value: peerText(value) });
	};
	add('Cluster', id);
	add('Brokers', String(brokers.length));
	const found = brokers.find(({ node }) => node === controller);
	add('Controller', found && `${found.node} (${hostAndPort(found)})`);
	add('Bootstrap', hostAndPort(peer));
	add('User', signIn && signIn.mechanism !== 'OAUTHBEARER' ? signIn.username : undefined);
	return list;
}
