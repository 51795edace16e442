import assert from 'node:assert/strict';
import test from 'node:test';
import { createLists } from '../../../../src/host/sidebar/lists';
import { type ConnectionNode, idOf, type Node, type TopicNode } from '../../../../src/host/sidebar/nodes';
import type { TreeRow } from '../../../../src/model/contracts/topic';

const connection = {
	kind: 'connection',
	stored: { profile: { id: 'p', name: 'p', protocol: 'x', url: 'x://y' } },
} as ConnectionNode;

const topic = (id: number, total: number, parent: Node = connection): TopicNode => ({
	kind: 'topic',
	connection,
	row: { id, name: `t${id}`, total } as TreeRow,
	flat: false,
	parent,
});

/** A model of VS Code's tree: redraws reported rows and requests the children of expanded ones. */
function editor(model: Map<Node, Node[]>) {
	const told: string[] = [];
	const reads: string[] = [];
	const appearanceOf = (node: Node) => (node.kind === 'topic' ? String(node.row.total) : '');
	const lists = createLists({
		async read(parent) {
			reads.push(idOf(parent));
			return model.get(parent) ?? [];
		},
		appearance: (node) => appearanceOf(node) + (lists.isOpen(node) ? ' open' : ''),
		changed(nodes) {
			told.push(...nodes.map(idOf));
			for (const node of nodes) draw(node);
		},
	});
	const draw = (node: Node) => lists.drawn(node, appearanceOf(node) + (lists.isOpen(node) ? ' open' : ''));
	return {
		lists,
		told: () => told.splice(0).sort(),
		reads: () => reads.splice(0).sort(),
		/** Expands a row for the first time. */
		async open(node: Node): Promise<Node[]> {
			const children = await lists.children(node);
			lists.opened(node);
			for (const child of children) draw(child);
			draw(node);
			return children;
		},
	};
}

test('reports only rows that appear different, and an expanded row not for changes below it', async () => {
	const a = topic(1, 1);
	const b = topic(2, 1);
	const { lists, open, told } = editor(new Map([[connection, [a, b]]]));
	await open(connection);
	await lists.refresh(connection);
	assert.deepEqual(told(), []);
	b.row = { ...b.row, total: 2 };
	await lists.refresh(connection);
	assert.deepEqual(told(), ['t:p:2']);
});

test('reports a changed list by its parent and has it ready for the request', async () => {
	const model = new Map<Node, Node[]>([[connection, [topic(1, 1)]]]);
	const { lists, open, told, reads } = editor(model);
	const [first] = await open(connection);
	model.set(connection, [topic(1, 5), topic(2, 1)]);
	await lists.refresh(connection);
	assert.deepEqual(told(), ['c:p']);
	reads();
	const now = lists.children(connection);
	assert.ok(Array.isArray(now), 'answered at once');
	assert.deepEqual(now.map(idOf), ['t:p:1', 't:p:2']);
	assert.equal(now[0], first, 'what the editor knows stays the same object');
	assert.deepEqual(first?.kind === 'topic' && first.row.total, 5);
	assert.deepEqual(reads(), []);
});

test('does not read collapsed lists or lists below them, and keeps those for when they are shown again', async () => {
	const a = topic(1, 1);
	const b = topic(2, 1, a);
	const model = new Map<Node, Node[]>([
		[connection, [a]],
		[a, [b]],
		[b, [topic(3, 1, b)]],
	]);
	const { lists, open, reads, told } = editor(model);
	await open(connection);
	await open(a);
	await open(b);
	reads();
	await lists.refresh(connection);
	assert.deepEqual(reads(), ['c:p', 't:p:1', 't:p:2']);
	lists.closed(a);
	await lists.refresh(connection);
	assert.deepEqual(reads(), ['c:p']);
	assert.deepEqual(told(), ['t:p:1'], 'a closed row may say more');
	lists.opened(a);
	await new Promise(setImmediate);
	assert.deepEqual(told(), ['t:p:1']);
	assert.ok(lists.isOpen(b));
	reads();
	await lists.refresh(connection);
	assert.deepEqual(reads(), ['c:p', 't:p:1', 't:p:2']);
});

test('reports very many changed rows in turn', async () => {
	const rows = Array.from({ length: 600 }, (_, at) => topic(at, 0));
	const { lists, open, told } = editor(new Map([[connection, rows]]));
	await open(connection);
	const seen = new Set<string>();
	for (let turn = 1; turn <= 3; turn++) {
		for (const one of rows) one.row = { ...one.row, total: turn };
		await lists.refresh(connection);
		const now = told();
		assert.ok(now.length <= 250, `${now.length} at once`);
		for (const id of now) seen.add(id);
	}
	assert.equal(seen.size, 600);
});

test('merges refreshes requested during one into a single further one', async () => {
	const { lists, open, reads } = editor(new Map([[connection, [topic(1, 1)]]]));
	await open(connection);
	reads();
	await Promise.all([lists.refresh(connection), lists.refresh(connection), lists.refresh(connection)]);
	assert.deepEqual(reads(), ['c:p', 'c:p']);
});
