import assert from 'node:assert/strict';
import test from 'node:test';
import { flag, type Row } from '../../../../src/model/contracts/message';
import { xmpp } from '../../../../src/protocols/xmpp/describe/describe';
import { compose } from '../../../../src/protocols/xmpp/messages/compose';
import { filed } from '../../../../src/protocols/xmpp/messages/filing';
import { readTyped } from '../../../../src/protocols/xmpp/wire/user-xml';

const room = 'barn@conference.example.org';
const delay = (stamp: string) => `<delay xmlns='urn:xmpp:delay' stamp='${stamp}' from='${room}'/>`;
const occupant = "<x xmlns='http://jabber.org/protocol/muc#user'><item role='participant'/></x>";
const archived = (message: string) =>
	`<message><result xmlns='urn:xmpp:mam:2' id='1'><forwarded xmlns='urn:xmpp:forward:0'>${delay('2026-11-01T09:00:00Z')}${message}</forwarded></result></message>`;
const at = (text: string) => Date.parse(text);

const cases: [title: string, stanza: string, by: Pick<Row, 'sender' | 'written'>][] = [
	['a message in a room', `<message from='${room}/Bo b' type='groupchat'><body>x</body></message>`, { sender: 'Bo b' }],
	['the subject of a room', `<message from='${room}' type='groupchat'><subject>x</subject></message>`, {}],
	[
		'the history of a room',
		`<message from='${room}/bob' type='groupchat'><body>x</body>${delay('2026-11-29T01:02:03.5Z')}</message>`,
		{ sender: 'bob', written: at('2026-11-29T01:02:03.500Z') },
	],
	[
		'a stamp that is no time',
		`<message from='${room}/bob' type='groupchat'>${delay('yesterday')}</message>`,
		{ sender: 'bob' },
	],
	['an occupant', `<presence from='${room}/bob'><c xmlns='caps'/>${occupant}</presence>`, { sender: 'bob' }],
	[
		'a private message through a room',
		`<message from='${room}/bob' type='chat'><body>x</body>${occupant}</message>`,
		{ sender: 'bob' },
	],
	[
		'a chat message, whose address says it',
		"<message from='bob@x.example/phone' type='chat'><body>x</body></message>",
		{},
	],
	[
		'a message that was kept for later delivery',
		`<message from='bob@x.example/phone' type='chat'><body>x</body>${delay('2026-11-28T23:59:59+01:00')}</message>`,
		{ written: at('2026-11-28T22:59:59Z') },
	],
	[
		'an archived message',
		archived("<message xmlns='jabber:client' from='bob@x.example/phone' type='chat'><body>x</body></message>"),
		{ sender: 'bob', written: at('2026-11-01T09:00:00Z') },
	],
	[
		'an archived message of a room',
		archived(`<message xmlns='jabber:client' from='${room}/Bobby' type='groupchat'><body>x</body></message>`),
		{ sender: 'Bobby', written: at('2026-11-01T09:00:00Z') },
	],
	['the presence of a contact', "<presence from='bob@x.example/phone'/>", {}],
];
for (const [title, stanza, by] of cases)
	test(`who and when: ${title}`, () => {
		const { flags, meta } = filed(readTyped(stanza), 'from', 'me@x.example');
		assert.deepEqual(xmpp.authorship?.(meta, flags), by);
	});

test('who and when: neither for a message of the user nor for a note', () => {
	const stanza = readTyped(`<message to='${room}' from='${room}/me' type='groupchat'><body>x</body></message>`);
	const { flags, meta } = filed(stanza, 'to', 'me@x.example');
	assert.deepEqual(xmpp.authorship?.(meta, flags | flag.out), {});
	assert.deepEqual(xmpp.authorship?.(undefined, flag.note), {});
});

const types: [given: string | undefined, target: string, type: string][] = [
	[undefined, room, 'groupchat'],
	['auto', room, 'groupchat'],
	['chat', room, 'chat'],
	[undefined, `${room}/bob`, 'chat'],
	[undefined, 'bob@x.example', 'chat'],
	['headline', room, 'headline'],
];
for (const [type, target, expected] of types)
	test(`a message of type ${type ?? 'by default'} to ${target} is sent as ${expected}`, () => {
		const draft = { verb: 'message', target, values: { type }, payload: Buffer.from('x') };
		const stanza = readTyped(compose(draft, (jid) => jid === room));
		assert.equal(stanza.attributes.type, expected);
	});
