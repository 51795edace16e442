import type { Tools } from '../../message-files';
import type { Sketch } from '../../shared/commands/sketch';
import { readMosquitto, writeMosquittoPub, writeMosquittoSub } from './mosquitto';
import { writeNatsForMqtt } from './nats';
import { pythonMqtt, scriptMqtt } from './programs';

const subscribes = ({ verb }: Sketch) => verb === 'SUBSCRIBE';
/** The tools of Mosquitto do not support WebSocket. */
const isOverTcp = ({ url = '' }: Sketch) => !/^wss?:/i.test(url);

export const tools: Tools = {
	copies: [
		{
			id: 'mosquitto',
			label: 'mosquitto_pub',
			language: 'shellscript',
			write: (sketch) => (isOverTcp(sketch) && !subscribes(sketch) ? writeMosquittoPub(sketch) : undefined),
		},
		{
			id: 'mosquitto',
			label: 'mosquitto_sub',
			language: 'shellscript',
			write: (sketch) => (isOverTcp(sketch) && subscribes(sketch) ? writeMosquittoSub(sketch) : undefined),
		},
		{ id: 'python', label: 'Python (paho-mqtt)', language: 'python', write: pythonMqtt },
		{ id: 'javascript', label: 'JavaScript (mqtt)', language: 'javascript', write: scriptMqtt },
		{
			id: 'nats',
			label: 'nats (where the broker is a NATS server)',
			language: 'shellscript',
			write: writeNatsForMqtt,
		},
	],
	read: readMosquitto,
};
