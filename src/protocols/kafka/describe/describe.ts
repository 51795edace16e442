import type { Mode, ProtocolDescription, Verb } from '../../description';
import { files } from '../files/files';
import { actions } from './actions';
import { comparison } from './comparison';
import { delivery } from './delivery';
import { groupFields, produceFields, profileFields, readFields } from './fields';
import { isTombstone, kafkaFlag } from './flags';
import { holdingOf } from './holding';
import type { KafkaMode, KafkaVerb } from './ids';
import { presets } from './presets';
import { contentType, kafkaParts, kafkaProperties, positionText } from './properties';
import { checkTopic } from './topics';

export const kafka: ProtocolDescription<Uint8Array> = {
	id: 'kafka',
	label: 'Kafka',
	summary: 'Topics, partitions and consumer groups of Apache Kafka and compatible clusters, over TCP or TLS.',
	schemes: [
		{ scheme: 'kafka', defaultPort: 9092, tls: false },
		{ scheme: 'kafka+ssl', defaultPort: 9093, tls: true },
	],
	urlPlaceholder: 'kafka://localhost:9092',
	client: 'clientId',
	words: {
		target: 'topic',
		targets: 'topics',
		subscribe: 'Read',
		unsubscribe: 'Stop reading',
		send: 'Produce',
		message: 'message',
		messages: 'messages',
		empty: 'No messages yet. Read a topic to see its messages; that changes nothing in the cluster.',
	},
	separator: '.',
	presets,
	profile: profileFields,
	secretAddresses: ['brokers', 'hosts'],
	secretNeeded({ values }) {
		if (values.mechanism === 'OAUTHBEARER') return 'token';
		return values.mechanism !== 'none' && values.username ? 'password' : undefined;
	},
	subscription: {
		label: 'Topic',
		placeholder: 'orders',
		fields: [],
		check: checkTopic,
		holds: holdingOf,
		// Several groups may read a topic at once, and a reading with an end runs beside others.
		identity({ target, mode = 'read', group, from, until, limit, partitions }) {
			if (mode === 'group') return JSON.stringify([target, mode, group]);
			const isBounded = until !== undefined || limit !== undefined;
			return JSON.stringify([target, mode, partitions, ...(isBounded ? [from, until, limit] : [])]);
		},
		sideEffect: 'Depends on the mode.',
		suggest: [],
		modes: [
			{
				id: 'read',
				label: 'Read',
				icon: 'book',
				sideEffect:
					'Reads without joining a consumer group and commits nothing: the cluster and its consumers do not notice.',
				form: true,
				fields: readFields,
				readsAll: { from: 'earliest', until: 'end' },
			},
			{
				id: 'group',
				label: 'Consume as Group Member',
				stop: 'Leave Group',
				icon: 'organization',
				sideEffect:
					'Joins the consumer group: its partitions are divided anew, other members receive less, and what is read here is committed.',
				intrusive: true,
				form: true,
				fields: groupFields,
			},
		] satisfies readonly Mode<KafkaMode>[],
	},
	browse: {
		label: 'Cluster',
		refreshMs: 5000,
		kinds: {
			topics: { label: 'Topics', icon: 'folder' },
			internal: { label: 'Internal topics', icon: 'folder' },
			groups: { label: 'Consumer groups', icon: 'folder' },
			brokers: { label: 'Brokers', icon: 'folder' },
			topic: { label: 'Topic', icon: 'book' },
			'internal-topic': { label: 'Internal topic', icon: 'book' },
			partition: { label: 'Partition', icon: 'list-ordered' },
			configs: { label: 'Configuration', icon: 'settings' },
			config: { label: 'Configuration value', icon: 'symbol-property' },
			group: { label: 'Consumer group', icon: 'organization' },
			member: { label: 'Member', icon: 'person' },
			position: { label: 'Committed offset', icon: 'bookmark' },
			broker: { label: 'Broker', icon: 'vm' },
			controller: { label: 'Broker and controller', icon: 'vm-active' },
		},
	},
	verbs: [
		{
			id: 'produce',
			label: 'Produce',
			target: 'required',
			targetPlaceholder: 'orders',
			checkTarget: checkTopic,
			fields: produceFields,
			// The messages of one partition keep their order.
			keeps: { partition: 0 },
			proves: 'The receipt names partition and offset. With "none", the broker does not answer and nothing is proven.',
		},
	] satisfies readonly Verb<KafkaVerb>[],
	columns: [
		{
			id: 'partition',
			label: 'Part.',
			title: 'Partition',
			width: 5,
			text: () => '',
			read: (_, meta) => positionText(meta, 'partition'),
		},
		{
			id: 'offset',
			label: 'Offset',
			title: 'Offset',
			width: 7,
			text: () => '',
			read: (_, meta) => positionText(meta, 'offset'),
		},
		{
			id: 'tombstone',
			label: 'T',
			icon: 'trash',
			title: 'Tombstone: the value is null, which deletes the key',
			width: 1,
			text: (flags) => (isTombstone(flags) ? 'T' : ''),
		},
		{
			id: 'group',
			label: 'G',
			icon: 'organization',
			title: 'Consumed as a member of a consumer group',
			width: 1,
			text: (flags) => (flags & kafkaFlag.consumed ? 'G' : ''),
		},
	],
	actions,
	delivery,
	properties: kafkaProperties,
	parts: kafkaParts,
	partColumn: { part: 'key', label: 'Key', title: 'Key of the message', width: 12 },
	contentType,
	files,
	comparison,
	imports: [
		{
			tool: 'kcat',
			what: 'configuration',
			place: { file: 'kcat.conf' },
			load: async () => (await import('../import/kcat-config')).readKcatConfig,
		},
	],
};
