import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { adapter } from '../../../src/protocols/kafka/adapter';
import { headerText } from '../../../src/protocols/kafka/describe/header-values';
import { storedRecord } from '../../../src/protocols/kafka/describe/stored-record';
import { startKafkaBroker } from '../../support/servers/kafka-broker';
import { resolved } from '../suite/attempt';
import { contract, type Fixture } from '../suite/contract';

const kcat = promisify(execFile);
const topic = { partitions: 1, configs: { 'max.message.bytes': '10000000' } };

/** The small broker; kcat writes and reads the headers, so that both sides are not only tested against our own. */
async function fixture(): Promise<Fixture> {
	const broker = await startKafkaBroker({
		topics: { 'to-client': topic, 'from-client': topic, ...{ other: topic } },
	});
	const at = (port: number) => resolved('kafka', `kafka://127.0.0.1:${port}`);
	const draft = (payload: Uint8Array, values = {}) => ({
		...{ verb: 'produce', target: 'from-client', values, payload },
	});
	const subscription = { target: 'to-client', mode: 'read', from: 'latest' };
	let next = 0;
	return {
		adapter,
		profile: at(broker.port),
		secrets: {},
		at,
		impatient: { pingInterval: 2 },
		subscription,
		async deliver(payloads) {
			await broker.produce({ topic: 'to-client', records: payloads.map((value) => ({ value })) });
		},
		draft,
		async received() {
			const all = await broker.records('from-client', BigInt(next));
			next += all.length;
			return all.map(({ value }) => value ?? new Uint8Array());
		},
		denied: {
			draft: { ...draft(Buffer.from('x')), target: 'missing' },
			subscription: { ...subscription, target: 'missing' },
			allowed: { ...draft(Buffer.from('x')), target: 'other' },
		},
		headers: {
			sample: [
				['b', '1'],
				['a', ''],
				['b', '2'],
				['__proto__', 'ä😀'],
			],
			async deliver(headers) {
				const pairs = headers.flatMap(([name, value]) => ['-H', `${name}=${value}`]);
				const child = kcat('kcat', ['-P', '-b', broker.address, '-t', 'to-client', '-p', '0', ...pairs]);
				child.child.stdin?.end('x\n');
				await child;
			},
			draft: (headers) => draft(Buffer.from('x'), { headers }),
			async received() {
				const before = next;
				next += (await broker.records('from-client', BigInt(next))).length;
				if (next === before) return [];
				const { stdout } = await kcat('kcat', [
					...[
						'-C',
						'-b',
						broker.address,
						'-t',
						'from-client',
						'-p',
						'0',
						'-o',
						String(before),
						'-e',
						'-q',
						'-f',
						'%h\n',
					],
				]);
				return stdout
					.split('\n')
					.slice(0, -1)
					.map((line) =>
						line
							.split(',')
							.filter((one) => one !== '')
							.map((one): [string, string] => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
					);
			},
			of: ({ meta }) =>
				storedRecord(meta)?.headers.map(({ name, value }): [string, string] => [
					Buffer.from(name).toString(),
					headerText(value),
				]) ?? [],
		},
		modes: {
			read: {
				subscription,
				named: true,
				deliver: async (value) => void (await broker.produce({ topic: 'to-client', records: [{ value }] })),
			},
		},
		browse: { path: ['Topics', 'to-client', 'Partition 0'] },
		connections: broker.connections,
		kill: broker.kill,
		async restart() {
			await broker.restart();
			next = 0;
		},
		stop: broker.stop,
	};
}

contract('Kafka', fixture);
