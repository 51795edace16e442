import type { FileSupport } from '../../message-files';
import type { MqttVerb } from '../describe/ids';
import { form } from './httpyac';
import { answer, resend, values } from './logged';
import { reply } from './reply';

export const files: FileSupport<MqttVerb, never> = {
	words: [
		{
			name: 'MQTT',
			action: 'form',
			help: "httpYac's form: a URL, and topics in the headers publish, subscribe and topic.",
			bareUrls: ['mqtt', 'mqtts'],
			url: {
				required: true,
				scheme: 'mqtt',
				schemes: { tcp: 'mqtt', ssl: 'mqtts', http: 'ws', https: 'wss' },
			},
			profile: {
				fields: ['username', 'clientId', 'keepalive', 'cleanStart', 'mqttVersion'],
				secrets: [{ name: 'Password', key: 'password', help: 'Better kept in a connection.' }],
			},
			form,
		},
	],
	aliases: {
		messageExpiry: ['Message-Expiry-Interval'],
		payloadFormat: ['Payload-Format-Indicator'],
		identifier: ['Subscription-Identifier'],
		keepalive: ['Keep-Alive'],
		cleanStart: ['Clean', 'Clean-Session'],
		username: ['User'],
	},
	// MQTT 5 calls "No matching subscribers" a success (section 2.4): the broker has accepted the message.
	unroutedSucceeds: true,
	values,
	resend,
	answer,
	reply,
	tools: {
		commands: ['mosquitto_pub', 'mosquitto_sub'],
		load: async () => (await import('./tools')).tools,
	},
};
