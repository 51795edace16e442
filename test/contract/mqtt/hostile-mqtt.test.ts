import { adapter } from '../../../src/protocols/mqtt/adapter';
import { mqttDialogue } from '../../support/hostile/mqtt';
import { certificate } from '../../support/servers/certificate';
import { resolved } from '../suite/attempt';
import { hostile } from '../suite/hostile';

/** Faults that the specification allows, or requires to be ignored. */
const harmless = [
	'open: a topic of 65,535 bytes',
	'open: a topic of 10,000 levels',
	'open: a topic named __proto__',
	'open: a PUBACK of nothing',
	'open: a SUBACK of nothing',
	'open: ten thousand PINGRESPs',
];
const common = {
	adapter,
	dialogue: mqttDialogue,
	impatient: { keepalive: 1 },
	subscription: { target: 'a/b' },
	harmless,
};

for (const mqttVersion of ['5', 'auto'])
	hostile({
		...common,
		name: `MQTT ${mqttVersion}`,
		profile: (port) => resolved('mqtt', `mqtt://127.0.0.1:${port}`, { mqttVersion }),
	});
hostile({
	...common,
	name: 'MQTT 3.1.1 over TLS',
	tls: true,
	profile: (port) =>
		resolved('mqtt', `mqtts://127.0.0.1:${port}`, { mqttVersion: '3.1.1', 'tls.ca': certificate().file }),
	harmless: [...harmless, 'open: an unknown property', 'open: a property length beyond the packet'],
});
