import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { buildCli, type Cli, objects } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { type KafkaBroker, startKafkaBroker } from '../../support/servers/kafka-broker';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import { type NatsServer, startNats } from '../../support/servers/nats/index';
import { passwords, type RabbitMq, startRabbitMq } from '../../support/servers/rabbitmq';

/** The protocols whose pairs are tested on their own servers, and the starts of their targets. */
const starts = {
	mqtt: (name: string) => `${name}/`,
	nats: (name: string) => `${name}.`,
	amqp: (name: string) => `exchange/amq.topic/${name}.`,
};
type Name = keyof typeof starts;
const names = Object.keys(starts) as Name[];

let cli: Cli;
let mosquitto: Mosquitto;
let nats: NatsServer;
let rabbit: RabbitMq;
let kafka: KafkaBroker;
let folder: string;
let urls: Record<Name | 'kafka', string>;

before(async () => {
	folder = mkdtempSync(join(tmpdir(), 'recordings-across-'));
	[cli, mosquitto, nats, rabbit, kafka] = await Promise.all([
		buildCli(),
		startMosquitto(),
		startNats({ jetStream: true }),
		startRabbitMq(),
		startKafkaBroker({ topics: { recordings: { partitions: 3 } } }),
	]);
	urls = {
		mqtt: `mqtt://127.0.0.1:${mosquitto.port}`,
		nats: `nats://127.0.0.1:${nats.port}`,
		amqp: `amqp://admin:${passwords.admin}@127.0.0.1:${rabbit.port}`,
		kafka: `kafka://${kafka.address}`,
	};
	const stream = JSON.stringify({ name: 'RECORDINGS', subjects: ['recordings.>'] });
	const created = await cli.run([
		...['publish', urls.nats, '$JS.API.STREAM.CREATE.RECORDINGS', '-H', 'Verb: request', '--message', stream],
	]);
	assert.equal(created.code, 0, created.err);
});
after(async () => {
	rmSync(folder, { recursive: true, force: true });
	cli.remove();
	await Promise.all([mosquitto.stop(), nats.stop(), rabbit.stop(), kafka.stop()]);
});

/** Payloads that a text, a JSON parser or a line would change. */
const payloads = [
	'{"temp": 23.50, "id": 12345678901234567890}',
	'line\nbreak, tab\t and ü 🌾',
	Buffer.from([0, 255, 10, 13, 0x80]),
	'1',
	'x'.repeat(20_000),
	'',
].map((one) => Buffer.from(one));

/** A recorder, from the moment at which it receives from all of its targets. */
async function recording(args: readonly string[], from = 1) {
	const child = cli.start(['record', ...args], { cwd: folder });
	let text = '';
	child.stderr?.on('data', (chunk: Buffer) => {
		text += chunk;
	});
	await eventually('listening', () => assert.equal(text.match(/Listening/g)?.length, from));
	return {
		async ended() {
			if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
			return { code: child.exitCode, text };
		},
	};
}

const line = (target: string, payload: Uint8Array) =>
	`${JSON.stringify({ target, base64: Buffer.from(payload).toString('base64') })}\n`;
const publish = (url: string, target: string) =>
	cli.run(['publish', url], { input: payloads.map((payload) => line(target, payload)).join('') });
const count = ['--count', String(payloads.length)];

/** Payloads of a recording; those to one target, if it is given. */
function payloadsOf(path: string, to?: string): Buffer[] {
	return objects(readFileSync(join(folder, path)))
		.filter(({ payload, base64 }) => payload !== undefined || base64 !== undefined)
		.filter(({ target }) => to === undefined || target === to)
		.map(({ payload, base64 }) =>
			base64 === undefined ? Buffer.from(String(payload)) : Buffer.from(String(base64), 'base64'),
		);
}

test('what was recorded over one protocol arrives byte for byte over each other one', async () => {
	const copies = names.flatMap((from) => names.map((to) => ({ from, to, start: starts[to](`from-${from}`) })));
	const copiesTo = (to: Name) => copies.filter((one) => one.to === to);
	await Promise.all(
		names.map(async (from) => {
			const source = `${starts[from]('source')}x`;
			const first = await recording([urls[from], source, ...count, '-o', `${from}.jsonl`]);
			assert.equal((await publish(urls[from], source)).code, 0);
			assert.equal((await first.ended()).code, 0);
			assert.deepEqual(payloadsOf(`${from}.jsonl`), payloads, from);
		}),
	);
	await Promise.all(
		names.map(async (to) => {
			const all = ['--count', String(payloads.length * names.length)];
			const targets = copiesTo(to).map(({ start }) => `${start}x`);
			const again = await recording([urls[to], ...targets, ...all, '-o', `to-${to}.jsonl`], names.length);
			for (const { from, start } of copiesTo(to)) {
				const map = ['--map', `${starts[from]('source')}=${start}`, '--speed', '100'];
				const sent = await cli.run(['replay', `${from}.jsonl`, '--to', urls[to], ...map], { cwd: folder });
				assert.equal(sent.code, 0, `${from} to ${to}: ${sent.err}`);
			}
			assert.equal((await again.ended()).code, 0);
			for (const { from, start } of copiesTo(to))
				assert.deepEqual(payloadsOf(`to-${to}.jsonl`, `${start}x`), payloads, `${from} to ${to}`);
		}),
	);
});

const places = [
	{ name: 'a Kafka topic', to: () => `${urls.kafka}:recordings`, from: () => `${urls.kafka}:recordings` },
	{
		...{ name: 'a JetStream stream', to: () => `${urls.nats}:recordings.farm` },
		from: () => `${urls.nats}:RECORDINGS`,
	},
];
for (const { name, to, from } of places)
	test(`a recording lives in ${name} of the team, and is replayed from there`, async () => {
		for (const target of ['earlier', 'team']) {
			const writer = await recording([urls.mqtt, target, ...count, '--to', to()]);
			assert.equal((await publish(urls.mqtt, target)).code, 0);
			const { code, text } = await writer.ended();
			assert.equal(code, 0, text);
			assert.match(text, /Recorded 6 messages in recordings/);
		}
		const again = await recording([urls.mqtt, 'again', ...count, '-o', `again-${name}.jsonl`]);
		const map = ['--map', 'team=again', '--speed', 'max', '--only', 'team'];
		const sent = await cli.run(['replay', from(), '--to', urls.mqtt, ...map], { cwd: folder });
		assert.equal(sent.code, 0, sent.err);
		assert.match(sent.err, /holds 2 recordings\. Replaying that of 2\d{3}-.*\n(?:.*\n)*Sent 6 messages/);
		await again.ended();
		assert.deepEqual(payloadsOf(`again-${name}.jsonl`), payloads);
		const none = await cli.run(['replay', from(), '--to', urls.mqtt, '--recorded', '1999'], { cwd: folder });
		assert.deepEqual([none.code, /No recording in \w+ starts at 1999/.test(none.err)], [3, true], none.err);
	});

test('a place that keeps nothing, or is none, is refused with the reason', async () => {
	const run = (...args: string[]) => cli.run(args, { cwd: folder });
	writeFileSync(join(folder, 'a.jsonl'), '');
	const cases: [string[], number, RegExp][] = [
		[['record', urls.mqtt, 'a', '--to', `${urls.mqtt}:b`], 3, /MQTT keeps no messages in order/],
		[
			['replay', `${urls.mqtt}:b`, '--to', urls.mqtt],
			3,
			/MQTT keeps no messages that could be read from the beginning/,
		],
		[['record', urls.mqtt, 'a', '--to', urls.kafka], 2, /names a connection and a target/],
		[['record', urls.mqtt, 'a', '--to', `${urls.kafka}:x`, '-o', 'b.jsonl'], 2, /Into which file, or where to\?/],
		[['record', urls.mqtt, 'a', '--to', `${urls.nats}:no.stream`, '--timeout', '5s'], 3, /Nothing is recorded: /],
		[['replay', `${urls.nats}:NOWHERE`, '--to', urls.mqtt], 3, /There is no stream "NOWHERE"/],
	];
	for (const [args, code, says] of cases) {
		const ended = await run(...args);
		assert.match(ended.err, says, args.join(' '));
		assert.equal(ended.code, code, `${args.join(' ')}: ${ended.err}`);
	}
});
