import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import type { Values } from '../../../../src/model/profile/field';
import { xmpp } from '../../../../src/protocols/xmpp/describe/describe';
import { checkJid, checkNode, sameJid, splitJid } from '../../../../src/protocols/xmpp/describe/jid';
import { historyFlag, stanzaFlags, stanzaOf } from '../../../../src/protocols/xmpp/describe/stanza-meta';
import { compose } from '../../../../src/protocols/xmpp/messages/compose';
import { filed } from '../../../../src/protocols/xmpp/messages/filing';
import { readTyped } from '../../../../src/protocols/xmpp/wire/user-xml';

const made = (verb: string, target: string, values: Values, payload: string | Buffer = '') =>
	compose({ verb, target, values: { id: '1', ...values }, payload: Buffer.from(payload) }, () => false);

const drafts: [string, string, Values, string, string][] = [
	[
		'message',
		'b@x',
		{},
		'a<&>"😀',
		"<message type='chat' to='b@x' id='1'><body>a&lt;&amp;&gt;&quot;😀</body></message>",
	],
	[
		'message',
		'b@x',
		{ type: 'normal', subject: 's' },
		'',
		"<message to='b@x' id='1'><subject>s</subject><body/></message>",
	],
	[
		'presence',
		'',
		{ type: 'available', show: 'away', priority: 5 },
		'x',
		"<presence id='1'><show>away</show><status>x</status><priority>5</priority></presence>",
	],
	['iq', 'x', { preset: 'ping' }, '', "<iq type='get' to='x' id='1'><ping xmlns='urn:xmpp:ping'/></iq>"],
	['iq', '', { type: 'set' }, "<a xmlns='b'/>", "<iq type='set' id='1'><a xmlns='b'/></iq>"],
	[
		'publish',
		'p.x/a/b',
		{ itemId: 'i' },
		'<c/>',
		"<iq type='set' to='p.x' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='a/b'><item id='i'><c/></item></publish></pubsub></iq>",
	],
	['stanza', '', {}, ' <presence  />', ' <presence  />'],
];
for (const [verb, target, values, payload, wanted] of drafts)
	test(`a draft as XML: ${wanted.slice(0, 70)}`, () => assert.equal(made(verb, target, values, payload), wanted));

const failure = (run: () => unknown): { code: string; message: string } => {
	try {
		run();
	} catch (error) {
		if (error instanceof FailureError) return error.failure;
		throw error;
	}
	throw new Error('It was accepted.');
};

const wrongs: [string, string, Values, string | Buffer, string][] = [
	['message', '', {}, 'x', 'bad-target'],
	['message', 'a@', {}, 'x', 'bad-target'],
	['message', 'b@x', {}, Buffer.from('c328', 'hex'), 'not-utf8'],
	['message', 'b@x', {}, '\u0001', 'not-xml-text'],
	['iq', 'x', { preset: 'ping' }, '<a/>', 'two-payloads'],
	['iq', 'x', {}, '<a>', 'not-well-formed'],
	['iq', 'x', {}, '', 'no-xml'],
	['publish', 'p.x', {}, '<a/>', 'bad-target'],
	['publish', 'p.x/n', {}, '<a/><b/>', 'not-well-formed'],
	['toString', 'x', {}, '', 'bad-verb'],
];
for (const [verb, target, values, payload, wanted] of wrongs)
	test(`a draft that cannot be sent: ${verb} ${target} ${payload}`, () => {
		assert.equal(failure(() => made(verb, target, values, payload)).code, wanted);
	});

const places: [string, string][] = [
	['<a>\n  <b></c>\n</a>', 'line 2, column 9'],
	['<a/><b/>', 'line 1, column 7'],
	['<a b=c/>', 'line 1, column 6'],
	['<a>&nope;</a>', 'line 1, column 9'],
	['<!-- x --><a/>', 'line 1, column'],
	['<a><?x?></a>', 'line 1, column'],
	['<x:a/>', 'line 1, column 6'],
];
for (const [text, wanted] of places)
	test(`the refusal names the place: ${JSON.stringify(text)}`, () => {
		const { code, message } = failure(() => readTyped(text));
		assert.equal(code, 'not-well-formed');
		assert.ok(message.includes(wanted), message);
	});

test('addresses', () => {
	assert.deepEqual(splitJid('a@b/c@d/e'), { local: 'a', domain: 'b', resource: 'c@d/e' });
	assert.deepEqual(splitJid('b'), { domain: 'b' });
	for (const right of ['a@b', 'b.example', 'a@b/c d', '[::1]', 'ü@ö/😀'])
		assert.equal(checkJid(right), undefined, right);
	for (const wrong of ['', '@b', 'a@', 'a@b/', 'a b@c', 'a@b@c', 'a"@b']) assert.ok(checkJid(wrong), wrong);
	assert.equal(checkNode('p.x/n'), undefined);
	for (const wrong of ['', 'p.x', 'p.x/', '/n']) assert.ok(checkNode(wrong), wrong);
	assert.ok(sameJid('A@b/c', 'a@B/c'));
	assert.ok(!sameJid('a@b/c', 'a@b/C'));
});

const history = "<delay xmlns='urn:xmpp:delay' stamp='2002-10-13T23:58:37Z' from='r@c'/>";
const kept: [string, string, string, object][] = [
	["<message from='a@b/c' id='1'/>", 'a@b', 'message normal', { from: 'a@b/c', id: '1' }],
	['<presence/>', 'me@x', 'presence available', {}],
	["<iq type='__proto__' from='s'/>", 's', 'iq ?', { from: 's' }],
	[
		`<message type='groupchat' from='r@c/n'>${history}</message>`,
		'r@c',
		'message groupchat H',
		{ from: 'r@c/n', delay: '2002-10-13T23:58:37Z', delayedBy: 'r@c' },
	],
	[
		"<message from='p.x' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='n/m'><item id='1'/></items></event></message>",
		'p.x/n/m',
		'message headline',
		{ from: 'p.x', content: 'event (http://jabber.org/protocol/pubsub#event)' },
	],
	[
		"<iq type='error' from='p.x'><error type='cancel' by='s'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><closed-node xmlns='http://jabber.org/protocol/pubsub#errors'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>no</text></error></iq>",
		'p.x',
		'iq error',
		{
			from: 'p.x',
			error: {
				type: 'cancel',
				condition: 'not-allowed',
				application: 'closed-node (http://jabber.org/protocol/pubsub#errors)',
				text: 'no',
				by: 's',
			},
		},
	],
];
for (const [text, target, words, meta] of kept)
	test(`what the log keeps of ${text.slice(0, 60)}`, () => {
		const found = filed(readTyped(text), 'from', 'me@x');
		const { kind, type } = stanzaOf(found.flags);
		assert.equal(found.target, target);
		assert.equal(`${kind} ${type}${found.flags & historyFlag ? ' H' : ''}`, words);
		assert.deepEqual(found.meta, meta);
		assert.ok(xmpp.properties(found.flags, found.meta).every(({ value }) => value !== ''));
	});

test('flags stay within the bits of the protocol, and every type is told apart', () => {
	const all = ['message', 'presence', 'iq', 'stream'].flatMap((name) =>
		[undefined, 'chat', 'unavailable', 'get', 'error', 'x'].map((type) => stanzaFlags(name, type)),
	);
	assert.ok(all.every((flags) => (flags & ~0x3f00) === 0));
	assert.equal(
		xmpp.columns.map(({ text }) => text(stanzaFlags('presence', 'unavailable'))).join(),
		'presence,unavailable,',
	);
});
