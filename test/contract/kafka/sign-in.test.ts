import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { after, before } from 'node:test';
import type { Values } from '../../../src/model/profile/field';
import type { Secrets } from '../../../src/model/profile/profile';
import { adapter } from '../../../src/protocols/kafka/adapter';
import { eventually } from '../../support/run/eventually';
import { type KafkaBroker, startKafkaBroker } from '../../support/servers/kafka-broker';
import { pki } from '../../support/servers/pki';
import { type AttemptOptions, connect, refused, resolved } from '../suite/attempt';

// The adapter's sign-in and TLS, against two brokers of which both must be signed in to.

const { ca, client, server: pair, otherCa, stranger } = pki();
const read = (path: string) => readFileSync(path, 'utf8');
const topic = { partitions: 2 };
const sasl = { users: { alice: 'secret, =1', 'bob,=ä': 'pass wörd' }, tokens: ['good.token'] };
let plain: KafkaBroker;
let secure: KafkaBroker;
before(async () => {
	const tls = { key: read(pair.key), cert: read(pair.cert), ca: read(ca) };
	plain = await startKafkaBroker({ brokers: 2, topics: { orders: topic }, sasl });
	secure = await startKafkaBroker({ brokers: 2, topics: { orders: topic }, sasl, tls });
});
after(async () => {
	await plain?.stop();
	await secure?.stop();
});

const certificate: Values = { 'tls.ca': ca, 'tls.cert': client.cert, 'tls.key': client.key };

function options(isSecure: boolean, values: Values, secrets: Secrets): AttemptOptions {
	const address = (isSecure ? secure : plain).address;
	const url = isSecure ? `kafka+ssl://${address}` : `kafka://${address}`;
	return { adapter, secrets, profile: resolved('kafka', url, { ...(isSecure && certificate), ...values }) };
}

const accepted: [name: string, values: Values, secrets: Secrets][] = [
	['PLAIN, chosen by the user name', { username: 'alice' }, { password: 'secret, =1' }],
	['SCRAM-SHA-256', { mechanism: 'SCRAM-SHA-256', username: 'alice' }, { password: 'secret, =1' }],
	['SCRAM-SHA-512', { mechanism: 'SCRAM-SHA-512', username: 'alice' }, { password: 'secret, =1' }],
	['SCRAM with a name that is escaped', { mechanism: 'SCRAM-SHA-256', username: 'bob,=ä' }, { password: 'pass wörd' }],
	['OAUTHBEARER', { mechanism: 'OAUTHBEARER' }, { token: 'good.token' }],
];

for (const isSecure of [false, true])
	for (const [name, values, secrets] of accepted)
		test(`${name}${isSecure ? ' over TLS with a client certificate' : ''}: both brokers are read and written`, async (t) => {
			const { link, recorded } = await connect(options(isSecure, values, secrets));
			t.after(() => link.destroy());
			assert.ok(recorded.steps.includes('login'));
			assert.equal(link.security.mechanisms?.used, values.mechanism ?? 'PLAIN');
			assert.equal(link.security.encrypted, isSecure);
			for (const partition of [0, 1]) {
				const draft = { verb: 'produce', target: 'orders', payload: Buffer.from('x'), values: { partition } };
				assert.equal((await link.send(draft)).proof, 'acknowledged');
			}
		});

const wrong: [name: string, values: Values, secrets: Secrets, code: string][] = [
	['PLAIN with a wrong password', { username: 'alice' }, { password: 'wrong' }, 'credentials-refused'],
	[
		'SCRAM-SHA-256 with a wrong password',
		...([{ mechanism: 'SCRAM-SHA-256', username: 'alice' }, { password: 'wrong' }] as const),
		'credentials-refused',
	],
	['an unknown user', { mechanism: 'SCRAM-SHA-512', username: 'eve' }, { password: 'x' }, 'credentials-refused'],
	['a wrong token', { mechanism: 'OAUTHBEARER' }, { token: 'bad' }, 'credentials-refused'],
];

for (const [name, values, secrets, code] of wrong)
	test(`${name} is refused for good, and is not in the failure`, async () => {
		const { failure } = await refused(options(false, values, secrets));
		assert.equal(failure.code, code, JSON.stringify(failure));
		assert.equal(failure.final, true);
		for (const secret of Object.values(secrets))
			if (secret.length > 2) assert.ok(!JSON.stringify(failure).includes(`"${secret}"`));
	});

test('a mechanism that is not offered, and a broker that demands a sign-in, are named', async (t) => {
	const scram = await startKafkaBroker({ sasl: { mechanisms: ['SCRAM-SHA-512'], users: { alice: 'x' } } });
	t.after(() => scram.stop());
	const at = (values: Values) => ({
		...{ adapter, secrets: { password: 'x' }, profile: resolved('kafka', `kafka://${scram.address}`, values) },
	});
	const { failure } = await refused(at({ username: 'alice' }));
	assert.equal(failure.code, 'mechanism-refused');
	const { failure: none } = await refused(at({ mechanism: 'none' }));
	assert.equal(none.code, 'closed-by-broker', JSON.stringify(none));
	assert.match(none.remedy?.text ?? '', /or a sign-in \(SASL\)\.$/);
});

test('TLS: an unknown authority, no client certificate and one of another authority are refused', async () => {
	const user: Values = { username: 'alice' };
	const secrets = { password: 'secret, =1' };
	const codes = [];
	for (const values of [
		{ 'tls.ca': otherCa },
		{ 'tls.cert': undefined, 'tls.key': undefined },
		{ 'tls.cert': stranger.cert, 'tls.key': stranger.key },
	])
		codes.push((await refused(options(true, { ...user, ...values }, secrets))).failure.code);
	assert.match(codes[0] ?? '', /^certificate-/);
	assert.deepEqual(
		codes.slice(1).map((code) => /^(client-certificate-required|tls-|reset|closed-by)/.test(code)),
		[true, true],
		codes.join(),
	);
	// Without encryption on either side.
	const crossed = { adapter, secrets, profile: resolved('kafka', `kafka://${secure.address}`, user) };
	assert.match(
		(await refused(crossed)).failure.remedy?.text ?? '',
		/^The broker may expect TLS \(kafka\+ssl:\/\/\)\.$/,
	);
	const other = { ...crossed, profile: resolved('kafka', `kafka+ssl://${plain.address}`, { ...user, 'tls.ca': ca }) };
	assert.match((await refused(other)).failure.code, /^(tls-|closed|reset)/);
});

test('a session with a lifetime is signed in to again before it ends', async (t) => {
	const short = await startKafkaBroker({ topics: { orders: {} }, sasl: { users: { alice: 'x' }, lifetimeMs: 700 } });
	t.after(() => short.stop());
	const profile = resolved('kafka', `kafka://${short.address}`, { username: 'alice', pingInterval: 1 });
	let again = 0;
	const { link } = await connect({ adapter, profile, secrets: { password: 'x' } });
	t.after(() => link.destroy());
	await short.calls();
	// The broker would close the connection at the end of the lifetime (KIP-368).
	await eventually('three sign-ins', async () => {
		again += (await short.calls()).filter(({ api }) => api === 'SaslHandshake').length;
		assert.ok(again >= 3);
	});
	const draft = { verb: 'produce', target: 'orders', payload: Buffer.from('x'), values: {} };
	assert.equal((await link.send(draft)).proof, 'acknowledged');
});
