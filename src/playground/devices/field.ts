import { encode as encodeMsgpack } from '@msgpack/msgpack';
import { encode as encodeCbor } from 'cbor2';
import { type Device, wander } from './device';

/** CBOR with its content type. */
export const weather: Device = ({ publish, every }) => {
	const wind = wander(0, 18, 1);
	const sun = wander(0, 900, 40);
	every(2500, () =>
		publish({
			topic: 'farm/weather/station',
			payload: encodeCbor({ wind: wind(), gusts: [wind(), wind(), wind()], sun: sun(), rain: false, at: new Date() }),
			properties: { contentType: 'application/cbor', userProperties: { station: 'north-ridge' } },
		}),
	);
};

/** MessagePack with its content type. */
export const tractor: Device = ({ publish, every }) => {
	const east = wander(-200, 200, 6);
	const north = wander(-200, 200, 6);
	const fuel = wander(20, 95, 0.2);
	every(1500, () =>
		publish({
			topic: 'farm/tractor-7/position',
			payload: encodeMsgpack({ lat: 52.1 + north() / 1e5, lon: 5.6 + east() / 1e5, fuel: fuel(), driver: 'autopilot' }),
			properties: { contentType: 'application/msgpack' },
		}),
	);
};

/** A binary format without a content type. */
export const meter: Device = ({ publish, every }) => {
	let total = 0;
	every(2000, () => {
		total += Math.round(Math.random() * 40);
		const frame = Buffer.alloc(12);
		frame.writeUInt16BE(0x68fe, 0);
		frame.writeUInt32LE(total, 2);
		frame.writeFloatLE(Math.random() * 3, 6);
		frame.writeUInt16BE(0xff16, 10);
		publish({ topic: 'farm/water/meter', payload: frame });
	});
};
