import { isRecord } from '../../../base/check';
import type { BrowseNode } from '../../../model/contracts/browse';
import type { Property } from '../../../model/contracts/session';
import { formatRate } from '../../../model/text/words';
import { peerText } from '../../shared/peer-text';
import { n } from './nodes';
import type { Json } from './pages';

const text = (value: unknown) =>
	typeof value === 'string' && value !== '' ? peerText(value, { most: 255 }) : undefined;
const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const record = (value: unknown): Json => (isRecord(value) ? value : {});

/** "1.2 GB", in powers of ten as RabbitMQ's own pages show it. */
export function size(bytes: number | undefined): string | undefined {
	if (bytes === undefined) return undefined;
	const units = ['B', 'kB', 'MB', 'GB', 'TB'];
	const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
	const scaled = bytes / 1000 ** power;
	return `${scaled >= 100 || power === 0 ? Math.round(scaled) : scaled.toFixed(1)} ${units[power]}`;
}

const of = (used: unknown, limit: unknown, show: (value: number | undefined) => string | undefined) => {
	const [one, all] = [show(number(used)), show(number(limit))];
	return one === undefined ? undefined : all === undefined ? one : `${one} of ${all}`;
};
const count = (value: number | undefined) => (value === undefined ? undefined : n(value));

/** A rate from RabbitMQ's "…_details". */
export const rate = (stats: unknown, name: string): string | undefined => {
	const value = number(record(record(stats)[`${name}_details`]).rate);
	return value === undefined ? undefined : formatRate(value);
};

type Shown = string | number | boolean | undefined;

export function properties(group: string | undefined, ...pairs: [string, Shown][]): Property[] {
	return pairs.flatMap(([label, value]) => {
		if (value === undefined || value === '') return [];
		const shown = typeof value === 'boolean' ? (value ? 'yes' : 'no') : typeof value === 'number' ? n(value) : value;
		return [{ label, value: shown, ...(group !== undefined && { group }) }];
	});
}

const joined = (...parts: (string | false | undefined)[]) => parts.filter((part) => part).join(' · ');

/** "2 d 3 h", of milliseconds. */
function duration(ms: number | undefined): string | undefined {
	if (ms === undefined) return undefined;
	const minutes = Math.floor(ms / 60_000);
	const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
	if (days > 0) return `${n(days)} d ${hours} h`;
	return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

const time = (ms: unknown) => {
	const value = number(ms);
	return value === undefined || Math.abs(value) > 8.64e15 ? undefined : new Date(value).toISOString();
};

const row = (kind: string, name: string, more: Partial<BrowseNode>): BrowseNode => ({
	...{ id: `${kind}:${name}`, kind, name: peerText(name, { most: 255 }), expandable: false },
	...more,
});

/** The alarms of a cluster node in words. */
export const alarmsOf = (node: Json): string[] => [
	...(node.mem_alarm === true ? ['memory alarm'] : []),
	...(node.disk_free_alarm === true ? ['disk alarm'] : []),
	...(node.running === false ? ['not running'] : []),
	...(Array.isArray(node.partitions) && node.partitions.length > 0 ? ['network partition'] : []),
];

export function clusterNode(node: Json): BrowseNode {
	const alarms = alarmsOf(node);
	const memory = of(node.mem_used, node.mem_limit, size);
	const disk = size(number(node.disk_free));
	return row('node', String(node.name ?? ''), {
		description: joined(...alarms, memory && `memory ${memory}`, disk && `${disk} disk free`),
		...(alarms.length > 0 && { bad: true }),
		properties: [
			...properties(
				undefined,
				['Alarms', alarms.join(', ') || 'none'],
				['Type', text(node.type)],
				['Uptime', duration(number(node.uptime))],
				['Memory', memory],
				['Memory alarm', node.mem_alarm === true],
				['Disk free', disk],
				['Disk free limit', size(number(node.disk_free_limit))],
				['Disk alarm', node.disk_free_alarm === true],
				['File descriptors', of(node.fd_used, node.fd_total, count)],
				['Sockets', of(node.sockets_used, node.sockets_total, count)],
				['Erlang processes', of(node.proc_used, node.proc_total, count)],
				['Run queue', number(node.run_queue)],
				['Processors', number(node.processors)],
			),
		],
	});
}

export function connectionNode(one: Json): BrowseNode {
	const client = record(one.client_properties);
	const name = String(one.name ?? '');
	const own = text(one.user_provided_name) ?? text(client.connection_name);
	const state = text(one.state);
	const isBlocked = state === 'blocked' || state === 'blocking';
	return row('connection', name, {
		name: own === undefined ? peerText(name, { most: 255 }) : own,
		...(isBlocked && { bad: true }),
		description: joined(
			text(one.user),
			state !== 'running' && state,
			number(one.channels) !== undefined && `${n(number(one.channels) ?? 0)} channels`,
			own !== undefined && peerText(name, { most: 255 }),
		),
		properties: [
			...properties(
				undefined,
				['State', state],
				['User', text(one.user)],
				['Virtual host', text(one.vhost)],
				['Address', name],
				['Protocol', text(one.protocol)],
				['Encrypted', typeof one.ssl === 'boolean' ? one.ssl : undefined],
				['Connected', time(one.connected_at)],
				['Channels', number(one.channels)],
				['Heartbeat', number(one.timeout) === undefined ? undefined : `${number(one.timeout)} s`],
				['Received', of(one.recv_oct, undefined, size)],
				['Sent', of(one.send_oct, undefined, size)],
				['Node', text(one.node)],
			),
			...properties(
				'Client',
				...(['product', 'version', 'platform'] as const).map((key): [string, Shown] => [key, text(client[key])]),
			),
		],
	});
}

export function channelNode(one: Json): BrowseNode {
	const unacknowledged = number(one.messages_unacknowledged);
	const consumers = number(one.consumer_count);
	const stats = one.message_stats;
	return row('channel', String(one.name ?? ''), {
		description: joined(
			text(one.user),
			consumers !== undefined && `${n(consumers)} ${consumers === 1 ? 'consumer' : 'consumers'}`,
			!!unacknowledged && `${n(unacknowledged)} unacknowledged`,
			one.confirm === true && 'confirms',
		),
		properties: properties(
			undefined,
			['State', text(one.state)],
			['User', text(one.user)],
			['Virtual host', text(one.vhost)],
			['Consumers', consumers],
			['Unacknowledged', unacknowledged],
			['Unconfirmed', number(one.messages_unconfirmed)],
			['Prefetch', number(one.prefetch_count)],
			['Publisher confirms', one.confirm === true],
			['Transactions', one.transactional === true],
			['Publish rate', rate(stats, 'publish')],
			['Delivery rate', rate(stats, 'deliver_get')],
			['Node', text(one.node)],
		),
	});
}

export function consumerNode(one: Json, at: number): BrowseNode {
	const queue = text(record(one.queue).name);
	const channel = record(one.channel_details);
	const tag = String(one.consumer_tag ?? '');
	const prefetch = number(one.prefetch_count);
	return row('consumer', `${at} ${tag}`, {
		name: peerText(tag, { most: 255 }),
		description: joined(
			queue && `queue ${queue}`,
			one.ack_required === false ? 'automatic acknowledgement' : prefetch !== undefined && `prefetch ${n(prefetch)}`,
			one.active === false && 'inactive',
		),
		properties: properties(
			undefined,
			['Queue', queue],
			['Channel', text(channel.name)],
			['User', text(channel.user)],
			['Acknowledges', one.ack_required !== false],
			['Prefetch', prefetch],
			['Exclusive', one.exclusive === true],
			['Active', typeof one.active === 'boolean' ? one.active : undefined],
		),
	});
}

export function policyNode(one: Json): BrowseNode {
	const definition = Object.entries(record(one.definition)).slice(0, 50);
	return row('policy', String(one.name ?? ''), {
		description: joined(text(one.pattern), text(one['apply-to'])),
		properties: [
			...properties(
				undefined,
				['Pattern', text(one.pattern)],
				['Applies to', text(one['apply-to'])],
				['Priority', number(one.priority)],
			),
			...definition.flatMap(([key, value]) =>
				properties('Definition', [
					peerText(key, { most: 255 }),
					peerText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), { most: 255 }),
				]),
			),
		],
	});
}

/** Hashes of passwords, which the API sends as well, are left out. */
export function userNode(one: Json, permissions: readonly Json[]): BrowseNode {
	const name = String(one.name ?? '');
	const tags = Array.isArray(one.tags) ? one.tags.join(', ') : String(one.tags ?? '');
	const own = permissions.filter(({ user }) => user === name).slice(0, 50);
	const all = (value: unknown) => text(value) ?? '(none)';
	return row('user', name, {
		description: tags === '' ? 'no tags' : peerText(tags, { most: 255 }),
		properties: [
			...properties(undefined, ['Tags', tags === '' ? 'none' : peerText(tags, { most: 255 })]),
			...own.flatMap(({ vhost, configure, write, read }) =>
				properties('Permissions', [
					text(vhost) ?? '(empty name)',
					`configure ${all(configure)}, write ${all(write)}, read ${all(read)}`,
				]),
			),
		],
	});
}
