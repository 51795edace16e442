import assert from 'node:assert/strict';
import test from 'node:test';
import { direction, type Row } from '../../../src/model/contracts/message';
import { eventually } from '../../support/run/eventually';
import { type RealSession, realSession } from '../../support/run/session';
import { pki } from '../../support/servers/pki';
import { startProsody } from '../../support/servers/xmpp/prosody';

const users = { alice: 'canary-a11', bob: 'bob-password' };

function rows({ store }: RealSession): (Row & { text: string })[] {
	const { low, high } = store.reader.view('all', {});
	const found = store.reader.page('all', low, high - low).rows;
	return found.map((row) => ({ ...row, text: Buffer.from(store.reader.payload(row.seq)).toString() }));
}

test('two accounts in sessions of their own, before and after the server was killed', async (t) => {
	const server = await startProsody({ users });
	t.after(() => server.stop());
	const [alice, bob] = (['alice', 'bob'] as const).map((name) =>
		realSession('xmpp', {
			url: `xmpp://127.0.0.1:${server.port}`,
			values: { username: `${name}@localhost`, 'tls.ca': pki().ca },
			secrets: { password: users[name] },
		}),
	);
	assert.ok(alice && bob);
	t.after(() => [alice, bob].map((session) => session.dispose()));
	const target = 'greenhouse@conference.localhost';
	const say = (payload: string) => ({
		...{ verb: 'message', target, values: { type: 'groupchat' } },
		payload: Buffer.from(payload),
	});
	for (const session of [alice, bob]) await session.connect();
	await alice.subscribe({ target, mode: 'room', nick: 'alice' });
	await bob.subscribe({ target, mode: 'room', nick: 'bob' });

	await t.test('what is sent stands in the log as the stanza that it is, with its receipt', async () => {
		const receipt = await alice.send(say('water it <now>'));
		assert.equal(receipt.proof, 'acknowledged');
		const sent = rows(alice).find(({ seq }) => seq === receipt.seq);
		assert.match(
			sent?.text ?? '',
			/^<message type='groupchat' to='greenhouse@[^>]*><body>water it &lt;now&gt;<\/body><\/message>$/,
		);
		assert.equal(sent?.target, target);
		await eventually('bob has it', () =>
			assert.ok(rows(bob).some((row) => row.text.includes('water it') && direction(row.flags) === 'in')),
		);
	});

	await t.test(
		'a question and its answer know each other, and what the session asks by itself is left out',
		async () => {
			const receipt = await alice.send({
				...{ verb: 'iq', target: 'localhost', values: { preset: 'ping' } },
				payload: new Uint8Array(),
			});
			const answer = rows(alice).find(({ answers }) => answers === receipt.seq);
			assert.match(answer?.text ?? '', /type='result'/);
			await alice.browse(JSON.stringify(['contacts']), 0, 10);
			assert.ok(!rows(alice).some(({ text }) => text.includes('jabber:iq:roster')));
		},
	);

	await t.test('a line of a room says who spoke, and a room that was left is not joined again', async () => {
		await bob.send(say('who is it?'));
		await eventually('alice sees bob', () =>
			assert.ok(rows(alice).some(({ text, sender }) => text.includes('who is it?') && sender === 'bob')),
		);
		const other = 'barn@conference.localhost';
		await alice.subscribe({ target: other, mode: 'room' });
		const node = JSON.stringify(['room', other]);
		await alice.act({ id: 'leave', action: 'leave', node, values: {} });
		assert.deepEqual(
			alice.status().subscriptions.map(({ subscription }) => subscription.target),
			[target],
		);
	});

	await t.test('after kill -9 both are back, in the room under the same names, and speak', async () => {
		await server.restart();
		for (const session of [alice, bob])
			await eventually('in again', () => {
				assert.equal(session.status().state.kind, 'open');
				assert.equal(session.status().subscriptions[0]?.state, 'active');
			});
		await bob.send(say('done 😀'));
		await eventually('alice has it', () => assert.ok(rows(alice).some(({ text }) => text.includes('done 😀'))));
		const text = JSON.stringify([alice, bob].map((session) => [rows(session), session.status(), session.states]));
		for (const secret of Object.values(users)) assert.ok(!text.includes(secret), 'no password in log or state');
	});
});
