import { FailureError } from '../../../base/failure';
import type { BrowseNode, BrowsePage } from '../../../model/contracts/browse';
import { sortedByName } from '../../../model/text/natural-order';
import { peerText } from '../../shared/peer-text';
import { exchangeTarget, queueTarget } from '../describe/addresses';
import type { Connection } from '../wire/connection';
import { counts, type createKnownNames } from './known-names';
import type { Management } from './management';
import { bindingNode, exchangeNode, n, queueNode } from './nodes';
import { type Server, serverId, serverNode } from './server';
import type { Queue, Topology } from './topology';

export interface BrowsingOptions {
	connection: Connection;
	vhost: string;
	management?: Management;
	topology?: Topology;
	server?: Server;
	named: ReturnType<typeof createKnownNames>;
	/** Names of queues that are taps of this connection. */
	taps: ReadonlySet<string>;
	/** Called when `states` changes. */
	changed(): void;
}

export interface Browsing {
	browse(parent: string | undefined, offset: number, count: number): Promise<BrowsePage>;
	/** Names that were seen in this session, as targets. */
	targets(start: string, limit: number): string[];
	/** The queue with its current counts. Throws the refusal. */
	queue(name: string): Promise<Queue>;
	typeOf(exchange: string): Promise<string | undefined>;
	/** "classic", "quorum", "stream"; undefined if the management API does not report it. */
	queueType(queue: string): Promise<string | undefined>;
	tracing(): Promise<boolean | undefined>;
	/** States that decide which actions are offered, as last read. */
	states(): readonly string[];
}

export interface NodeName {
	kind: 'queue' | 'exchange';
	name: string;
}

/** The name behind "queue:" or "exchange:". */
export function nodeName(id: string | undefined): NodeName | undefined {
	const [, kind, name] = /^(queue|exchange):([\s\S]*)$/.exec(id ?? '') ?? [];
	return (kind === 'queue' || kind === 'exchange') && name !== undefined ? { kind, name } : undefined;
}

/** Milliseconds to wait for details that only improve a text. */
const detailWithin = 1500;

export function createBrowsing(options: BrowsingOptions): Browsing {
	const { connection, vhost, management, topology, server, named, taps } = options;
	const seen = new Set<string>();
	let states: readonly string[] = [];
	const remember = (target: string) => {
		if (seen.size < 10_000) seen.add(target);
	};

	/** Uses the management API, or the known names where it cannot be used. */
	async function either<T>(
		managed: (topology: Topology) => Promise<T>,
		without: (note: string) => Promise<T>,
	): Promise<T> {
		if (!topology || !management) return without('The management API is disabled in the connection');
		try {
			return await managed(topology);
		} catch (error) {
			if (!(error instanceof FailureError) || !connection.live) throw error;
			return without(error.failure.message.replace(/\.$/, ''));
		}
	}

	const only = (note: string, what: string) =>
		`${note}: only ${what} that the connection names or that were used in this session are listed, without bindings.`;

	function exchanges(offset: number, count: number): Promise<BrowsePage> {
		return either<BrowsePage>(
			async (api) => {
				const { total, items } = await api.exchanges(offset, count);
				for (const { name } of items) remember(exchangeTarget(name));
				return { total, nodes: inOrder(total, items).map((one) => exchangeNode(one, true)) };
			},
			async (note) => {
				const names = named.exchangeNames();
				const found = await named.exchanges(names.slice(offset, offset + count));
				return {
					total: names.length,
					nodes: found.map((one) => exchangeNode(one, false)),
					note: only(note, 'exchanges'),
				};
			},
		);
	}

	function queues(offset: number, count: number): Promise<BrowsePage> {
		return either<BrowsePage>(
			async (api) => {
				const { total, items } = await api.queues(offset, count);
				for (const { name } of items) remember(queueTarget(name));
				return { total, nodes: inOrder(total, items).map((one) => queueNode(one, true, taps.has(one.name))) };
			},
			async (note) => {
				const names = named.queueNames();
				const found = await named.queues(names.slice(offset, offset + count));
				return { total: names.length, nodes: found.map((one) => queueNode(one, false)), note: only(note, 'queues') };
			},
		);
	}

	async function top(): Promise<BrowsePage> {
		const [all, tracing, serverTop] = await Promise.all([
			either<[number, number] | undefined>(
				async (api) => [(await api.exchanges(0, 1)).total, (await api.queues(0, 1)).total],
				async () => undefined,
			),
			isTracing(),
			detail(async () => server?.node()),
		]);
		const folder = (kind: 'exchanges' | 'queues', name: string, total: number | undefined): BrowseNode => ({
			...{ id: kind, kind, name, expandable: true },
			...(total !== undefined && { description: n(total) }),
		});
		const host: BrowseNode = {
			...{ id: 'vhost', kind: 'vhost', name: vhost === '' ? '(empty name)' : peerText(vhost, { most: 255 }) },
			expandable: false,
			description: tracing ? 'virtual host, firehose on' : 'virtual host',
			properties: [
				{ label: 'Virtual host', value: peerText(vhost, { most: 255 }) },
				{ label: 'Server', value: `${connection.product} ${connection.version}`.trim() },
				...(tracing === undefined ? [] : [{ label: 'Firehose', value: tracing ? 'on' : 'off' }]),
			],
			subscription: { target: 'firehose/#', mode: 'firehose' },
			modes: ['firehose'],
		};
		const nodes = [
			host,
			folder('exchanges', 'Exchanges', all?.[0] ?? named.exchangeNames().length),
			folder('queues', 'Queues', all?.[1] ?? named.queueNames().length),
			serverTop ?? serverNode(peerText(`${connection.product} ${connection.version}`.trim(), { most: 255 })),
		];
		return {
			total: nodes.length,
			nodes,
			...(!all && {
				note: only(
					management?.unusable?.message.replace(/\.$/, '') ?? 'Without the management API',
					'exchanges and queues',
				),
			}),
		};
	}

	async function ofServer(parent: string, offset: number, count: number): Promise<BrowsePage> {
		const missing = 'connections, channels, consumers, policies, users and alarms cannot be listed.';
		return either<BrowsePage>(
			async () => (await server?.browse(parent, offset, count)) ?? { total: 0, nodes: [] },
			async (note) => ({ total: 0, nodes: [], note: `${note}: ${missing}` }),
		);
	}

	async function bindings(
		kind: 'queue' | 'exchange',
		name: string,
		offset: number,
		count: number,
	): Promise<BrowsePage> {
		return either<BrowsePage>(
			async (api) => {
				const all = await api.bindings(kind, name);
				const nodes = all.slice(offset, offset + count).map((one) => bindingNode(one, kind, name));
				return { total: all.length, nodes };
			},
			async (note) => ({ total: 0, nodes: [], note: `${note}: bindings cannot be listed.` }),
		);
	}

	async function isTracing(): Promise<boolean | undefined> {
		const on = await detail(async () => (await topology?.vhost())?.tracing);
		if (on === undefined) return undefined;
		const before = states;
		states = on ? ['tracing'] : [];
		if (before.length !== states.length) options.changed();
		return on;
	}

	async function detail<T>(ask: () => Promise<T>): Promise<T | undefined> {
		if (!topology || management?.unusable) return undefined;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const timedOut = new Promise<undefined>((resolve) => {
			timer = setTimeout(() => resolve(undefined), detailWithin);
		});
		return Promise.race([ask().catch(() => undefined), timedOut]).finally(() => clearTimeout(timer));
	}

	return {
		async browse(parent, offset, count) {
			if (parent === undefined) return top();
			if (parent === 'exchanges') return exchanges(offset, count);
			if (parent === 'queues') return queues(offset, count);
			if (parent.startsWith(serverId)) return ofServer(parent, offset, count);
			const node = nodeName(parent);
			if (node) return bindings(node.kind, node.name, offset, count);
			return { total: 0, nodes: [] };
		},
		targets(start, limit) {
			const all = new Set([
				...named.exchangeNames().map((name) => exchangeTarget(name)),
				...named.queueNames().map(queueTarget),
				...seen,
			]);
			const found: string[] = [];
			for (const target of sortedByName([...all], (target) => target)) {
				if (found.length >= limit) break;
				if (target.startsWith(start)) found.push(target);
			}
			return found;
		},
		async queue(name) {
			const managed = await detail(async () => topology?.queue(name));
			// The statistics of the management API lag behind, so the counts come from the queue itself.
			const now = await counts(connection, name);
			return { ...(managed ?? { name }), ...now };
		},
		typeOf: (exchange) =>
			detail(async () => {
				const found = await topology?.exchange(exchange);
				return found?.type;
			}),
		queueType: (queue) => detail(async () => (await topology?.queue(queue))?.type),
		tracing: isTracing,
		states: () => states,
	};
}

/** Natural order where one page holds everything; pages of a longer list keep the order of the server. */
const inOrder = <T extends { name: string }>(total: number, items: readonly T[]): readonly T[] =>
	items.length === total ? sortedByName(items, ({ name }) => name) : items;
