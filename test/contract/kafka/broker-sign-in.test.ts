import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { Kafka, logLevel, type SASLOptions } from 'kafkajs';
import { type KafkaBroker, startKafkaBroker } from '../../support/servers/kafka-broker';
import { pki } from '../../support/servers/pki';

// The small broker's sign-in and TLS, checked by kcat (librdkafka) and kafkajs.

const run = promisify(execFile);
const { ca, client, server: pair } = pki();
const read = (path: string) => readFileSync(path, 'utf8');
const tls = { key: read(pair.key), cert: read(pair.cert), ca: read(ca) };
let broker: KafkaBroker;
before(async () => {
	broker = await startKafkaBroker({
		topics: { orders: {} },
		tls,
		sasl: { users: { alice: 'secret, =1' }, tokens: ['good'] },
		denied: { alice: ['hidden'] },
	});
	await broker.createTopic('hidden');
});
after(() => broker.stop());

const secure = {
	'ssl.ca.location': ca,
	'ssl.certificate.location': client.cert,
	'ssl.key.location': client.key,
	'security.protocol': 'sasl_ssl',
};

async function kcat(settings: Record<string, string>, ...args: string[]): Promise<string> {
	const options = Object.entries({ ...secure, ...settings }).flatMap(([name, value]) => ['-X', `${name}=${value}`]);
	const { stdout } = await run('kcat', ['-b', broker.address, ...options, ...args], { timeout: 60_000 });
	return stdout;
}

for (const mechanism of ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']) {
	test(`${mechanism}: kcat signs in, and a wrong password is refused`, async () => {
		const user = { 'sasl.mechanism': mechanism, 'sasl.username': 'alice' };
		assert.match(await kcat({ ...user, 'sasl.password': 'secret, =1' }, '-L', '-t', 'orders'), /topic "orders" with 1/);
		await assert.rejects(kcat({ ...user, 'sasl.password': 'wrong' }, '-L', '-m', '2'), /Authentication failed/);
	});
}

test('OAUTHBEARER: an unsigned token of a user is accepted, one of another is refused', async () => {
	const token = (principal: string) => ({
		'sasl.mechanism': 'OAUTHBEARER',
		'enable.sasl.oauthbearer.unsecure.jwt': 'true',
		'sasl.oauthbearer.config': `principal=${principal}`,
	});
	assert.match(await kcat(token('alice'), '-L', '-t', 'orders'), /topic "orders" with 1/);
	await assert.rejects(kcat(token('mallory'), '-L', '-m', '2'), /invalid_token|Authentication/i);
});

test('kafkajs signs in by each mechanism', async () => {
	const user = { username: 'alice', password: 'secret, =1' };
	const all: SASLOptions[] = [
		{ mechanism: 'plain', ...user },
		{ mechanism: 'scram-sha-256', ...user },
		{ mechanism: 'scram-sha-512', ...user },
		{ mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: 'good' }) },
	];
	for (const sasl of all) {
		const ssl = { ca: [read(ca)], key: read(client.key), cert: read(client.cert) };
		const admin = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, ssl, sasl }).admin();
		await admin.connect();
		assert.ok((await admin.listTopics()).includes('orders'), sasl.mechanism);
		await admin.disconnect();
	}
});

test('a client without certificate or without sign-in is refused', async () => {
	const user = { 'sasl.mechanism': 'PLAIN', 'sasl.username': 'alice', 'sasl.password': 'secret, =1' };
	const args = ['-b', broker.address, '-L', '-m', '2'];
	const ssl = ['-X', `ssl.ca.location=${ca}`];
	const plain = Object.entries(user).flatMap(([name, value]) => ['-X', `${name}=${value}`]);
	await assert.rejects(run('kcat', [...args, ...ssl, ...plain, '-X', 'security.protocol=sasl_ssl']));
	await assert.rejects(kcat({ 'security.protocol': 'ssl' }, '-L', '-m', '2'));
});

test('a topic that the user may not use is refused to read and to write', async () => {
	const user = { 'sasl.mechanism': 'PLAIN', 'sasl.username': 'alice', 'sasl.password': 'secret, =1' };
	assert.match(await kcat(user, '-L', '-t', 'hidden'), /Topic authorization failed/);
	assert.doesNotMatch(await kcat(user, '-L'), /hidden/);
	await assert.rejects(kcat(user, '-C', '-t', 'hidden', '-e'), /authorization failed/);
});
