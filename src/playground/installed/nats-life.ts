import { once } from 'node:events';
import { connect } from 'node:net';
import { wander } from '../devices/device';
import { callEvery } from './life';

type Answer = (payload: string, subject: string) => unknown;

const users = new Map(['Ada', 'Grace', 'Linus'].map((name, at) => [String(17 + at), name]));

/** Services by subject. Their answer is sent as JSON. */
const services: Record<string, Answer> = {
	'users.get': (payload) => {
		const id = /\d+/.exec(payload)?.[0] ?? '';
		const name = users.get(id);
		return name === undefined ? { error: `There is no user ${id || 'without a number'}.` } : { id, name };
	},
	'time.now': () => ({ now: new Date().toISOString() }),
};

const bounded = { max_msgs: 1000, max_bytes: 1024 * 1024, storage: 'memory', num_replicas: 1 };
const streams = [
	{ name: 'ORDERS', subjects: ['orders.>'], retention: 'limits', discard: 'old', ...bounded },
	{
		...{ name: 'KV_settings', subjects: ['$KV.settings.>'], retention: 'limits', discard: 'new', ...bounded },
		...{ max_msgs_per_subject: 5, allow_rollup_hdrs: true, deny_delete: true, allow_direct: true },
	},
];

/**
 * A client that creates two streams, publishes orders and measurements and answers requests. Resolves when the streams exist
 * with what ends it.
 */
export async function startNatsLife(port: number): Promise<() => void> {
	const socket = connect(port, '127.0.0.1');
	socket.setEncoding('latin1').on('error', () => {});
	let input = '';
	let created = 0;
	const publish = (subject: string, value: unknown, reply = '') => {
		const payload = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
		socket.write(`PUB ${subject} ${reply && `${reply} `}${payload.length}\r\n`);
		socket.write(Buffer.concat([payload, Buffer.from('\r\n')]));
	};
	const received = (subject: string, reply: string, payload: string) => {
		if (subject === 'playground.created') created++;
		const answer = services[subject];
		if (answer && reply) publish(reply, answer(payload, subject));
	};
	const ready = new Promise<void>((resolve, reject) => {
		socket.on('close', () => reject(new Error('The server closed the connection.')));
		socket.on('data', (text: string) => {
			input += text;
			for (;;) {
				const end = input.indexOf('\r\n');
				if (end < 0) return;
				const [word, subject = '', , ...more] = input.slice(0, end).split(' ');
				let next = end + 2;
				if (word === 'MSG') {
					const size = Number(more.at(-1));
					if (input.length < next + size + 2) return;
					received(subject, more.length > 1 ? (more[0] ?? '') : '', input.slice(next, next + size));
					next += size + 2;
				} else if (word === 'PING') socket.write('PONG\r\n');
				input = input.slice(next);
				if (created === streams.length) resolve();
			}
		});
	});
	await once(socket, 'connect');
	socket.write('CONNECT {"verbose":false,"pedantic":false,"name":"playground","lang":"node","version":"1"}\r\n');
	for (const [at, subject] of ['playground.created', ...Object.keys(services)].entries())
		socket.write(`SUB ${subject} ${at + 1}\r\n`);
	for (const stream of streams) publish(`$JS.API.STREAM.CREATE.${stream.name}`, stream, 'playground.created');
	await ready;
	publish('$KV.settings.mode', 'auto');
	publish('$KV.settings.max-temperature', '28');
	const [temperature, total] = [wander(16, 31, 0.4), wander(5, 250, 60)];
	let number = 1000;
	const ends = [
		callEvery(1000, () => publish('farm.greenhouse-1.climate', { temperature: temperature(), unit: '°C' })),
		callEvery(3000, () => publish(`orders.${++number % 5 ? 'created' : 'cancelled'}`, { id: number, total: total() })),
	];
	return () => {
		for (const end of ends) end();
		socket.destroy();
	};
}
