import assert from 'node:assert/strict';
import test from 'node:test';
import { encode as toCbor } from 'cbor2';
import { createStore } from '../../../../src/engine/store/store';
import { flag } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import type { ProtocolDescription } from '../../../../src/protocols/description';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';
import { websocket } from '../../../../src/protocols/websocket/describe/describe';
import { wsFlag } from '../../../../src/protocols/websocket/describe/flags';
import { xmpp } from '../../../../src/protocols/xmpp/describe/describe';
import { stanzaFlags } from '../../../../src/protocols/xmpp/describe/stanza-meta';

test('what messages say', () => {
	const chat = stanzaFlags('message', 'chat');
	const text = '<message type="chat"><body>a &lt; b\nc</body></message>';
	const cases: [ProtocolDescription, Uint8Array | string, number, { text?: string; isCut?: boolean }][] = [
		[xmpp as ProtocolDescription, text, chat, { text: 'a < b\nc' }],
		[xmpp as ProtocolDescription, text, chat | flag.out, { text: 'a < b\nc' }],
		[xmpp as ProtocolDescription, '<message><composing/></message>', chat, {}],
		[xmpp as ProtocolDescription, text, stanzaFlags('message', 'error'), {}],
		[xmpp as ProtocolDescription, '<presence/>', stanzaFlags('presence', undefined), {}],
		[xmpp as ProtocolDescription, 'connected', flag.note, {}],
		[websocket as ProtocolDescription, 'hello', 0, { text: 'hello' }],
		[websocket as ProtocolDescription, '', 0, { text: '' }],
		[websocket as ProtocolDescription, 'hello', wsFlag.ping, {}],
		[websocket as ProtocolDescription, Uint8Array.from([0xff, 0xfe]), wsFlag.binary, { text: 'ff fe', isCut: true }],
		[websocket as ProtocolDescription, toCbor({ a: 1 }), wsFlag.binary, { text: '{"a": 1}' }],
		[websocket as ProtocolDescription, '\u{1f600}'.repeat(2000), 0, { text: '\u{1f600}'.repeat(1024), isCut: true }],
		[mqtt, 'hello', 0, {}],
	];
	for (const [description, payload, flags, said] of cases) {
		const store = createStore(description, defaultLimits);
		const seq = store.append('', Buffer.from(payload as string), flags);
		assert.deepEqual(store.reader.said([seq]), [said], `${description.id} ${payload}`);
	}
});

test('evicted messages say nothing, and the order is kept', () => {
	const store = createStore(websocket as ProtocolDescription, defaultLimits);
	for (const text of ['one', 'two']) store.append('', Buffer.from(text), 0);
	assert.deepEqual(store.reader.said([1, 99, 0]), [{ text: 'two' }, {}, { text: 'one' }]);
});
