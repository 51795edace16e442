import assert from 'node:assert/strict';
import test from 'node:test';
import type { Values } from '../../../src/model/profile/field';
import type { Secrets } from '../../../src/model/profile/profile';
import { adapter } from '../../../src/protocols/xmpp/adapter';
import { pki } from '../../support/servers/pki';
import { startEjabberd } from '../../support/servers/xmpp/ejabberd';
import { startProsody } from '../../support/servers/xmpp/prosody';
import type { XmppServer } from '../../support/servers/xmpp/xmpp-server';
import { connect, refused, resolved } from '../suite/attempt';

const password = 'canary-5c3';
const users = { alice: password, bob: 'bob-password' };

function at(server: XmppServer, values: Values = {}, secrets: Secrets = { password }) {
	const common = { username: 'alice@localhost', 'tls.ca': pki().ca };
	return { adapter, secrets, profile: resolved('xmpp', `xmpp://localhost:${server.port}`, { ...common, ...values }) };
}

async function signsIn(attempt: ReturnType<typeof at>) {
	const { link } = await connect(attempt);
	link.destroy();
	return { ...link.security, address: link.facts.find(({ label }) => label === 'Address')?.value?.replace(/\/.*/, '') };
}

for (const start of [startProsody, startEjabberd])
	test(`channel binding at ${start.name.replace('start', '')}, TLS 1.2: tls-unique`, async (t) => {
		const server = await start({ users, plain: true, tls12: true });
		t.after(() => server.stop());
		const { mechanisms, version } = await signsIn(at(server));
		assert.equal(version, 'TLSv1.2');
		assert.match(mechanisms?.used ?? '', /^SCRAM-SHA-(256|512)-PLUS$/);
		for (const mechanism of ['SCRAM-SHA-1-PLUS', 'SCRAM-SHA-256-PLUS', 'SCRAM-SHA-1', 'SCRAM-SHA-256'])
			assert.equal((await signsIn(at(server, { mechanism }))).mechanisms?.used, mechanism);
		assert.equal((await refused(at(server, {}, { password: 'wrong' }))).failure.code, 'credentials-refused');
	});

test('TLS 1.3 at a server that does not say how it binds: signed in without, and not where binding is wanted', async (t) => {
	const server = await startEjabberd({ users, plain: true, clientCa: pki().ca });
	t.after(() => server.stop());

	await t.test('nothing is guessed', async () => {
		const { mechanisms, version } = await signsIn(at(server));
		assert.equal(version, 'TLSv1.3');
		assert.ok(mechanisms?.offered.includes('SCRAM-SHA-512-PLUS'), mechanisms?.offered.join());
		assert.equal(mechanisms?.used, 'SCRAM-SHA-512');
		assert.equal((await refused(at(server, { mechanism: 'SCRAM-SHA-512-PLUS' }))).failure.code, 'no-mechanism');
	});

	const { xmppClient, client, stranger } = pki();
	const by = ({ cert, key }: { cert: string; key: string }, values: Values = {}) =>
		at(server, { 'tls.cert': cert, 'tls.key': key, ...values }, {});

	await t.test('by a client certificate for the address, written in the profile or not', async () => {
		for (const username of ['alice@localhost', 'alice', '']) {
			const { mechanisms, authentication, address } = await signsIn(by(xmppClient, { username }));
			assert.deepEqual(
				[mechanisms?.used, authentication, address],
				['EXTERNAL', 'client certificate', 'alice@localhost'],
			);
		}
	});

	await t.test('by a client certificate without an address: it must be written', async () => {
		assert.equal((await signsIn(by(client))).address, 'alice@localhost');
	});

	const wrong: [string, Parameters<typeof signsIn>[0], string][] = [
		['of another account', by(xmppClient, { username: 'bob@localhost' }), 'credentials-refused'],
		['of an authority that the server does not know', by(stranger), 'credentials-refused'],
		['that is not given', at(server, { mechanism: 'EXTERNAL' }), 'no-mechanism'],
	];
	for (const [name, attempt, code] of wrong)
		await t.test(`a client certificate ${name}`, async () => {
			const { failure } = await refused(attempt);
			assert.deepEqual([failure.code, failure.final], [code, true], failure.evidence);
			assert.match(failure.message, /client certificate/);
		});
});
