import assert from 'node:assert/strict';
import test from 'node:test';
import { checkProfile } from '../../../../src/model/profile/check';
import { descriptions } from '../../../../src/protocols/descriptions';
import { readKcatConfig } from '../../../../src/protocols/kafka/import/kcat-config';

const read = (...lines: string[]) => readKcatConfig({ name: 'kcat.conf', text: lines.join('\n'), home: '/home/me' });

test('brokers, login and TLS become a connection', () => {
	const found = read(
		'# Production',
		'bootstrap.servers=a:9093,b:9093',
		'security.protocol=SASL_SSL',
		'sasl.mechanisms=SCRAM-SHA-512',
		'sasl.username=me',
		'sasl.password=hunter2=x',
		'ssl.ca.location=~/ca.pem',
		'ssl.key.password=hunter2',
		'client.id=desk',
		'queue.buffering.max.ms=5',
		'',
	);
	assert.deepEqual(found, {
		profile: {
			...{ name: 'kcat', url: 'kafka+ssl://a:9093', brokers: ['b:9093'], username: 'me', mechanism: 'SCRAM-SHA-512' },
			...{ clientId: 'desk', tls: { ca: '/home/me/ca.pem' } },
		},
		secrets: { password: 'hunter2=x', 'tls.passphrase': 'hunter2' },
		left: ['queue.buffering.max.ms, which connections do not have'],
	});
	assert.deepEqual(checkProfile({ ...found.profile, id: 'x', protocol: 'kafka' }, descriptions), []);
});

test('the configuration of a Java client is read as well', () => {
	const { profile, secrets } = read(
		'metadata.broker.list=h\\:9092',
		'sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username\\="me" password\\="hunter2";',
	);
	assert.deepEqual([profile.url, profile.username, secrets], ['kafka://h:9092', 'me', { password: 'hunter2' }]);
});

test('a file without a broker, or with another form, is one sentence', () => {
	for (const text of ['', 'client.id=x', 'bootstrap.servers', '=x'])
		assert.throws(() => read(text), /^Error: kcat\.conf .*\.$/);
});
