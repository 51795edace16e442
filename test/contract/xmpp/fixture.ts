import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Values } from '../../../src/model/profile/field';
import type { Adapter } from '../../../src/protocols/adapter';
import { adapter } from '../../../src/protocols/xmpp/adapter';
import { stanzaFlags } from '../../../src/protocols/xmpp/describe/stanza-meta';
import { eventually } from '../../support/run/eventually';
import { pki } from '../../support/servers/pki';
import { type RawClient, rawClient } from '../../support/servers/xmpp/xmpp-client';
import type { XmppServer, XmppServerOptions } from '../../support/servers/xmpp/xmpp-server';
import { resolved, testLink } from '../suite/attempt';
import type { Fixture } from '../suite/fixture';

const password = 'canary-8e1';
const users = { alice: password, bob: 'bob-password' };
const headline = stanzaFlags('message', 'headline');
const groupchat = stanzaFlags('message', 'groupchat');
const result = stanzaFlags('iq', 'result');
const room = 'contract@conference.localhost';

export interface XmppVariant extends XmppServerOptions {
	way: 'starttls' | 'tls' | 'websocket';
}

/**
 * XMPP carries text in stanzas, and the log keeps the whole stanza. The suite's bytes travel as Base64 in the body of a
 * headline, which is never stored for offline delivery, and only those bodies reach the suite, without the stanzas of the
 * session itself (presence, answers). reader.test.ts proves that the text of a stanza is kept byte for byte.
 */
const bodies: Adapter = {
	async connect(context) {
		const link = await adapter.connect({
			...context,
			sink: {
				...context.sink,
				message(message) {
					const { payload, flags } = message;
					const text = Buffer.from(payload).toString();
					// Answers of the server have no body: the suite only gets their type.
					if (flags === result && message.answers !== undefined)
						return context.sink.message({ ...message, payload: Buffer.from('result') });
					if (flags !== headline && !(flags === groupchat && text.includes('<body>'))) return -1;
					const body = /<body>([^<]*)<\/body>|<body\/>/.exec(text)?.[1] ?? '';
					return context.sink.message({ ...message, payload: Buffer.from(body, 'base64') });
				},
			},
		});
		// The server answers in order: after this it knows the presence of the link and delivers messages to it.
		await testLink(link).send({
			verb: 'iq',
			target: 'localhost',
			values: { preset: 'ping' },
			payload: new Uint8Array(),
		});
		return link;
	},
};

/** A server, and the client bob, who sends messages and reports received ones. */
export async function xmppFixture(
	start: (options: XmppServerOptions) => Promise<XmppServer>,
	{ way, ...options }: XmppVariant,
): Promise<Fixture> {
	const server = await start({ users, ...options });
	const values: Values = {
		username: 'alice@localhost',
		'tls.ca': pki().ca,
		allowUnencrypted: way === 'websocket',
	};
	const scheme = { starttls: 'xmpp', tls: 'xmpps', websocket: 'ws' }[way];
	const path = way === 'websocket' ? server.webSocket.replace(/^[^/]*/, '') : '';
	const at = (port: number) => resolved('xmpp', `${scheme}://127.0.0.1:${port}${path}`, values);
	const profile = at({ starttls: server.port, tls: server.tlsPort, websocket: server.webPort }[way]);
	let bob: RawClient = await rawClient(server.port, 'bob', users.bob);
	const draft = (payload: Uint8Array) => ({
		verb: 'message',
		target: 'bob@localhost',
		values: { type: 'headline' },
		payload: Buffer.from(Buffer.from(payload).toString('base64')),
	});
	const unsupported = "<x xmlns='nothing:known'/>";
	return {
		adapter: bodies,
		profile,
		secrets: { password },
		at,
		wrong: { password: 'wrong-77c' },
		untrusted: way === 'websocket' ? undefined : { ...profile, values: { username: 'alice@localhost' } },
		impatient: { pingInterval: 1 },
		async deliver(payloads) {
			for (const payload of payloads) {
				const body = Buffer.from(payload).toString('base64');
				bob.send(`<message to='alice@localhost' type='headline'><body>${body}</body></message>`);
			}
		},
		draft,
		denied: {
			draft: { verb: 'iq', target: 'localhost', values: { type: 'get' }, payload: Buffer.from(unsupported) },
			subscription: { target: 'pubsub.localhost/nowhere', mode: 'pubsub' },
			allowed: draft(Buffer.from('allowed')),
		},
		answerer: {
			draft: { verb: 'iq', target: 'localhost', values: { preset: 'ping' }, payload: new Uint8Array() },
			payload: Buffer.from('result'),
		},
		// Not PubSub: ejabberd sends the last item again to each new subscriber.
		modes: {
			room: {
				subscription: { target: room, mode: 'room', nick: 'alice', history: 0 },
				named: true,
				async deliver(payload) {
					bob.send(`<presence to='${room}/bob'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
					const body = Buffer.from(payload).toString('base64');
					const id = randomUUID();
					bob.send(`<message to='${room}' type='groupchat' id='${id}'><body>${body}</body></message>`);
					// The room has then sent it to everyone who was in it.
					await eventually('the room has it', () => assert.ok(bob.received.includes(id)));
				},
			},
		},
		browse: {
			path: ['Services of localhost'],
			ask: {
				intent: () => ({ kind: 'subscribe', subscription: { target: room, mode: 'room' } }),
				says: /Join the room contract@/,
			},
			act: { act: () => ({ action: 'ping', values: {} }), says: /^localhost answered in / },
		},
		received: async () =>
			bob
				.take('message')
				.filter((stanza) => !/type=['"]error/.test(stanza))
				.map((stanza) => Buffer.from(/<body>([^<]*)<\/body>/.exec(stanza)?.[1] ?? '', 'base64')),
		connections: async () => server.connections() - (bob.closed ? 0 : 1),
		kill: (signal) => server.kill(signal),
		async restart() {
			bob.end();
			await server.restart();
			bob = await rawClient(server.port, 'bob', users.bob);
		},
		async stop() {
			bob.end();
			await server.stop();
		},
	};
}
