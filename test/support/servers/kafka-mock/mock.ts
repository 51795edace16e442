import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { apiKeys } from './api-keys';
import { startFrameRelay } from './frame-relay';
import { metadataVersion4 } from './metadata';

/**
 * The mock cluster of librdkafka 2.0: a second implementation of the protocol, with faults of its own. It creates every topic
 * that metadata is asked for, finds no offsets by time, and can neither list groups nor change topics.
 */
export interface KafkaMock {
	/** `127.0.0.1:port` of each broker, as the cluster names it; their ids count from 1. */
	readonly brokers: readonly string[];
	/** Where our adapter connects: leads to broker 1. */
	readonly bootstrap: string;
	createTopic(name: string, partitions?: number, replicas?: number): Promise<void>;
	/** Answers this error code for a topic in metadata; 0 for none. */
	setTopicError(name: string, code: number): Promise<void>;
	/** -1: the partition has no leader. */
	lead(topic: string, partition: number, broker: number): Promise<void>;
	/** A broker that is down closes its connections and accepts none. The leaders stay. */
	setUp(broker: number, isUp: boolean): Promise<void>;
	/** The next requests fail with these codes, in this order; -195: the connection is closed. */
	fail(api: keyof typeof apiKeys, ...codes: number[]): Promise<void>;
	/** The highest version of a request that is offered. */
	limitVersion(api: keyof typeof apiKeys, version: number): Promise<void>;
	/** Names of the requests since the last call, as librdkafka logs them. */
	calls(): Promise<string[]>;
	stop(): Promise<void>;
}

/** From version 4 on, the mock writes a leader epoch of 8 bytes instead of 4, so only the first partition can be read. */
export const soundListOffsets = 3;

/** Starts a cluster. The program is compiled first, which takes half a second. */
export async function startKafkaMock(brokers: number): Promise<KafkaMock> {
	const folder = mkdtempSync(join(tmpdir(), 'kafka-mock-'));
	const child = spawn(compiled(folder), [String(brokers)], { stdio: ['pipe', 'pipe', 'inherit'] });
	const atExit = () => void child.kill('SIGKILL');
	process.on('exit', atExit);
	const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
	const answer = async (what: string): Promise<string> => {
		const { value, done } = await lines.next();
		if (done) throw new Error(`The mock cluster ended at "${what}".`);
		return value;
	};
	const named = (await answer('start')).split(',');
	const relay = await startFrameRelay(Number(named[0]?.split(':')[1]), metadataVersion4);
	let last: Promise<unknown> = Promise.resolve();

	/** Commands are answered in their order. */
	function ask(command: string): Promise<string> {
		const asking = last.then(async () => {
			child.stdin.write(`${command}\n`);
			const [code, ...rest] = (await answer(command)).split(' ');
			if (code !== '0') throw new Error(`"${command}" failed with ${code}.`);
			return rest.join(' ');
		});
		last = asking.catch(() => {});
		return asking;
	}
	const tell = async (command: string) => void (await ask(command));
	const limitVersion = (api: keyof typeof apiKeys, version: number) => tell(`versions ${apiKeys[api]} 0 ${version}`);
	await limitVersion('ListOffsets', soundListOffsets);

	return {
		brokers: named,
		bootstrap: `127.0.0.1:${relay.port}`,
		createTopic: (name, partitions = 1, replicas = 1) => tell(`topic ${name} ${partitions} ${replicas}`),
		setTopicError: (name, code) => tell(`topic-error ${name} ${code}`),
		lead: (topic, partition, broker) => tell(`leader ${topic} ${partition} ${broker}`),
		setUp: (broker, isUp) => tell(`${isUp ? 'up' : 'down'} ${broker}`),
		async fail(api, ...codes) {
			for (const code of codes) await tell(`error ${apiKeys[api]} ${code}`);
		},
		limitVersion,
		calls: async () => (await ask('calls')).split(' ').filter((name) => name !== ''),
		async stop() {
			await relay.close();
			const ended = once(child, 'exit');
			child.kill('SIGKILL');
			await ended;
			process.off('exit', atExit);
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

function compiled(folder: string): string {
	const path = join(folder, 'kafka-mock');
	const { status, stderr } = spawnSync('gcc', [
		...['-Wall', '-o', path, 'test/support/servers/kafka-mock/mock.c'],
		...['-lrdkafka', '-lpthread'],
	]);
	if (status !== 0) throw new Error(String(stderr));
	return path;
}
