import assert from 'node:assert/strict';
import test from 'node:test';
import { fail } from '../../../src/base/failure';
import { createBrowsing } from '../../../src/host/sidebar/browsing';
import { type ConnectionNode, idOf, type Node, type PeerNode } from '../../../src/host/sidebar/nodes';
import type { BrowseNode, BrowsePage } from '../../../src/model/contracts/browse';

const connection = {
	kind: 'connection',
	stored: { profile: { id: 'p', name: 'p', protocol: 'x', url: 'x://y' } },
} as ConnectionNode;

const queue = (name: string, more: Partial<BrowseNode> = {}): BrowseNode => ({
	id: `q:${name}`,
	kind: 'queue',
	name,
	expandable: false,
	...more,
});

/** A peer whose lists a test may change, and that counts what it was asked. */
function peer(lists: Record<string, BrowseNode[] | 'denied'>, note?: string) {
	const asked: string[] = [];
	return {
		lists,
		asked,
		async browse(parent: string | undefined, offset: number, count: number): Promise<BrowsePage> {
			asked.push(`${parent ?? ''}+${offset}`);
			const all = lists[parent ?? ''] ?? [];
			if (all === 'denied') throw fail('denied', 'Not allowed.');
			return { total: all.length, nodes: all.slice(offset, offset + count), ...(note ? { note } : {}) };
		},
	};
}

const kinds = (nodes: Node[]) => nodes.map((node) => (node.kind === 'node' ? node.node.name : node.kind));
const thing = (nodes: Node[], name: string) =>
	nodes.find((node): node is PeerNode => node.kind === 'node' && node.node.name === name) as PeerNode;

test('a list is asked for once, and again only when it is not fresh any more', async () => {
	const { children, refresh, stale } = createBrowsing(connection);
	const engine = peer({ '': [queue('a')] }, 'Not all are listed.');
	assert.deepEqual(kinds(await children(connection, engine)), ['a', 'info']);
	await children(connection, engine);
	assert.deepEqual(engine.asked, ['+0']);
	assert.deepEqual(await refresh([connection], engine), [], 'nothing has changed');
	engine.lists[''] = [queue('a', { description: '1 ready' })];
	assert.deepEqual(await refresh([connection], engine), [connection]);
	stale();
	await children(connection, engine);
	assert.equal(engine.asked.length, 4);
});

test('a node stays the same object with the same id when its list is read again: what is open stays open', async () => {
	const { children, refresh } = createBrowsing(connection);
	const engine = peer({ '': [queue('a'), queue('b')] });
	const before = await children(connection, engine);
	engine.lists[''] = [queue('new'), queue('b', { description: 'more' }), queue('a')];
	await refresh([connection], engine);
	const after = await children(connection, engine);
	assert.deepEqual(kinds(after), ['new', 'b', 'a']);
	for (const name of ['a', 'b']) assert.equal(thing(after, name), thing(before, name));
	assert.equal(thing(before, 'b').node.description, 'more');
});

test('the same thing met on two ways has two ids, since the editor allows each once', async () => {
	const { children } = createBrowsing(connection);
	const office = (name: string) => queue(name, { expandable: true });
	const engine = peer({ '': [office('x'), office('y')], 'q:x': [queue('a')], 'q:y': [queue('a')] });
	const top = await children(connection, engine);
	const ids = await Promise.all(
		['x', 'y'].map(async (name) => idOf(thing(await children(thing(top, name), engine), 'a'))),
	);
	assert.equal(new Set(ids).size, 2);
	assert.deepEqual(engine.asked, ['+0', 'q:x+0', 'q:y+0']);
});

test('a failure is one row beside what was known, and goes with the next answer', async () => {
	const { children, refresh } = createBrowsing(connection);
	const engine = peer({ '': [queue('a')] });
	await children(connection, engine);
	engine.lists[''] = 'denied';
	assert.deepEqual(await refresh([connection], engine), [connection]);
	const failed = await children(connection, engine);
	assert.deepEqual(kinds(failed), ['failed', 'a']);
	assert.equal(failed[0]?.kind === 'failed' && failed[0].failure.message, 'Not allowed.');
	engine.lists[''] = [queue('b')];
	await refresh([connection], engine);
	assert.deepEqual(kinds(await children(connection, engine)), ['b']);
});

test('more than 1,000 children come in pages', async () => {
	const { children, more } = createBrowsing(connection);
	const engine = peer({ '': Array.from({ length: 2100 }, (_, at) => queue(String(at))) });
	const count = async () => {
		const rows = await children(connection, engine);
		const rest = rows.find((row) => row.kind === 'rest');
		return [rows.filter((row) => row.kind === 'node').length, rest && [rest.shown, rest.total]];
	};
	assert.deepEqual(await count(), [1000, [1000, 2100]]);
	more(connection);
	assert.deepEqual(await count(), [2000, [2000, 2100]]);
	more(connection);
	assert.deepEqual(await count(), [2100, undefined]);
});
