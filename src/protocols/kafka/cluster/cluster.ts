import { FailureError, fail } from '../../../base/failure';
import type { Peer } from '../../shared/dial/socket-failures';
import { peerText } from '../../shared/peer-text';
import { findCoordinator, metadata, type Versions } from '../wire/apis';
import type { Connection } from '../wire/connection';
import { errorOf, kafkaFailure } from '../wire/failures';
import { answerOf } from '../wire/partial';
import { type HostMap, mapped } from './hosts';
import { unreachable } from './unreachable';

export interface Broker extends Peer {
	node: number;
	rack: string | undefined;
}

export interface Partition {
	index: number;
	/** -1: none. */
	leader: number;
	replicas: readonly number[];
	/** Replicas in sync. */
	inSync: readonly number[];
	/** Error code, 0 for none. */
	error: number;
}

export interface Topic {
	name: string;
	/** All zeros where the broker does not say it. */
	id: string;
	isInternal: boolean;
	/** By index. */
	partitions: readonly Partition[];
	/** Error code, 0 for none. */
	error: number;
}

/**
 * Purposes with connections of their own: fetches wait for messages, and joining a group waits for its other members; both
 * would hold up what comes behind them.
 */
export type Use = 'requests' | 'reading' | 'group';

export interface ClusterOptions {
	/** The connection over which the cluster was found. Its end is the end of the link. */
	main: Connection;
	hosts: HostMap;
	/** Opens a connection to another broker. Throws a FailureError. */
	dial(peer: Peer, use: Use): Promise<Connection>;
}

export interface Cluster {
	readonly main: Connection;
	/** As the last answer named them. */
	readonly brokers: readonly Broker[];
	/** -1: not known. */
	readonly controller: number;
	readonly id: string | undefined;
	/** Asks for these topics, or for all; unknown ones have an error. Never creates topics. */
	topics(names?: readonly string[]): Promise<Topic[]>;
	/** Throws `unknown-topic` and other refusals. Asks again if it was asked long ago, or if `fresh`. */
	topic(name: string, fresh?: boolean): Promise<Topic>;
	/** The connection to a broker of the cluster, opened when first needed. Throws `advertised-unreachable`. */
	broker(node: number, use?: Use): Promise<Connection>;
	/** Sends a request to the controller. */
	callController<Request extends unknown[], Response>(
		api: Versions<Request, Response>,
		...request: Request
	): Promise<Response>;
	/** The broker that coordinates a consumer group. */
	coordinator(group: string, use?: Use): Promise<Connection>;
	/** Closes all connections but the main one. */
	destroy(): void;
}

/** Milliseconds for which partitions and leaders are taken from memory. */
const freshFor = 30_000;
/** Maximum number of topics in memory. */
const maxCached = 1000;

export function createCluster({ main, hosts, dial }: ClusterOptions): Cluster {
	let brokers: Broker[] = [];
	let controller = -1;
	let id: string | undefined;
	const cached = new Map<string, { topic: Topic; at: number }>();
	const open = new Map<string, Promise<Connection>>();
	let isDestroyed = false;

	async function topics(names?: readonly string[]): Promise<Topic[]> {
		const answer = await answerOf(main.call(metadata, names ? [...names] : null, false, false));
		brokers = answer.brokers.map(({ nodeId, host, port, rack }) => ({
			node: nodeId,
			// Shown in sentences; a host whose name has control characters cannot be reached anyway.
			host: peerText(host, { most: 255 }),
			port,
			rack: rack ?? undefined,
		}));
		controller = answer.controllerId;
		id = answer.clusterId ?? undefined;
		return answer.topics.map((topic) => ({
			name: topic.name ?? '',
			id: topic.topicId,
			isInternal: topic.isInternal,
			error: topic.errorCode,
			partitions: topic.partitions
				.map((one) => ({
					index: one.partitionIndex,
					leader: one.leaderId,
					replicas: one.replicaNodes,
					inSync: one.isrNodes,
					error: one.errorCode,
				}))
				.sort((a, b) => a.index - b.index),
		}));
	}

	/** Requests that are under way, so that many messages at once ask once. */
	const asked = new Map<string, Promise<Topic>>();

	async function topic(name: string, fresh = false): Promise<Topic> {
		const had = cached.get(name);
		if (had && !fresh && performance.now() - had.at < freshFor) return had.topic;
		const pending = asked.get(name);
		if (pending) return pending;
		const asking = askTopic(name).finally(() => asked.delete(name));
		asked.set(name, asking);
		return asking;
	}

	async function askTopic(name: string): Promise<Topic> {
		let found: Topic | undefined;
		try {
			[found] = await topics([name]);
		} catch (error) {
			throw new FailureError(kafkaFailure(error, `topic "${name}"`));
		}
		if (found?.error !== 0) {
			cached.delete(name);
			throw new FailureError(topicFailure(name, found?.error ?? 3));
		}
		if (cached.size >= maxCached) cached.clear();
		cached.set(name, { topic: found, at: performance.now() });
		return found;
	}

	async function broker(node: number, use: Use = 'requests'): Promise<Connection> {
		let found = brokers.find((one) => one.node === node);
		if (!found) {
			await topics([]);
			found = brokers.find((one) => one.node === node);
		}
		if (!found) throw fail('no-broker', `The cluster does not name the address of its broker ${node}.`);
		const peer = mapped(hosts, found);
		if (!hostName.test(peer.host) || peer.port < 1 || peer.port > 65_535)
			throw fail(
				'bad-address',
				`The cluster names "${peerText(found.host, { most: 100 })}:${found.port}" as the address of its broker ${node}, which is none.`,
				{ remedy: { text: 'Check "advertised.listeners" of the broker.' } },
			);
		if (use === 'requests' && isSame(peer, main.peer)) return main;
		const key = `${use} ${peer.host}:${peer.port}`;
		const had = open.get(key);
		if (had) {
			if ((await had).life.state !== 'ended') return had;
			if (open.get(key) === had) open.delete(key);
			return broker(node, use);
		}
		const named = found;
		const dialing = dial(peer, use).catch((error: unknown) => {
			throw unreachable(error, { broker: named, peer, bootstrap: main.peer });
		});
		open.set(key, dialing);
		dialing.then(
			(connection) => {
				void connection.life.ended.then(() => open.get(key) === dialing && open.delete(key));
				if (isDestroyed) connection.life.destroy();
			},
			() => open.delete(key),
		);
		return dialing;
	}

	return {
		main,
		get brokers() {
			return brokers;
		},
		get controller() {
			return controller;
		},
		get id() {
			return id;
		},
		...{ topics, topic, broker },
		async callController(api, ...request) {
			if (controller === -1) await topics([]);
			return (controller === -1 ? main : await broker(controller)).call(api, ...request);
		},
		async coordinator(group, use) {
			const answer = await main.call(findCoordinator, 0, [group]).catch((error: unknown) => {
				throw new FailureError(kafkaFailure(error, `consumer group "${group}"`));
			});
			const [found] = answer.coordinators;
			if (!found) throw fail('no-coordinator', `The cluster names no coordinator for the consumer group "${group}".`);
			return broker(found.nodeId, use);
		},
		destroy() {
			isDestroyed = true;
			for (const one of open.values()) one.then(({ life }) => life.destroy()).catch(() => {});
		},
	};
}

/** A name or address, so that nothing else is looked up or dialled. */
const hostName = /^[\p{L}\p{N}._:%-]{1,255}$/u;

const isSame = (a: Peer, b: Peer) => a.port === b.port && a.host.toLowerCase() === b.host.toLowerCase();

const topicFailure = (name: string, code: number) => kafkaFailure(errorOf(code), `topic "${name}"`);
