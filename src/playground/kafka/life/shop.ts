import { randomUUID } from 'node:crypto';
import type { NewRecord } from '../wire/records';
import { json, pick, type World } from './world';

const products = ['lettuce', 'tomatoes', 'eggs', 'honey', 'cheese', 'apples', 'rye bread'];
const customers = ['anna', 'bilal', 'chiara', 'dmitri', 'elif', 'fatou'];
const history = { orders: 180, everyMs: 20_000 };
/** Waiting shipments; beyond it new orders are not shipped. */
const maxWaiting = 500;

/** Orders with headers, one of them twice, and a history of an hour, so that reading from a time finds something. */
export function orders(world: World): void {
	world.topic('orders', { partitions: 3 });
	let number = 1000;
	const order = (timestamp?: bigint): NewRecord => {
		const items = Array.from({ length: 1 + Math.floor(Math.random() * 3) }, () => ({
			product: pick(products),
			quantity: 1 + Math.floor(Math.random() * 5),
		}));
		return {
			key: `order-${number++}`,
			value: json({ customer: pick(customers), items, total: Math.round(Math.random() * 8000) / 100 }),
			headers: [
				['content-type', 'application/json'],
				['trace-id', randomUUID()],
				['channel', 'web'],
				['channel', pick(['desktop', 'phone'])],
			],
			timestamp,
		};
	};
	const now = Date.now();
	for (let index = history.orders; index > 0; index--)
		world.send('orders', order(BigInt(now - index * history.everyMs)));
	world.every(1500, () => world.send('orders', order()));
}

/** Every order, also one that a user produces, is shipped two seconds later under the same key. */
export function shipments(world: World): void {
	world.topic('shipments', { partitions: 1, configs: { 'message.timestamp.type': 'LogAppendTime' } });
	let waiting = 0;
	world.read('orders', (key) => {
		if (waiting >= maxWaiting) return;
		waiting++;
		world.after(2000, () => {
			waiting--;
			const value = json({ order: key?.toString() ?? null, carrier: pick(['bicycle', 'van']), parcels: 1 });
			world.send('shipments', { key, value });
		});
	});
}

/** Events of user accounts: UserCreated, UserUpdated, UserDeleted. */
export function users(world: World): void {
	world.topic('user-events', { partitions: 2 });
	const living: string[] = [];
	const event = (type: string, id: string, data: object) =>
		world.send('user-events', {
			key: id,
			value: json({ type, id: randomUUID(), time: new Date().toISOString(), user: { id, ...data } }),
			headers: [
				['event-type', type],
				['content-type', 'application/json'],
			],
		});
	const create = () => {
		const id = `user-${1 + Math.floor(Math.random() * 9000)}`;
		living.push(id);
		event('UserCreated', id, { name: pick(customers), email: `${id}@example.com` });
	};
	for (let index = 0; index < 5; index++) create();
	world.every(4000, () => {
		if (living.length < 5 || Math.random() < 0.6) create();
		else if (living.length < 40 && Math.random() < 0.7) event('UserUpdated', pick(living), { newsletter: true });
		else event('UserDeleted', living.shift() as string, {});
	});
}

/** The current state of each customer. The topic is compacted; a tombstone removes a customer. */
export function accounts(world: World): void {
	const topic = world.topic('customers', { partitions: 1, configs: { 'cleanup.policy': 'compact' } });
	const update = (name: string) =>
		world.send('customers', { key: name, value: json({ name, points: Math.floor(Math.random() * 1000) }) });
	for (const name of [...customers, ...customers]) update(name);
	let turn = 0;
	world.every(3000, () => {
		const name = pick(customers);
		if (++turn % 5 === 0) world.send('customers', { key: name, value: null });
		else update(name);
		if (turn % 10 === 0) for (const partition of topic.partitions) partition.compact();
	});
}

/** Payments in transactions, every fourth of which is aborted: only read_uncommitted shows its records. */
export function payments(world: World): void {
	world.topic('payments', { partitions: 1 });
	let turn = 0;
	const pay = () => {
		const committed = ++turn % 4 !== 0;
		const payment = world.transaction();
		const id = randomUUID();
		const amount = Math.round(Math.random() * 8000) / 100;
		for (const step of ['reserve', committed ? 'capture' : 'reject'])
			payment.send('payments', { key: id, value: json({ id, step, amount }) });
		payment.end(committed);
	};
	for (let index = 0; index < 8; index++) pay();
	world.every(5000, pay);
}
