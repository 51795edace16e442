import assert from 'node:assert/strict';
import test from 'node:test';
import { createStore } from '../../../../src/engine/store/store';
import { flag } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import { xmpp } from '../../../../src/protocols/xmpp/describe/describe';

const cases: [stanza: string, shown: string][] = [
	["<message from='a@b' type='chat'><body>Hello Bob</body></message>", 'Hello Bob'],
	[
		'<message to="a@b"><subject>x</subject><body xml:lang="en">a &lt;b&gt; &amp;amp; &#233;&#x1F600;</body></message>',
		'a <b> &amp; é😀',
	],
	['<message><body>&nothing; &#9999999; &#x110000;</body></message>', '&nothing; &#9999999; &#x110000;'],
	['<message><body></body></message>', ''],
	["<message from='a@b'><body/></message>", '<message><body/></message>'],
	[
		"<message xml:lang='en' from='a@b' to='c@d' id='1'><event xmlns='x'/></message>",
		"<message><event xmlns='x'/></message>",
	],
	[
		"<presence xmlns='jabber:client' from='a@b/c'><show>away</show></presence>",
		'<presence><show>away</show></presence>',
	],
	[`<iq type='result' id="q>1" from='a@b'/>`, "<iq type='result' id=\"q>1\" from='a@b'/>"],
	["<iq type='set'><query><body>no</body></query></iq>", "<iq type='set'><query><body>no</body></query></iq>"],
	[`<message><body>${'x'.repeat(300)}</body></message>`, `${'x'.repeat(199)}…`],
	[`<message><body>${'é'.repeat(900)}</body></message>`, `${'é'.repeat(199)}…`],
	[`<message><thread>${'t'.repeat(780)}</thread><body>late</body></message>`, `<message><thread>${'t'.repeat(182)}…`],
	// Cut within the examined start, and short without its addresses: the ellipsis is kept.
	[
		`<iq from='${'f'.repeat(390)}' to='${'t'.repeat(350)}' type='set'><query xmlns='x'/>${'<a/>'.repeat(30)}</iq>`,
		"<iq type='set'><query xmlns='x'/><a/><a/><a/><…",
	],
	['<message', '<message'],
	['', ''],
];

test('a line of the log shows what a message says, and other stanzas without their addresses', () => {
	for (const [stanza, shown] of cases) {
		const store = createStore(xmpp, defaultLimits);
		store.append('a@b', Buffer.from(stanza), 0);
		assert.equal(Buffer.from(store.logged(0).payload).toString(), stanza);
		assert.equal(store.reader.detail(0).row.preview, shown);
	}
});

test('what happened to the session is shown as it is', () => {
	const store = createStore(xmpp, defaultLimits);
	store.append('', Buffer.from('<message><body>x</body></message>'), flag.note);
	assert.equal(store.reader.detail(0).row.preview, '<message><body>x</body></message>');
});
