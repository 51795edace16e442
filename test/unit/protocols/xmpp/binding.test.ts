import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { connect, createServer, type SecureVersion, type TLSSocket } from 'node:tls';
import { signIn } from '../../../../src/protocols/xmpp/sign-in/sasl';
import { readTyped } from '../../../../src/protocols/xmpp/wire/user-xml';
import { listen } from '../../../support/net/listen';
import { certificate } from '../../../support/servers/certificate';

/** Both ends of one connection. */
async function pair(t: TestContext, version: SecureVersion): Promise<{ ours: TLSSocket; theirs: TLSSocket }> {
	const { key, cert } = certificate();
	const server = createServer({ key, cert, minVersion: version, maxVersion: version });
	const arrived = once(server, 'secureConnection');
	const ours = connect({ port: await listen(server), host: '127.0.0.1', rejectUnauthorized: false });
	await once(ours, 'secureConnect');
	const [theirs] = (await arrived) as [TLSSocket];
	t.after(() => {
		ours.destroy();
		server.close();
	});
	return { ours, theirs };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Signs in at a server with these features, up to the proof. Returns the GS2 header and the binding data. */
async function said(socket: Socket, features: { plus: boolean; kinds?: string[] }) {
	const sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
	const kinds = features.kinds?.map((type) => `<channel-binding type='${type}'/>`).join('');
	const list =
		kinds === undefined ? '' : `<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>${kinds}</sasl-channel-binding>`;
	const names = ['SCRAM-SHA-1', ...(features.plus ? ['SCRAM-SHA-1-PLUS'] : [])];
	const mechanisms = names.map((name) => `<mechanism>${name}</mechanism>`).join('');
	const sent: string[] = [];
	const talk = {
		send: (text: string) => void sent.push(Buffer.from(/>([^<]*)</.exec(text)?.[1] ?? '', 'base64').toString('latin1')),
		next: async () => {
			const nonce = /r=([^,]*)/.exec(sent[0] ?? '')?.[1];
			const challenge = `<challenge ${sasl}>${base64(`r=${nonce}x,s=${base64('salt')},i=1`)}</challenge>`;
			return readTyped(sent.length === 1 ? challenge : `<failure ${sasl}><aborted/></failure>`);
		},
	};
	const by = {
		username: 'alice',
		domain: 'localhost',
		password: 'x',
		wanted: 'auto',
		certificate: false,
		encrypted: true,
	};
	const offer = readTyped(`<features><mechanisms ${sasl}>${mechanisms}</mechanisms>${list}</features>`);
	await assert.rejects(signIn(talk, offer, { ...by, socket }), /refused the sign-in/);
	const [header = ''] = /^[^,]*,,/.exec(sent[0] ?? '') ?? [];
	const whole = Buffer.from(/^c=([^,]*)/.exec(sent[1] ?? '')?.[1] ?? '', 'base64');
	assert.equal(whole.subarray(0, header.length).toString(), header, 'what was said first is what is signed');
	return { header, bound: whole.subarray(header.length).toString('hex') };
}

test('TLS 1.3: tls-exporter where the server names it (RFC 9266, XEP-0440), and nothing is guessed', async (t) => {
	const { ours, theirs } = await pair(t, 'TLSv1.3');
	assert.deepEqual(await said(ours, { plus: true, kinds: ['tls-unique', 'tls-exporter'] }), {
		header: 'p=tls-exporter,,',
		bound: theirs.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)).toString('hex'),
	});
	for (const kinds of [undefined, [], ['tls-unique', 'tls-server-end-point']])
		assert.deepEqual(await said(ours, { plus: true, kinds }), { header: 'n,,', bound: '' });
});

test('TLS 1.2: tls-unique (RFC 5929), named or as the default (RFC 5802, section 6)', async (t) => {
	const { ours, theirs } = await pair(t, 'TLSv1.2');
	const wanted = { header: 'p=tls-unique,,', bound: theirs.getPeerFinished()?.toString('hex') };
	for (const kinds of [undefined, ['tls-exporter', 'tls-unique']])
		assert.deepEqual(await said(ours, { plus: true, kinds }), wanted);
	assert.equal((await said(ours, { plus: true, kinds: ['tls-exporter'] })).header, 'n,,');
});

test('a server that offers no binding learns that the client could bind, so that it notices a downgrade', async (t) => {
	for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
		assert.equal((await said((await pair(t, version)).ours, { plus: false })).header, 'y,,');
	assert.equal((await said(new Socket(), { plus: false })).header, 'n,,');
});
