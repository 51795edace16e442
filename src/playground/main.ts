import { parseArgs } from 'node:util';
import { parentPort } from 'node:worker_threads';
import { startPlayground } from './playground';

const { values } = parseArgs({
	// Empty in the worker thread of the extension.
	args: process.argv.slice(2),
	options: {
		mqtt: { type: 'string', default: '1883' },
		websocket: { type: 'string', default: '9001' },
		coap: { type: 'string', default: '5683' },
	},
});
const [mqttPort, websocketPort, coapPort] = [Number(values.mqtt), Number(values.websocket), Number(values.coap)];
const { ports, close } = await startPlayground({ mqttPort, websocketPort, coapPort });
const message = { ready: ports };
if (parentPort) parentPort.postMessage(message);
else {
	for (const [name, port, wanted] of [
		['MQTT', ports.mqtt, mqttPort],
		['WebSocket', ports.ws, websocketPort],
		['CoAP', ports.coap, coapPort],
	] as const) {
		if (wanted !== 0 && port !== wanted) console.log(`Port ${wanted} is busy: ${name} is on ${port} instead.`);
	}
	const { mqtt, ws, coap } = ports;
	console.log(
		`Playground: mqtt://127.0.0.1:${mqtt} · ws://127.0.0.1:${ws}/echo and /ticker · coap://127.0.0.1:${coap}`,
	);
	process.send?.(message);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => close().then(() => process.exit(0)));
}
