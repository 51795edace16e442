import type { BrowseNode } from '../../../model/contracts/browse';
import type { Property } from '../../../model/contracts/session';
import { peerText } from '../../shared/peer-text';
import type { Consumer } from '../jetstream/consumers';
import { purposeOf, type Stream } from '../jetstream/streams';
import type { ServerInfo } from '../wire/info';
import { bigAt, textAt } from '../wire/json';
import { counted, duration, messages, n, property, shown, size, time } from './words';

/** Members of a configuration that have nothing to say. */
const unset = new Set<unknown>([undefined, null, '', 0, -1, false]);

function configuration(config: Record<string, unknown>): Property[] {
	return Object.entries(config)
		.filter(([name, value]) => name !== 'name' && !unset.has(value) && name !== 'subjects')
		.slice(0, 50)
		.map(([name, value]) => {
			const isTime = /^(max_age|duplicate_window|ack_wait|inactive_threshold|idle_heartbeat)$/.test(name);
			const text = isTime ? duration(bigAt(config, name)) : typeof value === 'string' ? value : JSON.stringify(value);
			return { label: shown(name), value: peerText(text, { most: 1000 }), group: 'Configuration' };
		});
}

function stateOf(stream: Stream): Property[] {
	return [
		...property('Subjects', stream.subjects.join(', ')),
		...property('Messages', n(stream.messages)),
		...property('Bytes', n(stream.bytes)),
		...property('First sequence', n(stream.first)),
		...property('First message', time(stream.firstTime)),
		...property('Last sequence', n(stream.last)),
		...property('Last message', time(stream.lastTime)),
		...property('Deleted between them', stream.deleted > 0n ? n(stream.deleted) : ''),
		...property('Subjects with messages', n(stream.subjectCount)),
		...property('Consumers', n(stream.consumers)),
		...property('Created', stream.created),
		...configuration(stream.config),
	];
}

export function streamNode(stream: Stream): BrowseNode {
	const { kind, name } = purposeOf(stream.name);
	const common = {
		id: `${kind}:${stream.name}`,
		kind,
		name: shown(name),
		expandable: true,
		properties: stateOf(stream),
	};
	if (kind === 'bucket') {
		const history = bigAt(stream.config, 'max_msgs_per_subject');
		return {
			...common,
			description: `${counted(stream.subjectCount, 'key')} · ${size(stream.bytes)}${history > 1n ? ` · history ${n(history)}` : ''}`,
			subscription: { target: name, mode: 'kv' },
			modes: ['kv'],
		};
	}
	if (kind === 'store') return { ...common, description: size(stream.bytes), modes: [] };
	const [subject] = stream.subjects;
	return {
		...common,
		description: [
			messages(stream.messages),
			size(stream.bytes),
			stream.messages > 0n && `${n(stream.first)}–${n(stream.last)}`,
			stream.consumers > 0n && counted(stream.consumers, 'consumer'),
		]
			.filter((part) => part)
			.join(' · '),
		subscription: { target: stream.name, mode: 'stream' },
		modes: ['stream'],
		...(subject !== undefined && !/[*>]/.test(subject) && { target: subject, compose: { verb: 'stream' } }),
	};
}

export function consumerNode(consumer: Consumer): BrowseNode {
	const { stream, name, config } = consumer;
	const isPush = consumer.deliverSubject !== '';
	return {
		...{ id: `consumer:${stream}/${name}`, kind: 'consumer', name: shown(name), expandable: false },
		description: [
			`${n(consumer.pending)} pending`,
			consumer.unacknowledged > 0n && `${n(consumer.unacknowledged)} unacknowledged`,
			isPush ? (consumer.isBound ? 'push, in use' : 'push') : consumer.waiting > 0n && 'in use',
			textAt(config, 'durable_name') === '' && 'ephemeral',
		]
			.filter((part) => part)
			.join(' · '),
		properties: [
			...property('Stream', stream),
			...property('Pending', n(consumer.pending)),
			...property('Unacknowledged', n(consumer.unacknowledged)),
			...property('Redelivered', n(consumer.redelivered)),
			...property('Waiting requests', isPush ? '' : n(consumer.waiting)),
			...property('Delivered up to', n(consumer.delivered)),
			...property('Acknowledged up to', n(consumer.acknowledged)),
			...property('Created', consumer.created),
			...configuration(config),
		],
		subscription: { target: `${stream}/${name}`, mode: 'consume' },
		modes: ['consume'],
	};
}

export function subjectNode(stream: string, subject: string, count: bigint): BrowseNode {
	return {
		...{ id: `subject:${stream}/${subject}`, kind: 'subject', name: shown(subject), expandable: false },
		description: messages(count),
		properties: [...property('Stream', stream), ...property('Messages', n(count))],
		target: subject,
		compose: { verb: 'stream' },
		subscription: { target: stream, mode: 'stream', filter: subject },
		modes: ['stream'],
	};
}

export function keyNode(bucket: string, key: string, revisions: bigint): BrowseNode {
	return {
		...{ id: `key:${bucket}/${key}`, kind: 'key', name: shown(key), expandable: false },
		description: revisions > 1n ? counted(revisions, 'revision') : undefined,
		properties: [...property('Bucket', bucket), ...property('Revisions', n(revisions))],
		target: `$KV.${bucket}.${key}`,
		subscription: { target: bucket, mode: 'kv', key, history: 'all' },
		modes: ['kv'],
	};
}

export function serverNode(info: ServerInfo, note: string | undefined, user: readonly Property[]): BrowseNode {
	return {
		...{ id: 'server', kind: 'server', name: shown(info.name || info.id), expandable: false },
		description: info.lameDuck ? 'shutting down (lame duck)' : `nats-server ${shown(info.version)}`,
		...(info.lameDuck && { bad: true }),
		properties: [
			...property('ID', info.id),
			...property('Version', info.version),
			...property('Cluster', info.cluster),
			...property('Other servers', info.servers.join(', ')),
			...property('JetStream', note ?? (info.jetStream ? 'available' : 'not available')),
			...property('Largest message', `${n(info.maxPayload)} bytes`),
			...user,
		],
		subscription: { target: '>', mode: 'subscribe' },
		modes: ['subscribe', 'queue'],
	};
}

/** Names behind the kind in the id of a node. */
export function nodeName(id: string | undefined, ...kinds: string[]): { kind: string; name: string } | undefined {
	const colon = id?.indexOf(':') ?? -1;
	const kind = id?.slice(0, colon) ?? '';
	return id !== undefined && colon > 0 && kinds.includes(kind) ? { kind, name: id.slice(colon + 1) } : undefined;
}

/** The two names of a node that belongs to another one: "STREAM/consumer". The first one has no slash. */
export function pairName(id: string | undefined, kind: string): [string, string] | undefined {
	const name = nodeName(id, kind)?.name;
	const slash = name?.indexOf('/') ?? -1;
	return name !== undefined && slash > 0 ? [name.slice(0, slash), name.slice(slash + 1)] : undefined;
}
