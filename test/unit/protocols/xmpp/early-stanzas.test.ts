import assert from 'node:assert/strict';
import test from 'node:test';
import type { Settings } from '../../../../src/protocols/xmpp/settings';
import { bind } from '../../../../src/protocols/xmpp/sign-in/negotiate';
import { readTyped } from '../../../../src/protocols/xmpp/wire/user-xml';
import { createWire } from '../../../../src/protocols/xmpp/wire/wire';

const features = readTyped(
	"<features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></features>",
);

test('messages that come between binding and stream management are delivered and not counted', async () => {
	const wire = createWire({ framed: true, limit: 10_000, close() {} });
	const message = (text: string) => wire.hear(`<message xmlns='jabber:client'><body>${text}</body></message>`);
	const send = (text: string) => {
		const id = /id='([^']*)'/.exec(text)?.[1] ?? '';
		if (text.startsWith('<iq'))
			wire.hear(
				`<iq xmlns='jabber:client' type='result' id='${id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>a@b/c</jid></bind></iq>`,
			);
		else {
			message('early');
			wire.hear("<enabled xmlns='urn:xmpp:sm:3'/>");
			message('counted');
		}
	};
	const bound = await bind(wire, { send, next: wire.next }, features, { resource: 'c' } as Settings);
	assert.deepEqual(bound, { full: 'a@b/c', managed: true, early: 1 });
	const heard: string[] = [];
	wire.listen({ element: (_, source) => heard.push(/<body>(.*)<\/body>/.exec(source)?.[1] ?? source), over() {} });
	assert.deepEqual(heard, ['early', 'counted']);
});
