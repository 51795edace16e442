import assert from 'node:assert/strict';
import type { BrowseNode } from '../../../src/model/contracts/browse';
import { eventually } from '../../support/run/eventually';
import { otherVhost, passwords } from '../../support/servers/rabbitmq';
import { startPeer } from '../../support/servers/rabbitmq-peer';
import { act, bytes, type Cases, type Opened } from './server';

async function all({ link }: Opened, parent?: string): Promise<{ nodes: BrowseNode[]; note?: string; total: number }> {
	if (!link.browse) throw new Error('It cannot browse.');
	return link.browse(parent, 0, 1000);
}

const namesOf = (nodes: BrowseNode[]) => nodes.map(({ name }) => name);

export const browsing: Cases = {
	async 'through the management API: types, bindings, counts'({ peer, open }) {
		await peer.channel.assertExchange('orders', 'topic');
		await peer.channel.assertQueue('email');
		await peer.channel.bindQueue('email', 'orders', 'eu.#');
		await peer.publish('', 'email', ['a', 'b'].map(bytes));
		const opened = await open();
		const top = await all(opened);
		assert.deepEqual(namesOf(top.nodes), ['/', 'Exchanges', 'Queues', 'Server']);
		assert.equal(top.note, undefined);
		await eventually('the statistics have come', async () => {
			const [email] = (await all(opened, 'queues')).nodes;
			assert.equal(email?.description, '2 ready · 0 consumers · classic');
			assert.equal(email?.target, 'queue/email');
		});
		const orders = (await all(opened, 'exchanges')).nodes.find(({ name }) => name === 'orders');
		assert.equal(orders?.description, 'topic');
		assert.equal(orders?.subscription?.target, 'exchange/orders/#');
		assert.deepEqual(namesOf((await all(opened, orders?.id)).nodes), ['→ queue email']);
		const bindings = (await all(opened, 'queue:email')).nodes;
		assert.deepEqual(bindings.map(({ name, description }) => `${name}, ${description}`).sort(), [
			'← exchange orders, key eu.#',
			'← the default exchange, key email',
		]);
		assert.deepEqual(opened.link.targets?.('queue/e', 10), ['queue/email']);
		await peer.channel.deleteQueue('email');
	},

	async 'where dead letters go by a policy'({ server, peer, open }) {
		await peer.channel.assertExchange('policy.dlx', 'fanout');
		await peer.channel.assertQueue('governed');
		const definition = { 'dead-letter-exchange': 'policy.dlx', 'dead-letter-routing-key': 'dead' };
		await server.api('PUT', '/policies/%2F/dead-letters', { pattern: '^governed$', definition, 'apply-to': 'queues' });
		const opened = await open();
		await eventually('the statistics have come', async () => {
			const drawn = await act(opened, 'topology-document');
			assert.match(drawn.document?.text ?? '', /queue governed.*\n {4}⇢ exchange policy\.dlx {3}dead letters, dead\n/);
			const queue = (await all(opened, 'queues')).nodes.find(({ name }) => name === 'governed');
			assert.deepEqual(
				queue?.properties
					?.filter(({ label }) => label === 'Policy' || label === 'Dead letters')
					.map(({ value }) => value),
				['dead-letters', 'to exchange policy.dlx, key dead'],
			);
		});
		await server.api('DELETE', '/policies/%2F/dead-letters');
		await peer.channel.deleteQueue('governed');
	},

	async 'more queues than one answer has'({ server, open }) {
		const names = Array.from({ length: 520 }, (_, at) => `many.${String(at).padStart(4, '0')}`);
		const queues = names.map((name) => ({ name, durable: false, auto_delete: false, arguments: {} }));
		// In one call, and a virtual host that goes in one call: each declaration by itself takes longer.
		await server.api('PUT', '/vhosts/many');
		await server.api('PUT', '/permissions/many/admin', { configure: '.*', write: '.*', read: '.*' });
		await server.api('POST', '/definitions/many', { queues });
		const opened = await open({ path: '/many' });
		const page = await opened.link.browse?.('queues', 490, 50);
		assert.equal(page?.total, 520);
		assert.deepEqual(namesOf(page?.nodes ?? []), names.slice(490));
		assert.deepEqual(namesOf((await all(opened, 'queues')).nodes), names);
		opened.link.destroy();
		await server.api('DELETE', '/vhosts/many');
	},

	async 'without it: what the connection names, and why there is no more'({ peer, open }) {
		await peer.channel.assertQueue('bob.mail');
		await peer.publish('', 'bob.mail', [bytes('a')]);
		const opened = await open({ user: 'bob', values: { queues: ['bob.mail', 'bob.missing', 'other'] } });
		const queues = await all(opened, 'queues');
		assert.match(
			queues.note ?? '',
			/^The management API at .* refused the user "bob": only queues that the connection names/,
		);
		assert.deepEqual(
			queues.nodes.map(({ name, description }) => `${name}: ${description}`),
			[
				'bob.mail: 1 ready · 0 consumers',
				'bob.missing: There is no queue "bob.missing" in the virtual host "/".',
				'other: There is no queue "other" in the virtual host "/".',
			],
		);
		const exchanges = await all(opened, 'exchanges');
		assert.ok(namesOf(exchanges.nodes).includes('amq.topic'));
		assert.equal((await all(opened)).nodes.length, 4);
		const switchedOff = await open({ values: { 'management.url': 'none', exchanges: ['orders'] } });
		assert.ok(namesOf((await all(switchedOff, 'exchanges')).nodes).includes('orders'));
		const elsewhere = await open({ values: { 'management.url': 'http://127.0.0.1:1' } });
		assert.match((await all(elsewhere, 'queues')).note ?? '', /cannot be used/);
	},

	async 'no secret in what is told'({ open }) {
		const opened = await open({ user: 'bob', values: { queues: ['x'] } });
		const said = JSON.stringify([await all(opened), await all(opened, 'queues'), opened.link.facts, opened.recorded]);
		const secret = Buffer.from(`bob:${passwords.bob}`).toString('base64');
		assert.ok(!said.includes(passwords.bob) && !said.includes(secret));
	},

	async 'another virtual host, with a slash in its name'({ server, open }) {
		const peer = await startPeer(server, otherVhost);
		await peer.channel.assertQueue('there');
		const opened = await open({ path: `/${encodeURIComponent(otherVhost)}` });
		assert.deepEqual(namesOf((await all(opened, 'queues')).nodes), ['there']);
		const receipt = await opened.link.send({ verb: 'queue', target: 'queue/there', values: {}, payload: bytes('x') });
		assert.equal(receipt.proof, 'acknowledged');
		assert.equal(await peer.ready('there'), 1);
		await peer.close();
	},
};
