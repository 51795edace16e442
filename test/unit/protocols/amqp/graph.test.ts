import assert from 'node:assert/strict';
import test from 'node:test';
import { graphLimits } from '../../../../src/model/contracts/graph';
import { graphOf } from '../../../../src/protocols/amqp/browse/graph';

const bound = (source: string, destination: string, key: string) => ({
	...{ source, destination, key, to: 'queue' as const, arguments: {} },
});
const queues = [
	{ name: 'email', ready: 2, consumers: 1, type: 'quorum', arguments: { 'x-dead-letter-exchange': 'dlx' } },
	{ name: 'direct', arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'email' } },
	{ name: 'alone', ready: 0 },
];
const exchanges = [{ name: '' }, { name: 'amq.topic' }, { name: 'orders', type: 'topic' }];
const listing = { exchanges, queues, bindings: [bound('orders', 'email', 'eu.#')], hidden: 0 };

test('exchanges, bindings and queues with their numbers; dead letters are dashed, and a missing end is said', () => {
	const { nodes, edges, hidden } = graphOf(listing, new Set(), '');
	assert.deepEqual(
		nodes.map(({ node, waiting, missing }) => [node.id, node.description, waiting, missing]),
		[
			['queue:direct', '', undefined, undefined],
			['exchange:dlx', 'does not exist', undefined, true],
			['queue:email', '2 ready · 1 consumer · quorum', 2, undefined],
			['exchange:orders', 'topic', undefined, undefined],
			['queue:alone', '0 ready', 0, undefined],
		],
	);
	assert.deepEqual(edges, [
		{ from: 'exchange:orders', to: 'queue:email', label: 'eu.#' },
		{ from: 'queue:email', to: 'exchange:dlx', label: 'dead letters', dashed: true },
		{ from: 'queue:direct', to: 'queue:email', label: 'dead letters', dashed: true },
	]);
	assert.deepEqual(hidden, { nodes: 0, edges: 0 });
});

test('a search keeps what matches with its neighbours', () => {
	const ids = (find: string) => graphOf(listing, new Set(), find).nodes.map(({ node }) => node.id);
	assert.deepEqual(ids('ORDERS'), ['queue:email', 'exchange:orders']);
	assert.deepEqual(ids('nothing'), []);
});

test('the limits hold, and what is beyond them is counted', () => {
	const many = Array.from({ length: 1000 }, (_, at) => ({ name: `q${at}` }));
	const bindings = many.flatMap(({ name }) => [bound('orders', name, 'a'), bound('orders', name, 'b')]);
	const { nodes, edges, hidden } = graphOf({ exchanges, queues: many, bindings, hidden: 7 }, new Set(), '');
	assert.equal(nodes.length, graphLimits.nodes);
	assert.ok(edges.length <= graphLimits.edges);
	assert.deepEqual(hidden, { nodes: 1001 - graphLimits.nodes + 7, edges: 1000 - edges.length });
});
