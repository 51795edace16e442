import assert from 'node:assert/strict';
import { FailureError } from '../../../src/base/failure';
import { nodeId } from '../../../src/protocols/xmpp/browse/nodes';
import { historyFlag, type StanzaMeta } from '../../../src/protocols/xmpp/describe/stanza-meta';
import { eventually } from '../../support/run/eventually';
import { rawClient } from '../../support/servers/xmpp/xmpp-client';
import type { TestLink } from '../suite/attempt';
import { act, atBothServers, draft, full, names, open, received, refusal, sending, texts, users } from './accounts';

atBothServers('the life of a session', {
	async 'says the mechanisms offered and used, and what TLS there is'(server) {
		const { link } = await open(server, 'alice');
		const { mechanisms, encrypted, verified, version } = link.security;
		assert.deepEqual(mechanisms?.offered.filter((name) => /^(PLAIN|SCRAM-SHA-1)$/.test(name)).sort(), [
			'PLAIN',
			'SCRAM-SHA-1',
		]);
		assert.equal(mechanisms?.used, 'SCRAM-SHA-1');
		assert.deepEqual([encrypted, verified, /^TLSv1/.test(version ?? '')], [true, true, true]);
		link.destroy();
		const plain = await open(server, 'alice', { mechanism: 'PLAIN' });
		assert.equal(plain.link.security.mechanisms?.used, 'PLAIN');
		plain.link.destroy();
	},

	async 'two accounts side by side; characters of four bytes both ways; the stanza byte for byte'(server) {
		const [alice, bob] = await Promise.all([open(server, 'alice'), open(server, 'bob')]);
		const body = 'a😀b𝄞c '.repeat(2000);
		const { text, logged } = {
			text: body,
			logged: alice.link.prepare(draft('message', full(bob.link), {}, body)).logged,
		};
		assert.match(
			Buffer.from(logged?.payload ?? []).toString(),
			/^<message type='chat' to='bob@localhost\/[^']*' id='[^']*'><body>a😀/,
		);
		assert.equal(logged?.target, 'bob@localhost');
		const receipt = await alice.link.send(draft('message', full(bob.link), {}, body), sending(1));
		assert.equal(receipt.proof, 'acknowledged');
		const got = await received(bob.recorded, /<body>a😀/);
		assert.equal(/<body>([\s\S]*)<\/body>/.exec(got.payload.toString())?.[1], text);
		assert.equal(got.target, 'alice@localhost');
		assert.equal((got.meta as StanzaMeta).from, full(alice.link));
	},

	async 'an IQ is paired with its answer, an error is a refusal with its condition, and silence is unknown'(server) {
		const { link, recorded } = await open(server, 'alice');
		const answered = await link.send(draft('iq', 'localhost', { preset: 'info' }), sending(70));
		assert.equal(answered.proof, 'answered');
		const answer = recorded.messages.find(({ answers }) => answers === 70);
		assert.match(answer?.payload.toString() ?? '', /disco#info/);
		const refused = await link.send(draft('iq', 'localhost', {}, "<x xmlns='nothing:known'/>"), sending(71));
		assert.equal(refused.proof, 'refused');
		assert.match(refused.evidence ?? '', /service-unavailable|feature-not-implemented/);
		assert.ok(recorded.messages.some(({ answers }) => answers === 71));
		const raw = await link.send(
			draft('stanza', '', {}, "<iq type='get' to='localhost' id='mine'><ping xmlns='urn:xmpp:ping'/></iq>"),
			sending(72),
		);
		assert.equal(raw.proof, 'answered');
		// Carol's client does not answer.
		const carol = await rawClient(server.port, 'carol', users.carol, 'mute');
		const stop = new AbortController();
		const silent = link.send(draft('iq', 'carol@localhost/mute', { preset: 'version' }), {
			...sending(73),
			signal: stop.signal,
		});
		await eventually('she has it', () => assert.match(carol.received, /jabber:iq:version/));
		stop.abort();
		assert.equal((await silent).proof, 'unknown');
		carol.end();
	},

	async 'a message that comes back as an error is shown under it'(server) {
		const { link, recorded } = await open(server, 'alice');
		await link.send(draft('message', 'nobody@nowhere.localhost', {}, 'x'), sending(81));
		const error = await received(recorded, /type=['"]error/);
		assert.equal(error.answers, 81);
		assert.ok((error.meta as StanzaMeta).error?.condition);
	},

	async 'asks of others are answered'(server) {
		const { link } = await open(server, 'alice');
		const bob = await rawClient(server.port, 'bob', users.bob, 'asks');
		assert.match(await bob.ask(full(link), 'get', "<query xmlns='jabber:iq:version'/>"), /Messaging Workbench/);
		assert.match(await bob.ask(full(link), 'get', "<ping xmlns='urn:xmpp:ping'/>"), /type=['"]result/);
		assert.match(
			await bob.ask(full(link), 'get', "<query xmlns='http://jabber.org/protocol/disco#info'/>"),
			/category=['"]client/,
		);
		assert.match(await bob.ask(full(link), 'set', "<a xmlns='b'/>"), /service-unavailable/);
		bob.end();
	},

	async 'a room: asked, joined, sent to, with history, and left'(server) {
		const [alice, bob] = await Promise.all([open(server, 'alice'), open(server, 'bob')]);
		const target = 'garden@conference.localhost';
		const subscription = { target, mode: 'room', nick: 'Bob ü' };
		const question = await bob.link.ask?.({ kind: 'subscribe', subscription });
		assert.match(question?.text ?? '', /Join the room garden@/);
		const granted = await bob.link.subscribe?.(subscription);
		assert.match(granted?.detail ?? '', /in as Bob ü, 1 there/);
		await bob.link.send(draft('message', target, { type: 'groupchat' }, 'before'), sending(1));
		await received(bob.recorded, /before/);
		await alice.link.subscribe?.({ target, mode: 'room', nick: 'Alice' });
		const old = await received(alice.recorded, /before/);
		assert.ok(old.flags & historyFlag, 'history is marked');
		assert.equal(old.target, target);
		await alice.link.send(draft('message', target, { type: 'groupchat' }, 'now'), sending(2));
		const fresh = await received(bob.recorded, /now/);
		assert.equal(fresh.flags & historyFlag, 0);
		assert.deepEqual((await names(alice.link, nodeId('room', target))).sort(), ['Alice', 'Bob ü']);
		assert.ok((await names(alice.link, nodeId('rooms'))).includes(target));
		// A nick that is taken is refused, and the room is not joined.
		const carol = await open(server, 'carol');
		const failure = await refusal(() => carol.link.subscribe?.({ target, mode: 'room', nick: 'Alice' }));
		assert.equal(failure.code, 'join-refused');
		assert.match(failure.evidence ?? '', /^conflict/);
		assert.deepEqual(await names(carol.link, nodeId('room', target)), []);
		await alice.link.unsubscribe?.({ target, mode: 'room' });
		await received(bob.recorded, /unavailable/);
		await eventually('she is gone', async () =>
			assert.deepEqual(await names(bob.link, nodeId('room', target)), ['Bob ü']),
		);
	},

	async 'a node: made, subscribed to, published to, listed, retracted and deleted'(server) {
		const [alice, bob] = await Promise.all([open(server, 'alice'), open(server, 'bob')]);
		const service = nodeId('service', 'pubsub.localhost');
		const node = nodeId('node', 'pubsub.localhost', 'soil/moisture');
		const target = 'pubsub.localhost/soil/moisture';
		await alice.link.act?.(act('create-node', service, { node: 'soil/moisture' }));
		assert.ok((await names(alice.link, service)).includes('soil/moisture'));
		assert.equal((await bob.link.subscribe?.({ target, mode: 'pubsub' }))?.detail, 'subscribed');
		const published = await alice.link.send(
			draft('publish', target, { itemId: 'one' }, "<v xmlns='urn:x'>41 %😀</v>"),
			sending(5),
		);
		assert.equal(published.proof, 'answered');
		const event = await received(bob.recorded, /41 %😀/);
		assert.equal(event.target, target);
		assert.deepEqual(await names(alice.link, node), ['one']);
		const loaded = await alice.link.act?.(act('items', node, { count: 10 }));
		assert.match(loaded?.text ?? '', /^1 item/);
		assert.match(alice.recorded.messages[loaded?.messages?.[0] ?? -1]?.payload.toString() ?? '', /41 %😀/);
		const item = nodeId('item', 'pubsub.localhost', 'soil/moisture', 'one');
		assert.match(
			(await alice.link.ask?.({ kind: 'act', request: { id: '1', action: 'retract', node: item, values: {} } }))
				?.text ?? '',
			/Retract/,
		);
		await alice.link.act?.(act('retract', item));
		await received(bob.recorded, /<retract/);
		assert.deepEqual(await names(alice.link, node), []);
		await bob.link.unsubscribe?.({ target, mode: 'pubsub' });
		await alice.link.send(draft('publish', target, { itemId: 'two' }, "<v xmlns='urn:x'>unheard</v>"), sending(6));
		await bob.link.send(draft('iq', 'pubsub.localhost', { preset: 'ping' }), sending(7));
		assert.ok(!texts(bob.recorded).some((text) => text.includes('unheard')));
		await bob.link.subscribe?.({ target, mode: 'pubsub' });
		await alice.link.act?.(act('delete-node', node));
		// Ejabberd notifies only if the node is configured to.
		if (server.name === 'prosody')
			await eventually('its subscriber is told', () =>
				assert.equal(bob.recorded.changes[0]?.failure?.code, 'node-deleted'),
			);
		const gone = await refusal(() => bob.link.subscribe?.({ target: 'pubsub.localhost/nowhere', mode: 'pubsub' }));
		assert.match(gone.evidence ?? '', /item-not-found/);
	},

	async 'by default, what is sent to the bare address arrives; where it does not, the log says so'(server) {
		const [bob, alice] = await Promise.all([open(server, 'bob'), open(server, 'alice')]);
		assert.deepEqual(alice.recorded.notes, []);
		// A message that overtakes her presence is for an address that is not there.
		await received(alice.recorded, /<presence[^>]* from=.alice@localhost\//);
		await bob.link.send(draft('message', 'alice@localhost', {}, 'to the bare address'), sending(1));
		await received(alice.recorded, /to the bare address/);
		for (const [values, why] of [
			[
				{ priority: -1 },
				/^Messages to alice@localhost do not arrive here, because the priority .* -1; .*"Priority" to 0/,
			],
			[{ presence: 'none' }, /^Messages to alice@localhost do not arrive here, because .* no presence; /],
		] as const) {
			const { recorded } = await open(server, 'alice', values);
			assert.match(recorded.notes.join('\n'), why);
		}
	},

	async 'contacts: added, seen with their presence, pinged and removed'(server) {
		const alice = await open(server, 'alice');
		const contact = nodeId('contact', 'bob@localhost');
		await names(alice.link, nodeId('contacts'));
		await alice.link.act?.(act('add-contact', undefined, { jid: 'bob@localhost', name: 'Bob the builder' }));
		await eventually('listed', async () =>
			assert.ok((await names(alice.link, nodeId('contacts'))).includes('Bob the builder')),
		);
		const bob = await open(server, 'bob', { priority: 3, show: 'away', status: 'in the field' });
		await bob.link.send(draft('presence', 'alice@localhost', { type: 'subscribed' }), sending(1));
		const before = alice.recorded.browseChanges;
		await eventually('his presence is seen', async () => {
			const page = await alice.link.browse?.(contact, 0, 10);
			assert.match(page?.nodes[0]?.description ?? '', /away · priority 3 · in the field/);
		});
		const [resource] = (await alice.link.browse?.(contact, 0, 10))?.nodes ?? [];
		assert.match((await alice.link.act?.(act('ping', resource?.id)))?.text ?? '', /answered in/);
		await bob.link.close();
		await eventually('and his going', async () => assert.deepEqual(await names(alice.link, contact), []));
		assert.ok(alice.recorded.browseChanges > before);
		await alice.link.act?.(act('remove-contact', contact));
		await eventually('removed', async () =>
			assert.ok(!(await names(alice.link, nodeId('contacts'))).includes('Bob the builder')),
		);
	},

	async 'services and what they can do'(server) {
		const { link } = await open(server, 'alice');
		const [domain] = ((await link.browse?.(undefined, 0, 10))?.nodes ?? []).filter(({ kind }) => kind === 'entity');
		const inside = await names(link, domain?.id);
		assert.ok(inside.includes('conference.localhost') && inside.includes('pubsub.localhost'), inside.join());
		assert.ok((await names(link, nodeId('features', 'localhost'))).includes('urn:xmpp:ping'));
		assert.ok((await names(link, nodeId('pubsub'))).includes('pubsub.localhost'));
		assert.equal(
			(await refusal(() => link.browse?.(nodeId('entity', 'nowhere.invalid'), 0, 10))).code,
			'refused-by-peer',
		);
	},

	async 'the archive comes into the log, marked'(server) {
		const { link, recorded } = await open(server, 'alice');
		await link.send(draft('message', 'bob@localhost', {}, 'for the archive'), sending(1));
		await eventually('archived', async () => {
			await link.act?.(act('archive', undefined, { count: 20 }));
			const found = recorded.messages.find(
				({ payload, flags }) => flags & historyFlag && /for the archive/.test(payload.toString()),
			);
			assert.ok((found?.meta as StanzaMeta | undefined)?.delay);
		});
	},

	async 'the same resource again: the first ends as a conflict, finally'(server) {
		const first = await open(server, 'alice', { resource: 'same' });
		const second = await open(server, 'alice', { resource: 'same' }).catch((error: unknown) => error);
		// A server may refuse the second instead (RFC 6120, 7.7.2.2).
		const failure = second instanceof FailureError ? second.failure : await first.link.ended;
		assert.equal(failure?.code, 'conflict');
		assert.equal(failure?.final, true);
		first.link.destroy();
		if (!(second instanceof Error)) (second as { link: TestLink }).link.destroy();
	},

	async 'without presence no contact is notified'(server) {
		const { link, recorded } = await open(server, 'alice', { presence: 'none' });
		await link.send(draft('iq', 'localhost', { preset: 'ping' }), sending(1));
		assert.ok(!texts(recorded).some((text) => text.startsWith('<presence')));
	},
});
