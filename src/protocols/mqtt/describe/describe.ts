import type { ProtocolDescription, Verb } from '../../description';
import { files } from '../files/files';
import { comparison } from './comparison';
import { delivery } from './delivery';
import { profileFields, publishFields, subscriptionFields } from './fields';
import { qosOf, retainedFlag } from './flags';
import { holdingOf } from './holding';
import type { MqttVerb } from './ids';
import { presets } from './presets';
import { mqttProperties } from './properties';
import { readMeta } from './publish-properties';
import { checkFilter, checkTopic, compileFilter } from './topics';

export const mqtt: ProtocolDescription<Uint8Array> = {
	id: 'mqtt',
	label: 'MQTT',
	summary: 'Publish and subscribe through a broker, MQTT 5 and 3.1.1, over TCP, TLS or WebSocket.',
	server: 'an MQTT broker',
	schemes: [
		{ scheme: 'mqtt', defaultPort: 1883, tls: false },
		{ scheme: 'mqtts', defaultPort: 8883, tls: true },
		{ scheme: 'ws', defaultPort: 80, tls: false },
		{ scheme: 'wss', defaultPort: 443, tls: true },
	],
	urlPlaceholder: 'mqtt://localhost:1883',
	client: 'clientId',
	words: {
		target: 'topic',
		targets: 'topics',
		subscribe: 'Subscribe',
		unsubscribe: 'Unsubscribe',
		send: 'Publish',
		message: 'message',
		messages: 'messages',
		empty: 'Nothing has arrived yet. Subscribe to a topic to receive its messages.',
	},
	separator: '/',
	presets,
	profile: profileFields,
	subscription: {
		label: 'Topic filter',
		placeholder: 'sensors/+/temperature',
		fields: subscriptionFields,
		check: checkFilter,
		holds: holdingOf,
		sideEffect: 'The broker sends copies to this client from now on. Nothing changes for other clients.',
		suggest: [
			{ target: '#', label: 'all topics (can be a lot)' },
			{ target: '$SYS/#', label: "the broker's own statistics" },
		],
		// MQTT 3.1.1 and brokers without subscription identifiers.
		sendsCopies: true,
	},
	verbs: [
		{
			id: 'publish',
			label: 'Publish',
			target: 'required',
			targetPlaceholder: 'sensors/device-1/set',
			checkTarget: checkTopic,
			fields: publishFields,
			proves:
				'QoS 0: handed to the socket, no more. QoS 1 and 2: acknowledged by the broker; with MQTT 5 also whether there is a subscriber.',
		},
	] satisfies readonly Verb<MqttVerb>[],
	columns: [
		{ id: 'qos', label: 'QoS', title: 'Quality of service', width: 3, text: (flags) => String(qosOf(flags)) },
		{
			id: 'retained',
			label: 'R',
			icon: 'pinned',
			title: 'Retained',
			width: 1,
			text: (flags) => (flags & retainedFlag ? 'R' : ''),
		},
	],
	delivery,
	properties: mqttProperties,
	files,
	comparison,
	contentType: (meta) => readMeta(meta).contentType,
	// MQTT has no such property; senders that compress name it in a user property as in HTTP.
	contentEncoding: (meta) =>
		readMeta(meta).userProperties?.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1],
	pattern: {
		help: '+ stands for one level, # for all below',
		isPattern: (text) => /(^|\/)(\+|#)(\/|$)/.test(text) && checkFilter(text) === undefined,
		compile: compileFilter,
		below: (topic) => `${topic}/#`,
	},
	retained: {
		flag: retainedFlag,
		clear: (target) => ({ verb: 'publish', target, values: { qos: 1, retain: true }, payload: new Uint8Array() }),
	},
};
