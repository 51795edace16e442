import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { buildCli, type Cli, objects } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { type CoapTestServer, startCoapServer } from '../../support/servers/coap-server';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import { passwords, type RabbitMq, startRabbitMq } from '../../support/servers/rabbitmq';

/** The sample's farm on real servers: sensors, a gateway at the edge, alarms, a recording, a replay and a comparison. */
let cli: Cli;
let farm: Mosquitto;
let elsewhere: Mosquitto;
let greenhouse: CoapTestServer;
let mail: RabbitMq;
let folder: string;
const env = { MESSAGING_WORKBENCH_SECRET_MAIL_QUEUE_PASSWORD: passwords.admin };

before(async () => {
	cli = await buildCli();
	[farm, elsewhere, greenhouse, mail] = await Promise.all([
		startMosquitto(),
		startMosquitto(),
		startCoapServer(),
		startRabbitMq(),
	]);
	folder = mkdtempSync(join(tmpdir(), 'agriculture-'));
	mkdirSync(join(folder, '.vscode'));
	const mailQueue = { id: 'mail', name: 'Mail queue', protocol: 'amqp', url: `amqp://127.0.0.1:${mail.port}` };
	const connections = [
		{ id: 'farm', name: 'Farm', protocol: 'mqtt', url: `mqtt://127.0.0.1:${farm.port}` },
		{ id: 'test', name: 'Test broker', protocol: 'mqtt', url: `mqtt://127.0.0.1:${elsewhere.port}` },
		{ id: 'greenhouse', name: 'Greenhouse', protocol: 'coap', url: greenhouse.url },
		{ ...mailQueue, username: 'admin', secrets: ['password'] },
	];
	writeFileSync(
		join(folder, '.vscode/settings.json'),
		JSON.stringify({ 'messagingWorkbench.connections': connections }),
	);
	const sample = readFileSync('sample/agriculture.messages', 'utf8');
	assert.match(sample, /@clients 50\n/);
	writeFileSync(join(folder, 'agriculture.messages'), sample.replace('@for 60s', '@for 4s'));
	for (const queue of ['email', 'compared']) await mail.api('PUT', `/queues/%2F/${queue}`, { durable: true });
});
after(async () => {
	for (const child of started) child.kill('SIGKILL');
	rmSync(folder, { recursive: true, force: true });
	cli.remove();
	await Promise.all([farm.stop(), elsewhere.stop(), greenhouse.stop(), mail.stop()]);
});

const options = () => ({ cwd: folder, env });
const path = (name: string) => join(folder, name);

const started: ChildProcess[] = [];

/** A command that works until it is stopped. */
function start(...args: string[]) {
	const child = cli.start(args, options());
	started.push(child);
	const closed = once(child, 'close');
	let out = '';
	let err = '';
	child.stdout?.on('data', (chunk: Buffer) => {
		out += chunk;
	});
	child.stderr?.on('data', (chunk: Buffer) => {
		err += chunk;
	});
	return {
		out: () => out,
		err: () => err,
		async stop(signal?: NodeJS.Signals) {
			if (signal) child.kill(signal);
			await closed;
			return { code: child.exitCode, out, err };
		},
	};
}

async function record(connection: string, file: string, ...args: string[]) {
	const recorder = start('record', connection, 'agriculture/#', '-H', 'QoS: 1', '-o', file, ...args);
	await eventually('the recorder listens', () => assert.match(recorder.err(), /Listening/));
	return recorder;
}

interface Line {
	at: number;
	target: string;
	payload: string;
}
const recorded = (file: string) => objects(readFileSync(path(file))).slice(1) as unknown as Line[];
const json = ({ payload }: Line) => JSON.parse(payload) as Record<string, unknown>;
const mode = async () => (await cli.run(['run', '--json', 'mode.messages'], options())).out.toString();

test('sensors, the gateway and alarms work together, and a replayed command is not passed on', async () => {
	const recorder = await record('Farm', 'day.recording.jsonl');
	// The rules subscribe first; the sensors end after some seconds.
	const rules = start(
		...['run', '--json', 'agriculture.messages'],
		...['gateway', 'alarms', 'watch', 'sensors'].flatMap((name) => ['--name', name]),
	);
	await eventually('the sensors have ended', () => assert.match(rules.out(), /"name":"sensors"/), 30_000);
	const sensors = objects(Buffer.from(rules.out())).find(({ name }) => name === 'sensors');
	assert.equal(sensors?.ending, 'passed', rules.out());
	const soil = () => recorded('day.recording.jsonl').filter(({ target }) => target.endsWith('/soil'));
	await eventually('each sensor was recorded', () =>
		assert.equal(new Set(soil().map(({ target }) => target)).size, 50),
	);

	writeFileSync(path('mode.messages'), '# @connection Greenhouse\nGET /device/mode\n');
	const command = await cli.run(['run', 'agriculture.messages', '--name', 'command'], options());
	assert.equal(command.code, 0, `${command.out}${command.err}`);
	const answers = () => recorded('day.recording.jsonl').filter(({ target }) => target.endsWith('/command/answer'));
	await eventually('the answer of the device', () => assert.equal(answers().length, 1));
	const sent = recorded('day.recording.jsonl').find(({ target }) => target.endsWith('/command')) as Line;
	const [answer] = answers() as [Line];
	assert.match(String(json(answer).code), /^2\.0[14]$/);
	assert.equal(json(answer).nonce, json(sent).nonce);
	assert.match(await mode(), new RegExp(`"${json(sent).mode}"`));

	// Somebody sends the recorded command again.
	const reset = await cli.run(
		['publish', 'Greenhouse', 'device/mode', '--message', 'manual', '-H', 'Verb: put'],
		options(),
	);
	assert.equal(reset.code, 0, reset.err);
	const again = await cli.run(['publish', 'Farm'], { ...options(), input: `${JSON.stringify(sent)}\n` });
	assert.equal(again.code, 0, again.err);
	// A command with a nonce of its own shows that the replayed one was processed before it.
	assert.equal((await cli.run(['run', 'agriculture.messages', '--name', 'command'], options())).code, 0);
	await eventually('the second answer', () => assert.equal(answers().length, 2));
	const third = recorded('day.recording.jsonl').findLast(({ target }) => target.endsWith('/command')) as Line;
	assert.equal(json(answers()[1] as Line).nonce, json(third).nonce);

	await recorder.stop('SIGINT');
	const { out } = await rules.stop('SIGINT');
	const results = new Map(objects(Buffer.from(out)).map((result) => [result.name, result]));
	const dry = soil().filter((line) => Number(json(line).moisture) < 20).length;
	assert.ok(dry > 0 && dry < soil().length, `${dry} of ${soil().length}`);
	assert.deepEqual(counts(results.get('gateway')), { done: 2, unmet: 1, failed: 0 });
	assert.deepEqual(counts(results.get('alarms')), { done: dry, unmet: soil().length - dry, failed: 0 });
	assert.deepEqual(counts(results.get('watch')), { done: soil().length, unmet: 0, failed: 0 });
	const queue = async () => (await mail.api('GET', '/queues/%2F/email')) as { messages: number };
	await eventually('the alarms are in the queue', async () => assert.equal((await queue()).messages, dry), 20_000);
});

const counts = (result: Record<string, unknown> | undefined) => {
	const { done, unmet, failed } = (result?.rule ?? {}) as Record<string, unknown>;
	return { done, unmet, failed };
};

test('a recording of an hour is replayed in less than a minute against a test broker', async () => {
	const [head, ...lines] = readFileSync(path('day.recording.jsonl'), 'utf8').trimEnd().split('\n') as [
		string,
		...string[],
	];
	const span = (JSON.parse(lines.at(-1) as string) as Line).at;
	const hour = lines.map((line) => {
		const one = JSON.parse(line) as Line;
		return JSON.stringify({ ...one, at: (one.at / span) * 3_600_000 });
	});
	writeFileSync(path('hour.recording.jsonl'), `${[head, ...hour].join('\n')}\n`);
	const copy = await record('Test broker', 'copy.recording.jsonl', '--count', String(lines.length));
	const replay = start('replay', 'hour.recording.jsonl', '--to', 'Test broker', '--speed', '100');
	const { code, err } = await replay.stop();
	assert.equal(code, 0, err);
	assert.match(err, new RegExp(`Sent ${lines.length.toLocaleString('en')} messages`));
	await copy.stop();
	const content = (file: string) => recorded(file).map(({ target, payload }) => ({ target, payload }));
	assert.deepEqual(content('copy.recording.jsonl'), content('hour.recording.jsonl'));
});

test('the three protocols of the farm are compared side by side', async () => {
	const compared = await cli.run(
		[
			...['compare', 'Farm:agriculture/compared', 'Greenhouse:device/mode', 'Mail queue:queue/compared'],
			...['--guarantee', 'at-least-once', '--size', '16', '--runs', '1', '--seconds', '1', '--no-capacity', '--yes'],
			...['--max-delay', '500ms', '--rate', '100'],
		],
		options(),
	);
	assert.equal(compared.code, 0, compared.err);
	const report = compared.out.toString();
	for (const row of [/Farm.*QoS 1/, /Greenhouse.*CON/, /Mail queue.*confirm/]) assert.match(report, row);
});
