import { parseArgs } from 'node:util';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { startPlayground } from './playground';

/** The data of the playground's worker thread. */
export interface PlaygroundData {
	/** Default 1883. A free port is used when the port is busy, here and below. */
	mqttPort?: number;
	/** Default 9001. */
	websocketPort?: number;
	/** Default 5683. */
	coapPort?: number;
}

/** Posted once, when the servers accept clients. */
export interface PlaygroundReady {
	ready: { mqtt: number; ws: number; coap: number };
}

const wanted = isMainThread
	? fromArguments()
	: { mqttPort: 1883, websocketPort: 9001, coapPort: 5683, ...(workerData as PlaygroundData) };
const { ports, close } = await startPlayground(wanted);
if (parentPort) {
	parentPort.postMessage({ ready: ports } satisfies PlaygroundReady);
} else {
	for (const [name, port, asked] of [
		['MQTT', ports.mqtt, wanted.mqttPort],
		['WebSocket', ports.ws, wanted.websocketPort],
		['CoAP', ports.coap, wanted.coapPort],
	] as const) {
		if (asked !== 0 && port !== asked) console.log(`Port ${asked} is busy: ${name} is on ${port} instead.`);
	}
	console.log(
		`Playground: mqtt://127.0.0.1:${ports.mqtt} · ws://127.0.0.1:${ports.ws}/echo and /ticker · coap://127.0.0.1:${ports.coap}`,
	);
	process.send?.({ ready: ports } satisfies PlaygroundReady);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => close().then(() => process.exit(0)));
}

function fromArguments(): { mqttPort: number; websocketPort: number; coapPort: number } {
	const { values } = parseArgs({
		options: {
			mqtt: { type: 'string', default: '1883' },
			websocket: { type: 'string', default: '9001' },
			coap: { type: 'string', default: '5683' },
		},
	});
	return {
		mqttPort: Number(values.mqtt),
		websocketPort: Number(values.websocket),
		coapPort: Number(values.coap),
	};
}
