import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually } from '../../support/run/eventually';
import { notes, realSession } from '../../support/run/session';
import { coapClient, startCoapServer } from '../../support/servers/coap-server';

test('a session whose server is killed and comes back observes again', async (t) => {
	const server = await startCoapServer();
	t.after(() => server.stop());
	const url = `coap://127.0.0.1:${server.port}`;
	const put = (text: string) => coapClient('-m', 'put', '-e', text, `${url}/box`);
	await put('before');
	const got: string[] = [];
	const session = realSession('coap', {
		...{ url, values: { pingInterval: 1 }, subscriptions: [{ target: 'box' }] },
		onMessage: ({ payload }) => got.push(Buffer.from(payload).toString()),
	});
	t.after(() => session.dispose());
	await session.connect();
	await eventually('observed', () => assert.ok(got.includes('before')));
	const [subscription] = session.status().subscriptions;
	assert.equal(subscription?.state, 'active');
	assert.ok((subscription?.freshUntil ?? 0) > Date.now(), 'it says until when the value is fresh');
	server.kill('SIGKILL');
	await eventually('noticed', () => assert.ok(notes(session).some((note) => /Nothing accepts connections/.test(note))));
	await server.restart();
	await put('after');
	await eventually('open again', () => assert.equal(session.status().state.kind, 'open'));
	// The restarted server has lost its observers: the session registers again.
	await eventually('observed again', async () => {
		if (session.status().subscriptions[0]?.state !== 'active') await session.subscribe({ target: 'box' });
		assert.ok(got.includes('after'));
	});
	await put('and on');
	await eventually('it goes on', () => assert.equal(got.at(-1), 'and on'));
	await session.close();
	assert.equal(session.status().state.kind, 'closed');
});

test('a long upload shows how far it is, and its answer under it', async (t) => {
	const server = await startCoapServer();
	t.after(() => server.stop());
	const session = realSession('coap', { url: `coap://127.0.0.1:${server.port}` });
	t.after(() => session.dispose());
	await session.connect();
	const payload = Buffer.alloc(1024 * 1024, 'x');
	const sent = session.send({ verb: 'put', target: 'big', values: {}, payload });
	session.store.reader.view('all', {});
	const rows = () => {
		const { low, high } = session.store.reader.page('all', 0, 0);
		return session.store.reader.page('all', low, high - low).rows;
	};
	const pending = await eventually('under way', () => {
		const receipt = rows().find(({ target }) => target === 'big')?.receipt;
		assert.equal(receipt?.proof, 'pending');
		assert.match(receipt?.text ?? '', /^sending block [\d,]+ of 1,024$/);
		return receipt;
	});
	assert.ok(pending?.stoppable && pending.done !== undefined && pending.done < 1);
	const receipt = await sent;
	assert.match(receipt.text, /^2\.01 Created/);
	const own = rows().find(({ seq }) => seq === receipt.seq);
	const answer = rows().find(({ answers }) => answers === receipt.seq);
	assert.deepEqual(own?.receipt?.answers, [answer?.seq]);
	await session.close();
});
