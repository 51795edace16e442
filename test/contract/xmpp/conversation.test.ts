import assert from 'node:assert/strict';
import { nodeId } from '../../../src/protocols/xmpp/browse/nodes';
import { xmpp } from '../../../src/protocols/xmpp/describe/describe';
import type { StanzaMeta } from '../../../src/protocols/xmpp/describe/stanza-meta';
import { eventually } from '../../support/run/eventually';
import { rawClient } from '../../support/servers/xmpp/xmpp-client';
import type { Received } from '../suite/attempt';
import { act, atBothServers, draft, full, names, open, received, sending, texts, users } from './accounts';

const room = 'barn@conference.localhost';
const by = ({ meta, flags }: Received) => xmpp.authorship?.(meta as StanzaMeta, flags) ?? {};
const contacts = nodeId('contacts');

atBothServers('a conversation', {
	async 'a message to a joined room goes to everyone, and each line says who spoke and when'(server) {
		const [alice, bob] = await Promise.all([open(server, 'alice'), open(server, 'bob')]);
		await bob.link.subscribe?.({ target: room, mode: 'room', nick: 'Bobby' });
		const before = Date.now();
		const receipt = await bob.link.send(draft('message', room, {}, 'the gate is open'), sending(31));
		assert.equal(receipt.proof, 'acknowledged');
		assert.match(receipt.text, /; sent to everyone in the room \(groupchat\)$/);
		const copy = await received(bob.recorded, /the gate is open/);
		assert.equal(copy.answers, 31, 'the copy of the room belongs to what was sent');
		assert.deepEqual(by(copy), { sender: 'Bobby' }, 'a live message has no time of its own');
		await alice.link.subscribe?.({ target: room, mode: 'room', nick: 'Alice' });
		const { sender, written = 0 } = by(await received(alice.recorded, /the gate is open/));
		assert.equal(sender, 'Bobby');
		// Servers state whole seconds.
		assert.ok(Math.abs(written - before) < 5000, `${written} is the time at which it was said, not at which it came`);
		const joined = await received(alice.recorded, /^<presence[^>]*Bobby/);
		assert.equal(by(joined).sender, 'Bobby');
		const aside = `${room}/Alice`;
		const whisper = await bob.link.send(draft('message', aside, {}, 'between us'), sending(32));
		assert.doesNotMatch(whisper.text, /groupchat/, 'to one of its occupants it is a chat message');
		const whispered = await received(alice.recorded, /between us/);
		assert.match(whispered.payload.toString(), /type=['"]chat/);
	},

	async 'a chat message to a room is refused, and the receipt says which type a room takes'(server) {
		const { link, recorded } = await open(server, 'alice');
		await link.subscribe?.({ target: room, mode: 'room', nick: 'Alice' });
		const sent = draft('message', room, { type: 'chat' }, 'refused');
		const receipt = await link.send(sent, sending(41));
		const error = await received(recorded, /type=['"]error/);
		assert.equal(error.answers, 41);
		// With stream management the acknowledgement of the server may come first.
		if (receipt.proof === 'refused') assert.match(receipt.text, /; a message to a room has the type groupchat$/);
	},

	async 'leaving a room from its node ends the subscription'(server) {
		const [alice, bob] = await Promise.all([open(server, 'alice'), open(server, 'bob')]);
		for (const { link } of [alice, bob]) await link.subscribe?.({ target: room, mode: 'room' });
		const left = await alice.link.act?.(act('leave', nodeId('room', room)));
		assert.equal(left?.text, `Left the room ${room}.`);
		assert.deepEqual(alice.recorded.changes, [{ target: room, mode: 'room', ended: true }]);
		await eventually('bob is alone', async () =>
			assert.deepEqual(await names(bob.link, nodeId('room', room)), ['bob']),
		);
	},

	async 'a contact request is listed until it is accepted, also after signing in again'(server) {
		const alice = await open(server, 'alice');
		await alice.link.act?.(act('add-contact', undefined, { jid: 'bob@localhost' }));
		await alice.link.send(draft('iq', 'localhost', { preset: 'ping' }), sending(1));
		const first = await open(server, 'bob');
		await received(first.recorded, /type=['"]subscribe['"]/);
		assert.ok(first.recorded.notes.some((note) => note.startsWith('alice@localhost wants to see your presence.')));
		await first.link.close();
		const { link, recorded } = await open(server, 'bob');
		const request = await received(recorded, /type=['"]subscribe['"]/);
		const folder = async () => (await link.browse?.(undefined, 0, 10))?.nodes.find(({ id }) => id === contacts);
		assert.equal((await folder())?.description, '1 request');
		const [node] = (await link.browse?.(contacts, 0, 10))?.nodes ?? [];
		assert.deepEqual([node?.kind, node?.name], ['request', 'alice@localhost']);
		assert.match(node?.description ?? '', /^wants to see your presence/);
		const accept = xmpp.actions?.find(({ id }) => id === 'accept');
		assert.equal(accept?.fits?.(request.flags, request.meta as StanzaMeta), true, 'the line has the action as well');
		const accepted = await link.act?.(act('accept', node?.id));
		assert.match(accepted?.text ?? '', /now sees your presence, and was asked/);
		assert.equal((await folder())?.description, undefined);
		await received(alice.recorded, /type=['"]subscribed['"]/);
		// Alice answers by the verb, as before there was an action for it.
		await received(alice.recorded, /type=['"]subscribe['"]/);
		await alice.link.send(draft('presence', 'bob@localhost', { type: 'subscribed' }), sending(2));
		assert.deepEqual(
			(await alice.link.browse?.(contacts, 0, 10))?.nodes.map(({ kind, name }) => [kind, name]),
			[['contact', 'bob@localhost']],
			'neither the request nor the own account',
		);
		await eventually('bob sees alice', async () =>
			assert.deepEqual(await names(link, nodeId('contact', 'alice@localhost')), [full(alice.link).split('/')[1]]),
		);
	},

	async 'a declined request is gone for good'(server) {
		const carol = await rawClient(server.port, 'carol', users.carol);
		await carol.ask('carol@localhost', 'get', "<query xmlns='jabber:iq:roster'/>");
		carol.send("<presence to='alice@localhost' type='subscribe'/>");
		const { link, recorded } = await open(server, 'alice');
		await received(recorded, /type=['"]subscribe['"]/);
		const declined = await link.act?.(act('decline', nodeId('request', 'carol@localhost')));
		assert.equal(declined?.text, 'Declined the request of carol@localhost.');
		await eventually('carol is told', () => assert.match(carol.received, /type=['"]unsubscribed['"]/));
		await link.close();
		const again = await open(server, 'alice');
		await again.link.send(draft('iq', 'localhost', { preset: 'ping' }), sending(3));
		assert.ok(!(await names(again.link, contacts)).includes('carol@localhost'));
		carol.end();
	},

	async 'own browsing is not logged, unless the profile says so'(server) {
		const browse = async (values = {}) => {
			const { link, recorded } = await open(server, 'alice', values);
			await link.send(draft('iq', 'localhost', { preset: 'ping' }), sending(1));
			for (const node of [contacts, nodeId('rooms'), nodeId('entity', 'localhost'), nodeId('pubsub')])
				await link.browse?.(node, 0, 10);
			await link.ask?.({ kind: 'subscribe', subscription: { target: room, mode: 'room' } });
			const isOwn = /<iq type='get'.*(?:jabber:iq:roster|protocol\/disco)/;
			const own = texts(recorded).flatMap((text, seq) => (isOwn.test(text) ? [seq] : []));
			const answers = recorded.messages.filter((one) => own.includes(one.answers ?? -1));
			const logged = texts(recorded).filter((text) => text.startsWith('<iq') && !text.includes('ping'));
			const fact = link.facts.find(({ label }) => label === 'Own browsing')?.value;
			link.destroy();
			return { own: own.length, answers: answers.length, iqs: logged.length, fact };
		};
		// The answer to the ping.
		assert.deepEqual(await browse(), { own: 0, answers: 0, iqs: 1, fact: 'not logged' });
		const { own, answers, fact } = await browse({ logBrowsing: true });
		assert.ok(own > 4, `${own} requests`);
		assert.equal(answers, own);
		assert.equal(fact, 'logged');
	},
});
