import type { Broker } from '../broker/broker';
import { burst, clock, guide } from './answers';
import type { Device } from './device';
import { meter, tractor, weather } from './field';
import { alarm, climate, pump, soil, vent } from './greenhouse';

const devices: readonly Device[] = [guide, soil, climate, vent, pump, alarm, weather, tractor, meter, clock, burst];

/** Starts the devices. Returns a function that stops them. */
export function startDevices(broker: Broker): () => void {
	const timers: NodeJS.Timeout[] = [];
	for (const device of devices) {
		device({
			publish: ({ qos = 0, retain = false, payload, ...message }) => {
				broker.route({ ...message, qos, retain, payload: Buffer.from(payload) });
			},
			subscribe: (topic, listener) => broker.listen(topic, listener),
			every(ms, action) {
				action();
				timers.push(setInterval(action, ms));
			},
		});
	}
	return () => {
		for (const timer of timers) clearInterval(timer);
	};
}
