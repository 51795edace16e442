import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import test from 'node:test';
import type { Values } from '../../../src/model/profile/field';
import { adapter } from '../../../src/protocols/xmpp/adapter';
import { type HostileServer, startHostile } from '../../support/hostile/hostile';
import { hostileUser, xmppDialogue } from '../../support/hostile/xmpp';
import { listen } from '../../support/net/listen';
import { eventually } from '../../support/run/eventually';
import { notes, realSession } from '../../support/run/session';
import { certificate } from '../../support/servers/certificate';
import { pki } from '../../support/servers/pki';
import { startProsody } from '../../support/servers/xmpp/prosody';
import type { XmppServerOptions } from '../../support/servers/xmpp/xmpp-server';
import { connect, refused, resolved } from '../suite/attempt';
import { plain } from '../suite/judge';

const secrets = { password: hostileUser.password };
const profile = (url: string, values: Values = {}) =>
	resolved('xmpp', url, { username: 'alice@localhost', 'tls.ca': pki().ca, ...values });

async function withHostile(step: string, fault: string, body: (server: HostileServer) => Promise<void>): Promise<void> {
	const server = await startHostile({ dialogue: xmppDialogue, step, fault });
	try {
		await body(server);
	} finally {
		await server.close();
	}
}

const codes: [step: string, fault: string, code: string, final: boolean][] = [
	['success', 'a wrong signature', 'server-not-verified', true],
	['success', 'no signature', 'server-not-verified', true],
	['challenge', 'success at once', 'bad-sign-in', true],
	['challenge', 'two million iterations', 'bad-scram', true],
	['challenge', 'another nonce', 'bad-scram', true],
	['challenge', 'a hostile failure', 'credentials-refused', true],
	['features', 'a redirection', 'redirected', true],
	['features', 'another root', 'not-xmpp', true],
	['features', 'an unknown entity', 'not-well-formed', false],
	['features', 'a comment', 'restricted-xml', false],
	['features', 'ten thousand levels', 'message-too-large', false],
	['bind', 'no bind', 'no-bind', true],
];
for (const [step, fault, code, final] of codes)
	test(`${step}: ${fault} is ${code}`, () =>
		withHostile(step, fault, async ({ port }) => {
			const allowed = profile(`xmpp://127.0.0.1:${port}`, { allowUnencrypted: true });
			const { failure } = await refused({ adapter, profile: allowed, secrets });
			plain(failure, secrets);
			assert.deepEqual([failure.code, failure.final === true], [code, final]);
		}));

const ends: [fault: string, code: string][] = [
	['conflict', 'conflict'],
	['not authorized', 'credentials-refused'],
	['a redirection', 'redirected'],
];
for (const [fault, code] of ends)
	test(`an open session that ends by ${fault} stays away`, (t) =>
		withHostile('open', fault, async (server) => {
			const session = realSession('xmpp', {
				url: `xmpp://127.0.0.1:${server.port}`,
				values: { username: 'alice@localhost', allowUnencrypted: true },
				secrets,
			});
			t.after(() => session.dispose());
			await session.connect();
			await eventually('closed', () => assert.equal(session.status().state.kind, 'closed'));
			const { state } = session.status();
			assert.equal(state.kind === 'closed' && state.failure?.code, code);
			assert.equal(server.accepted, 1);
			assert.ok(!notes(session).join().includes(secrets.password));
		}));

test('characters of four bytes, cut between any two of their bytes on the way', async () => {
	const text = "<message from='bob@localhost'><body>a😀b𝄞c</body></message>";
	const dialogue = () =>
		xmppDialogue().map((step) => (step.name === 'open' ? { ...step, answer: () => Buffer.from(text) } : step));
	// Byte by byte, each in its own segment.
	const server = await startHostile({ dialogue, step: 'open', fault: 'slow' });
	try {
		const allowed = profile(`xmpp://127.0.0.1:${server.port}`, { allowUnencrypted: true });
		const { link, recorded } = await connect({ adapter, profile: allowed, secrets });
		await eventually('received', () => {
			const message = recorded.messages.find(({ target }) => target === 'bob@localhost');
			assert.equal(message?.payload.toString(), text);
		});
		link.destroy();
	} finally {
		await server.close();
	}
});

test('another host that the server names gets no connection', async (t) => {
	const asked: Socket[] = [];
	const other = createServer((socket) => asked.push(socket));
	await listen(other, 22_198).catch(() => {});
	t.after(() => other.close());
	await withHostile('features', 'a redirection', async ({ port }) => {
		const { failure } = await refused({
			...{ adapter, secrets },
			profile: profile(`xmpp://127.0.0.1:${port}`, { allowUnencrypted: true }),
		});
		assert.match(failure.evidence ?? '', /127\.0\.0\.1:22198/);
		assert.equal(asked.length, 0);
	});
});

const servers: [name: string, options: XmppServerOptions, values: Values, code: string][] = [
	['no STARTTLS', { noTls: true }, {}, 'no-starttls'],
	['a certificate for another domain', { certificate: pki().otherHost }, {}, 'certificate-wrong-host'],
	['an expired certificate', { certificate: pki().expired }, {}, 'certificate-expired'],
	['an unknown authority', {}, { 'tls.ca': undefined }, 'certificate-unknown-ca'],
	['a wrong password', {}, { username: 'bob@localhost' }, 'credentials-refused'],
	['a mechanism that is not offered', {}, { mechanism: 'SCRAM-SHA-512' }, 'no-mechanism'],
	['an address that is none', {}, { username: '@localhost' }, 'bad-address'],
];
test('a real server that must be refused', async (t) => {
	for (const [name, options, values, code] of servers)
		await t.test(name, async () => {
			const server = await startProsody({ users: { alice: secrets.password, bob: 'other' }, ...options });
			try {
				const { failure } = await refused({
					adapter,
					secrets,
					profile: profile(`xmpp://127.0.0.1:${server.port}`, values),
				});
				plain(failure, secrets);
				assert.equal(failure.code, code, failure.evidence);
				assert.equal(failure.final, true);
				await eventually('no client left', () => assert.equal(server.connections(), 0));
			} finally {
				await server.stop();
			}
		});
});

test('a certificate for the host of the URL is not enough: it must be for the domain', async (t) => {
	const { key, cert, file } = certificate();
	const server = await startHostile({ dialogue: xmppDialogue, tls: { key, cert } });
	t.after(() => server.close());
	const url = `xmpps://localhost:${server.port}`;
	const at = (username: string) => ({ adapter, secrets, profile: profile(url, { username, 'tls.ca': file }) });
	const { failure } = await refused(at('alice@other.example'));
	assert.equal(failure.code, 'certificate-wrong-host');
	(await connect(at('alice@localhost'))).link.destroy();
});

test('without STARTTLS, and only if that is allowed, SCRAM is used and PLAIN is not', async (t) => {
	const server = await startProsody({ users: { alice: secrets.password }, noTls: true });
	t.after(() => server.stop());
	const allowed = (values: Values) => ({
		...{ adapter, secrets },
		profile: profile(`xmpp://127.0.0.1:${server.port}`, { allowUnencrypted: true, ...values }),
	});
	const { link } = await connect(allowed({}));
	assert.equal(link.security.encrypted, false);
	assert.equal(link.security.mechanisms?.used, 'SCRAM-SHA-1');
	link.destroy();
	assert.equal((await refused(allowed({ mechanism: 'PLAIN' }))).failure.code, 'no-mechanism');
	const web = await refused({ adapter, secrets, profile: profile(`ws://${server.webSocket}`) });
	assert.equal(web.failure.code, 'not-encrypted');
});
