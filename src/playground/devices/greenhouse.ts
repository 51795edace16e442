import { type Device, json, jsonType, wander } from './device';

const base = 'farm/greenhouse-1';

/** Numbers as text, one topic for each bed. */
export const soil: Device = ({ publish, every }) => {
	for (const [index, bed] of ['bed-1', 'bed-2', 'bed-3'].entries()) {
		const moisture = wander(20, 60, 1.5);
		every(1000 + index * 300, () => publish({ topic: `${base}/soil/${bed}/moisture`, payload: String(moisture()) }));
	}
};

/** JSON with content type and user properties. */
export const climate: Device = ({ publish, every }) => {
	const temperature = wander(16, 31, 0.4);
	const humidity = wander(45, 90, 1.2);
	const co2 = wander(380, 1200, 25);
	every(2000, () =>
		publish({
			topic: `${base}/climate`,
			qos: 1,
			payload: json({
				temperature: temperature(),
				humidity: humidity(),
				co2: Math.round(co2()),
				at: new Date().toISOString(),
			}),
			properties: { ...jsonType, userProperties: { device: 'climate-4711', firmware: '2.3.1' } },
		}),
	);
};

const modes = ['auto', 'open', 'closed'];

/** Publishes its retained state after each command to `…/vent/set`, which is text or JSON with `mode`. */
export const vent: Device = ({ publish, subscribe }) => {
	const state = (mode: string, by: string) =>
		publish({
			topic: `${base}/vent/state`,
			qos: 1,
			retain: true,
			payload: json({ mode, opening: mode === 'closed' ? 0 : mode === 'open' ? 100 : 35, by }),
			properties: jsonType,
		});
	state('auto', 'start');
	subscribe(`${base}/vent/set`, ({ payload }) => {
		const mode = modeOf(payload.toString());
		if (modes.includes(mode)) {
			state(mode, 'command');
			return;
		}
		publish({
			topic: 'farm/alerts',
			qos: 1,
			payload: json({ severity: 'error', device: 'vent', text: `No such mode. Choose one of ${modes.join(', ')}.` }),
			properties: { ...jsonType, userProperties: { severity: 'error' } },
		});
	});
};

function modeOf(text: string): string {
	try {
		const value: unknown = JSON.parse(text);
		const mode = typeof value === 'object' && value !== null ? (value as { mode?: unknown }).mode : value;
		return String(mode);
	} catch {
		return text.trim();
	}
}

/** A retained state that changes every 20 seconds. */
export const pump: Device = ({ publish, every }) => {
	let on = false;
	every(20_000, () => {
		on = !on;
		publish({ topic: `${base}/pump/state`, qos: 1, retain: true, payload: on ? 'on' : 'off' });
	});
};

/** An alert every 30 seconds. */
export const alarm: Device = ({ publish, every }) => {
	let count = 0;
	every(30_000, () => {
		count++;
		publish({
			topic: 'farm/alerts',
			qos: 1,
			payload: json({ severity: 'warning', device: 'pump-2', code: 'E17', text: 'Pressure below 1.2 bar', count }),
			properties: { ...jsonType, messageExpiryInterval: 600, userProperties: { severity: 'warning' } },
		});
	});
};
