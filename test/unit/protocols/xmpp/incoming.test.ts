import assert from 'node:assert/strict';
import test from 'node:test';
import type { Incoming } from '../../../../src/protocols/adapter';
import type { Contacts } from '../../../../src/protocols/xmpp/browse/contacts';
import { createContactRequests } from '../../../../src/protocols/xmpp/browse/requests';
import { createRooms } from '../../../../src/protocols/xmpp/browse/rooms';
import { createIncoming } from '../../../../src/protocols/xmpp/messages/incoming';
import type { Sends } from '../../../../src/protocols/xmpp/messages/sending';
import { createSubscribing } from '../../../../src/protocols/xmpp/messages/subscribing';
import type { OpenStream } from '../../../../src/protocols/xmpp/wire/open-stream';
import { readTyped } from '../../../../src/protocols/xmpp/wire/user-xml';

const room = 'Garden@conference.example.org';
const service = 'pubsub.example.org';
const event = (node: string) =>
	`<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='${node}'><item/></items></event>`;

/** A stream that is in one room, and subscribed to one node. */
async function subscribed() {
	const logged: Incoming[] = [];
	const stream = {
		full: 'me@example.org/x',
		account: 'me@example.org',
		say: () => 0,
		ask: async () => ({ element: readTyped("<iq type='result'/>"), seq: 0 }),
		management: { received() {} },
		iqs: { take: () => undefined },
		sink: { message: (message: Incoming) => logged.push(message) - 1, browseChanged() {}, subscription() {} },
	} as unknown as OpenStream;
	const rooms = createRooms(stream);
	const subscribing = createSubscribing(stream, rooms);
	const incoming = createIncoming({
		...{ stream, rooms, subscribing },
		sends: { about: () => undefined } as unknown as Sends,
		contacts: { presence: () => false } as unknown as Contacts,
		requests: createContactRequests(stream),
	});
	const receive = (text: string) => {
		incoming(readTyped(text), text);
		return logged.at(-1)?.subscriptions;
	};
	const joining = subscribing.subscribe({ target: room, mode: 'room' }, 'the room');
	receive(
		`<presence from='${room}/me'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>`,
	);
	await joining;
	await subscribing.subscribe({ target: `${service}/news`, mode: 'pubsub' }, 'the node');
	return { receive, subscribing };
}

const cases: [title: string, stanza: string, subscription: string | undefined][] = [
	['a message of a room', `<message from='${room}/bob' type='groupchat'><body>x</body></message>`, 'the room'],
	['a private message through a room', `<message from='${room}/bob' type='chat'><body>x</body></message>`, 'the room'],
	['the presence of an occupant', `<presence from='${room}/bob'/>`, 'the room'],
	['an event of a node', `<message from='${service}'>${event('news')}</message>`, 'the node'],
	['an event of another node', `<message from='${service}'>${event('other')}</message>`, undefined],
	['an event of another service', `<message from='pep.example.org'>${event('news')}</message>`, undefined],
	['a message of a contact', "<message from='bob@example.org/y'><body>x</body></message>", undefined],
	['an error of a room', `<message from='${room}' type='error'/>`, undefined],
	[
		'a message of a room’s archive',
		`<message from='${room}'><result xmlns='urn:xmpp:mam:2' id='1'/></message>`,
		undefined,
	],
	['an answer of a room', `<iq from='${room}' type='result' id='1'/>`, undefined],
];
for (const [title, stanza, subscription] of cases)
	test(`${title} names ${subscription ?? 'no subscription'}`, async () => {
		const { receive } = await subscribed();
		assert.deepEqual(receive(stanza), subscription && [subscription]);
	});

test('after unsubscribing, a late event and a late message name no subscription', async () => {
	const { receive, subscribing } = await subscribed();
	await subscribing.unsubscribe({ target: `${service}/news`, mode: 'pubsub' });
	assert.equal(receive(`<message from='${service}'>${event('news')}</message>`), undefined);
	const leaving = subscribing.unsubscribe({ target: room, mode: 'room' });
	receive(`<presence from='${room}/me' type='unavailable'/>`);
	await leaving;
	assert.equal(receive(`<message from='${room}/bob' type='groupchat'><body>x</body></message>`), undefined);
});
