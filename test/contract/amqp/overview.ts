import assert from 'node:assert/strict';
import { eventually } from '../../support/run/eventually';
import type { Cases, Opened } from './server';

const listOf = async ({ link }: Opened, parent?: string) => {
	const page = await link.browse?.(parent, 0, 1000);
	assert.ok(page);
	return page;
};
const value = (node: { properties?: { label: string; value: string }[] } | undefined, label: string) =>
	node?.properties?.find((one) => one.label === label)?.value;

/** What the server reports of itself: read-only, and with the reason where the user may not see it. */
export const overview: Cases = {
	async 'cluster nodes, connections, channels, consumers, policies and users'({ server, peer, open }) {
		await server.api('PUT', '/policies/%2F/limit', {
			...{ pattern: '^limited', definition: { 'max-length': 10 }, 'apply-to': 'queues', priority: 3 },
		});
		await peer.channel.assertQueue('watched');
		await peer.channel.consume('watched', () => {}, { consumerTag: 'watcher' });
		const opened = await open();
		const groups = await listOf(opened, 'server');
		assert.deepEqual(
			groups.nodes.map(({ name }) => name),
			['Nodes', 'Connections', 'Channels', 'Consumers', 'Policies', 'Users'],
		);
		const [node] = (await listOf(opened, 'server/nodes')).nodes;
		assert.match(node?.name ?? '', /^test/);
		assert.equal(value(node, 'Alarms'), 'none');
		assert.match(value(node, 'Memory') ?? '', /^[\d.]+ [kMG]B of [\d.]+ [MGT]B$/);
		const users = (await listOf(opened, 'server/users')).nodes;
		const admin = users.find(({ name }) => name === 'admin');
		assert.equal(admin?.description, 'administrator');
		assert.equal(value(admin, '/'), 'configure .*, write .*, read .*');
		assert.doesNotMatch(JSON.stringify(users), /hash/i);
		const [policy] = (await listOf(opened, 'server/policies')).nodes;
		assert.deepEqual(
			[policy?.name, policy?.description, value(policy, 'Priority'), value(policy, 'max-length')],
			['limit', '^limited · queues', '3', '10'],
		);
		await eventually('the statistics have come', async () => {
			const consumers = (await listOf(opened, 'server/consumers')).nodes;
			assert.match(consumers.find(({ name }) => name === 'watcher')?.description ?? '', /^queue watched · prefetch \d/);
			const connections = (await listOf(opened, 'server/connections')).nodes;
			assert.ok(connections.some((one) => value(one, 'User') === 'admin' && value(one, 'State') === 'running'));
			assert.ok((await listOf(opened, 'server/channels')).nodes.some((one) => value(one, 'Consumers') === '1'));
		});
		const top = (await listOf(opened)).nodes.find(({ id }) => id === 'server');
		assert.match(top?.description ?? '', /^RabbitMQ 3/);
		assert.equal(value(top, 'Alarms'), 'none');
		assert.equal(top?.bad, undefined);
		await peer.channel.cancel('watcher');
		await peer.channel.deleteQueue('watched');
		await server.api('DELETE', '/policies/%2F/limit');
	},

	async 'a user without the tag, and a connection without the API, are told what is missing'({ server, open }) {
		await server.api('PUT', '/permissions/%2F/carol', { configure: '', write: '', read: '.*' });
		const opened = await open({ user: 'carol' });
		for (const [list, pattern] of [
			['nodes', /^The user "carol" may not read this\. Give it the tag "monitoring"/],
			['users', /"administrator" for users/],
		] as const) {
			const page = await listOf(opened, `server/${list}`);
			assert.match(page.note ?? '', pattern);
			assert.equal(page.total, 0);
		}
		assert.equal((await listOf(opened, 'queues')).note, undefined, 'the other lists are still read');
		await server.api('DELETE', '/permissions/%2F/carol');
		const without = await open({ values: { 'management.url': 'none' } });
		assert.match(
			(await listOf(without, 'server')).note ?? '',
			/^The management API is disabled in the connection: connections, channels, consumers, policies, users and alarms/,
		);
	},
};
