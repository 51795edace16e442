import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import { createServer } from '../../../../src/protocols/amqp/browse/server';
import { clusterNode, connectionNode, size } from '../../../../src/protocols/amqp/browse/server-nodes';

const api = (answers: Record<string, unknown>) => ({
	get: async (path: string) => {
		const answer = answers[path];
		if (answer instanceof Error) throw answer;
		return answer;
	},
	put: async () => {},
	delete: async () => {},
	unusable: undefined,
	stop() {},
});
const forbidden = new FailureError({ code: 'management-forbidden', message: 'The user "u" may not read this.' });

test('alarms of a node are seen at the server, before everything else', async () => {
	const nodes = [
		{ name: 'rabbit@a', running: true, mem_alarm: true, disk_free_alarm: true },
		{ name: 'rabbit@b', running: false },
		{ name: 'rabbit@c', running: true, partitions: ['rabbit@a'] },
	];
	assert.deepEqual(
		nodes.map((node) => clusterNode(node)).map(({ description, bad }) => [description, bad]),
		[
			['memory alarm · disk alarm', true],
			['not running', true],
			['network partition', true],
		],
	);
	const stats = { publish_details: { rate: 12.4 }, deliver_get_details: { rate: 0 } };
	const server = createServer(api({ '/overview': { message_stats: stats }, '/nodes': nodes }), '/', 'RabbitMQ 4');
	const { description, bad } = await server.node();
	assert.equal(bad, true);
	assert.equal(
		description,
		'memory alarm on rabbit@a · disk alarm on rabbit@a · not running on rabbit@b · network partition on rabbit@c · RabbitMQ 4 · 12/s in · 0/s out',
	);
});

test('without the right to see nodes the server is not called healthy', async () => {
	const server = createServer(api({ '/overview': {}, '/nodes': forbidden, '/users': forbidden }), '/', 'RabbitMQ 4');
	const { bad, properties } = await server.node();
	assert.equal(bad, undefined);
	assert.ok(!properties?.some(({ label }) => label === 'Alarms'));
	assert.equal((await server.browse('server/users', 0, 10))?.note, 'The user "u" may not read this.');
	assert.deepEqual(await server.browse('server/nothing', 0, 10), { total: 0, nodes: [] });
	assert.equal(server.browse('queue:server', 0, 10), undefined);
});

test('a list that comes as a whole is cut to the page', async () => {
	const policies = Array.from({ length: 25 }, (_, at) => ({ name: `p${at}` }));
	const server = createServer(api({ '/policies/%2F': policies }), '/', '');
	const page = await server.browse('server/policies', 20, 10);
	assert.deepEqual([page?.total, page?.nodes.map(({ name }) => name)], [25, ['p20', 'p21', 'p22', 'p23', 'p24']]);
});

test('a blocked connection needs attention, and nothing of an answer is trusted to have its type', () => {
	assert.equal(connectionNode({ name: 'c', state: 'blocked' }).bad, true);
	for (const wrong of [{}, { name: 1, user: {}, channels: 'x', client_properties: null, connected_at: 1e300 }])
		assert.equal(typeof connectionNode(wrong).name, 'string');
	assert.deepEqual(
		[undefined, 0, 999, 1234, 150_000_000, 3.2e13].map((bytes) => size(bytes)),
		[undefined, '0 B', '999 B', '1.2 kB', '150 MB', '32.0 TB'],
	);
});
