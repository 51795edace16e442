import { isRecord } from '../../../base/check';
import { FailureError } from '../../../base/failure';
import type { BrowseNode, BrowsePage } from '../../../model/contracts/browse';
import { peerText } from '../../shared/peer-text';
import type { Management } from './management';
import { n } from './nodes';
import { createPages, type Json, type Listed } from './pages';
import {
	alarmsOf,
	channelNode,
	clusterNode,
	connectionNode,
	consumerNode,
	policyNode,
	properties,
	rate,
	userNode,
} from './server-nodes';

/** Connections, users, policies and the cluster, from the management API. Only reads. */
export interface Server {
	/** The node of the server with its rates and alarms. Throws a FailureError. */
	node(): Promise<BrowseNode>;
	/** Undefined for a node that is none of these. Throws a FailureError. */
	browse(parent: string, offset: number, count: number): Promise<BrowsePage> | undefined;
}

export const serverId = 'server';

/** The node of the server as far as it is known without the API. */
export const serverNode = (product: string): BrowseNode => ({
	...{ id: serverId, kind: 'server', name: 'Server', expandable: true },
	description: product,
});

const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const record = (value: unknown): Json => (isRecord(value) ? value : {});
const isForbidden = (error: unknown) => error instanceof FailureError && error.failure.code === 'management-forbidden';

export function createServer(management: Management, vhost: string, product: string): Server {
	const pages = createPages(management);
	const host = encodeURIComponent(vhost);
	const overview = () => pages.one('/overview', (value) => value);

	/** The nodes of the cluster; empty for a user that may not see them. */
	const nodes = () =>
		pages.whole('/nodes').catch((error) => {
			if (isForbidden(error)) return [];
			throw error;
		});

	async function whole(path: string, of: (value: Json, at: number) => BrowseNode): Promise<Listed<BrowseNode>> {
		const items = (await pages.whole(path)).map(of);
		return { total: items.length, items };
	}

	const lists: Record<string, { label: string; read(offset: number, count: number): Promise<Listed<BrowseNode>> }> = {
		nodes: { label: 'Nodes', read: () => whole('/nodes', clusterNode) },
		connections: {
			label: 'Connections',
			read: (from, count) => pages.list('/connections', from, count, connectionNode),
		},
		channels: { label: 'Channels', read: (from, count) => pages.list('/channels', from, count, channelNode) },
		consumers: { label: 'Consumers', read: () => whole(`/consumers/${host}`, consumerNode) },
		policies: { label: 'Policies', read: () => whole(`/policies/${host}`, policyNode) },
		users: {
			label: 'Users',
			async read() {
				const permissions = await pages.whole('/permissions').catch(() => []);
				return whole('/users', (user) => userNode(user, permissions));
			},
		},
	};

	async function groups(): Promise<BrowsePage> {
		const totals = record((await overview()).object_totals);
		const found = Object.entries(lists).map(([id, { label }]): BrowseNode => {
			const total = number(totals[id]);
			return {
				...{ id: `${serverId}/${id}`, kind: 'list', name: label, expandable: true },
				...(total !== undefined && { description: n(total) }),
			};
		});
		return { total: found.length, nodes: found };
	}

	async function page(id: string, offset: number, count: number): Promise<BrowsePage> {
		const list = lists[id];
		if (!list) return { total: 0, nodes: [] };
		try {
			const { total, items } = await list.read(offset, count);
			// Lists that come as a whole are longer than what was asked for, or begin before it.
			return { total, nodes: items.length === total ? items.slice(offset, offset + count) : items };
		} catch (error) {
			if (!isForbidden(error)) throw error;
			const { message, remedy } = (error as FailureError).failure;
			return { total: 0, nodes: [], note: [message, remedy?.text].filter(Boolean).join(' ') };
		}
	}

	return {
		async node() {
			const [facts, cluster] = await Promise.all([overview(), nodes()]);
			const stats = facts.message_stats;
			const totals = record(facts.queue_totals);
			const alarms = cluster.flatMap((node) => alarmsOf(node).map((alarm) => `${alarm} on ${String(node.name)}`));
			const [published, delivered] = [rate(stats, 'publish'), rate(stats, 'deliver_get')];
			const ready = number(totals.messages_ready);
			const parts = [...alarms, product, published && `${published} in`, delivered && `${delivered} out`];
			const text = (value: unknown) => (typeof value === 'string' ? peerText(value, { most: 255 }) : undefined);
			return {
				...serverNode(product),
				description: peerText(parts.filter((part) => part).join(' · '), { most: 255 }),
				...(alarms.length > 0 && { bad: true }),
				properties: [
					...properties(
						undefined,
						['Alarms', cluster.length === 0 ? undefined : peerText(alarms.join(', ') || 'none', { most: 255 })],
						['Version', text(facts.rabbitmq_version)],
						['Erlang', text(facts.erlang_version)],
						['Cluster', text(facts.cluster_name)],
						['Nodes', cluster.length === 0 ? undefined : cluster.length],
					),
					...properties(
						'Messages',
						['Ready', ready],
						['Unacknowledged', number(totals.messages_unacknowledged)],
						['Published', published],
						['Delivered', delivered],
						['Acknowledged', rate(stats, 'ack')],
						['Returned', rate(stats, 'return_unroutable')],
					),
				],
			};
		},
		browse(parent, offset, count) {
			if (parent === serverId) return groups();
			const [, id] = /^server\/(\w+)$/.exec(parent) ?? [];
			return id === undefined ? undefined : page(id, offset, count);
		},
	};
}
