import assert from 'node:assert/strict';
import test from 'node:test';
import type { Failure } from '../../../../src/base/failure';
import { createRedactor, redactFailure } from '../../../../src/model/text/redact';
import { channelRefusal, connectionRefusal } from '../../../../src/protocols/amqp/wire/refusals';
import { connackFailure, disconnectFailure } from '../../../../src/protocols/mqtt/session/refusals';
import { closedByServer, dropped } from '../../../../src/protocols/websocket/wire/close-codes';
import { createRooms, type Rooms } from '../../../../src/protocols/xmpp/browse/rooms';
import { streamFailure } from '../../../../src/protocols/xmpp/describe/conditions';
import { createSubscribing } from '../../../../src/protocols/xmpp/messages/subscribing';
import type { OpenStream } from '../../../../src/protocols/xmpp/wire/open-stream';
import { readTyped } from '../../../../src/protocols/xmpp/wire/user-xml';

const amqp = { user: 'bob', vhost: '/' };
/** What the engine makes of a failure before anything outside sees it. */
const clean = createRedactor(['geheim']);
const streamError = (inner: string) =>
	streamFailure(
		readTyped(`<error>${inner.replace(/<(\w+)/, "<$1 xmlns='urn:ietf:params:xml:ns:xmpp-streams'")}</error>`),
	);

const ends: [title: string, failure: Failure, code: string | undefined, reason: string | undefined][] = [
	['WebSocket', closedByServer(4401, 'token expired'), '4401', 'token expired'],
	['WebSocket without a reason', closedByServer(1000, ''), '1000', undefined],
	['WebSocket without a close frame', dropped('reset'), '1006', undefined],
	['MQTT DISCONNECT', disconnectFailure({ code: 0x97, properties: { reasonString: 'enough' } }), '151', 'enough'],
	[
		'MQTT DISCONNECT without a reason string',
		disconnectFailure({ code: 0x8e, properties: {} }),
		'142',
		'another client has connected with the same client ID (session taken over)',
	],
	['MQTT 5 CONNACK', connackFailure({ sessionPresent: false, code: 0x87, properties: {} }), '135', 'not authorized'],
	['MQTT 3.1.1 CONNACK', connackFailure({ sessionPresent: false, code: 5 }), '5', 'not authorized'],
	[
		'AMQP connection.close',
		connectionRefusal({ code: 320, text: 'CONNECTION_FORCED - geheim', about: 0 }, { ...amqp, stage: 'open' }),
		'320',
		'CONNECTION_FORCED - •••',
	],
	['AMQP channel.close', channelRefusal({ code: 404, text: 'NOT_FOUND', about: 0 }, amqp), '404', 'NOT_FOUND'],
	['XMPP stream error', streamError('<conflict/>'), 'conflict', 'conflict'],
];
for (const [title, failure, code, reason] of ends)
	test(`the peer’s own code and reason: ${title}`, () => {
		const { end } = redactFailure(failure, clean);
		assert.equal(end?.code, code);
		assert.equal(end?.reason, reason);
	});

test('1000, 1001 and a close without a code are normal, and nothing else is', () => {
	for (const code of [1000, 1001, 1002, 1005, 1008, 1011, 3000, 4000])
		assert.equal(closedByServer(code, '').end?.normal, [1000, 1001, 1005].includes(code), String(code));
	for (const [, failure] of ends.slice(2)) assert.ok(!failure.end?.normal);
});

const room = 'room@conference.example.org';
const joined = `<presence from='${room}/me'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>`;
const put = (code: number) =>
	`<presence from='${room}/me' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'><item><reason>off topic</reason></item><status code='110'/><status code='${code}'/></x></presence>`;
const error = (from: string) =>
	`<presence from='${from}' type='error'><error type='cancel'><remote-server-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>`;

const ways: [title: string, stanza: string, says: RegExp | undefined, code?: string][] = [
	['is put out', put(307), /You were removed from the room/, '307'],
	['is banned', put(301), /You were banned from the room/, '301'],
	[
		'hears that the room cannot be reached',
		error(`${room}/me`),
		/disconnected from the room .*: the other server does not exist/,
		'remote-server-not-found',
	],
	['hears it from the room itself', error(room), /disconnected from the room/, 'remote-server-not-found'],
	['hears of another’s error', error(`${room}/other`), undefined],
];
for (const [title, stanza, says, code] of ways)
	test(`an XMPP room’s occupant ${title}: ${says ? 'the subscription has ended' : 'nothing ends'}`, async () => {
		const changes: (Failure | undefined)[] = [];
		const rooms = createRooms({
			full: 'me@example.org/x',
			say: () => 0,
			sink: { subscription: (_: unknown, { failure }: { failure?: Failure }) => changes.push(failure) },
		} as unknown as OpenStream);
		const joining = rooms.join({ target: room, mode: 'room' }, 'id');
		rooms.presence(readTyped(joined));
		await joining;
		rooms.presence(readTyped(stanza));
		assert.equal(changes.length, says ? 1 : 0);
		if (says) assert.match(changes[0]?.message ?? '', says);
		assert.equal(changes[0]?.end?.code, code);
		assert.equal(rooms.list().length, says ? 0 : 1);
	});

const nodes: [title: string, event: string, says: RegExp | undefined][] = [
	['is deleted', "<delete node='news'/>", /The node news was deleted/],
	[
		'is no longer subscribed to',
		"<subscription node='news' subscription='none'/>",
		/ended the subscription to the node news/,
	],
	['is subscribed to', "<subscription node='news' subscription='subscribed'/>", undefined],
	['is another one', "<delete node='other'/>", undefined],
];
for (const [title, event, says] of nodes)
	test(`a PubSub node ${title}: ${says ? 'the subscription has ended' : 'nothing ends'}`, async () => {
		const changes: (Failure | undefined)[] = [];
		const subscribing = createSubscribing(
			{
				full: 'me@example.org/x',
				ask: async () => ({ element: readTyped("<iq type='result'/>"), seq: 0 }),
				sink: { subscription: (_: unknown, { failure }: { failure?: Failure }) => changes.push(failure) },
			} as unknown as OpenStream,
			{} as Rooms,
		);
		await subscribing.subscribe({ target: 'pubsub.example.org/news' }, 'id');
		subscribing.event('pubsub.example.org', readTyped(`<event>${event}</event>`));
		assert.equal(changes.length, says ? 1 : 0);
		if (says) assert.match(changes[0]?.message ?? '', says);
	});
