import assert from 'node:assert/strict';
import test from 'node:test';
import type { GraphEdge } from '../../../src/model/contracts/graph';
import { arrange, nodeSize, wayOf } from '../../../webview/panel/topology/arrange';
import { mermaid } from '../../../webview/panel/topology/mermaid';

const node = (id: string) => ({ node: { id, kind: id.split(' ')[0] ?? '', name: id, expandable: false } });
const edge = (from: string, to: string, more: Partial<GraphEdge> = {}): GraphEdge => ({ from, to, label: '', ...more });

test('edges lead to the right, except the one that closes a circle', () => {
	const edges = [edge('a', 'b'), edge('b', 'c'), edge('c', 'd'), edge('a', 'd'), edge('d', 'b', { dashed: true })];
	const { places, bends } = arrange({ nodes: ['d', 'c', 'b', 'a', 'alone'].map(node), edges });
	const columns = ['a', 'b', 'c', 'd'].map((id) => places.get(id)?.column);
	assert.deepEqual(columns, [0, 1, 2, 3]);
	assert.equal(bends.get(wayOf('a', 'd'))?.length, 2, 'a long edge passes two columns');
	const lowest = Math.max(...['a', 'b', 'c', 'd'].map((id) => places.get(id)?.y ?? 0));
	assert.ok((places.get('alone')?.y ?? 0) > lowest);
});

test('no two nodes overlap, and no edge passes through a node, in any graph', () => {
	let seed = 1;
	const random = (below: number) => {
		seed = (seed * 48_271) % 2_147_483_647;
		return seed % below;
	};
	for (let round = 0; round < 60; round++) {
		const ids = Array.from({ length: 1 + random(40) }, (_, at) => `n${at}`);
		const edges = Array.from({ length: random(80) }, () =>
			edge(ids[random(ids.length)] ?? '', ids[random(ids.length)] ?? ''),
		);
		const { places, bends, width, height } = arrange({ nodes: ids.map(node), edges });
		assert.equal(places.size, ids.length);
		const boxes = [...places.values(), ...[...bends.values()].flat()];
		for (const [at, one] of boxes.entries()) {
			assert.ok(one.x >= 0 && one.x + nodeSize.width <= width && one.y >= 0, JSON.stringify(one));
			for (const other of boxes.slice(at + 1)) {
				const isApart =
					Math.abs(one.x - other.x) >= nodeSize.width - 0.001 || Math.abs(one.y - other.y) >= nodeSize.height - 0.001;
				assert.ok(isApart, `round ${round}: ${JSON.stringify([one, other])}`);
			}
		}
		assert.ok(height > 0);
	}
});

test('hundreds of nodes are placed at once, and a chain of queues does not overflow the stack', () => {
	const ids = Array.from({ length: 400 }, (_, at) => `q${at}`);
	const chain = ids.slice(1).map((id, at) => edge(ids[at] ?? '', id));
	assert.equal(arrange({ nodes: ids.map(node), edges: chain }).places.get('q399')?.column, 399);
	const { places } = arrange({ nodes: [], edges: [] });
	assert.equal(places.size, 0);
});

test('as Mermaid, no name ends its label or begins a line of its own', () => {
	const nodes = [node('exchange a"]\nclick'), node('queue b')];
	const [from, to] = nodes.map((one) => one.node.id);
	const text = mermaid(
		{ nodes, edges: [edge(from ?? '', to ?? '', { label: 'eu.#|x', dashed: true })] },
		(kind) => kind === 'exchange',
	);
	assert.deepEqual(text.split('\n'), [
		'flowchart LR',
		'  n0(["exchange a#34;#93;#10;click"])',
		'  n1["queue b"]',
		'  n0 -.->|"eu.#35;#124;x"| n1',
		'',
	]);
});
