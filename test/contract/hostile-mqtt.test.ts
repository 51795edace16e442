import { adapter } from '../../src/protocols/mqtt/adapter';
import { mqttDialogue } from '../support/hostile-mqtt';
import { resolved } from './attempt';
import { hostile } from './hostile';

for (const version of ['5', '3.1.1', 'auto'])
	hostile({
		name: `MQTT ${version}`,
		adapter,
		dialogue: mqttDialogue,
		profile: (port) => resolved('mqtt', `mqtt://127.0.0.1:${port}`, { mqttVersion: version }),
		impatient: { keepalive: 1 },
		subscription: { target: 'a/#' },
	});
