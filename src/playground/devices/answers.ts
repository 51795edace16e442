import { cutText } from '../../model/text/text';
import { type Device, json, jsonType } from './device';

/** Answers a request to its response topic, with its correlation data (MQTT 5, 4.10). */
export const clock: Device = ({ publish, subscribe }) => {
	subscribe('farm/ask/time', ({ payload, properties }) => {
		const responseTopic = properties?.responseTopic ?? 'farm/ask/time/answer';
		publish({
			topic: responseTopic,
			qos: 1,
			payload: json({ time: new Date().toISOString(), asked: cutText(payload.toString(), 200) }),
			properties: {
				...jsonType,
				...(properties?.correlationData ? { correlationData: properties.correlationData } : {}),
			},
		});
	});
};

/** A retained message that lists the commands of the farm. */
export const guide: Device = ({ publish }) => {
	publish({
		topic: 'farm/readme',
		retain: true,
		payload: json({
			welcome: 'A small farm to play with. Subscribe to farm/#.',
			send: {
				'farm/greenhouse-1/vent/set': 'auto, open or closed: watch farm/greenhouse-1/vent/state',
				'farm/ask/time': 'anything, with a response topic: the answer goes there',
				'farm/burst/start': 'a number up to 100000: that many messages at once',
			},
		}),
		properties: jsonType,
	});
};

const perSlice = 500;

/** Publishes 1,000 messages every minute, and any number on command. */
export const burst: Device = ({ publish, subscribe, every }) => {
	let left = 0;
	let number = 0;
	let minute = 0;
	every(10, () => {
		for (let sent = 0; sent < perSlice && left > 0; sent++, left--, number++) {
			publish({ topic: `farm/burst/sensor-${number % 100}`, payload: json({ number, value: Math.sin(number / 50) }) });
		}
	});
	every(60_000, () => {
		if (minute++ > 0) left += 1000;
	});
	subscribe('farm/burst/start', ({ payload }) => {
		const wanted = Number(payload.toString().trim() || 1000);
		if (Number.isInteger(wanted) && wanted > 0) left = Math.min(100_000, left + wanted);
	});
};
