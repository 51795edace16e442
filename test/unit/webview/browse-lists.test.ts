import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../src/base/failure';
import type { BrowseNode } from '../../../src/model/contracts/browse';
import { BrowsePages } from '../../../webview/panel/tree/browse-pages';
import { maxLists, Sweep } from '../../../webview/panel/tree/browse-sweep';

const node = (id: string, expandable: boolean): BrowseNode => ({ id, kind: 'k', name: id, expandable });

/** A peer whose nodes are those of `has`; requests are recorded. */
function peer(has: (of: string | undefined) => BrowseNode[]) {
	const asked: string[] = [];
	const remote = {
		async browse(of: string | undefined, offset: number, count: number) {
			asked.push(`${of ?? ''}@${offset}`);
			const all = has(of);
			return { total: all.length, nodes: all.slice(offset, offset + count) };
		},
	};
	const pages = new BrowsePages(remote, [], () => {});
	const sweep = new Sweep(pages.lists, () => {});
	const names = (filter: string) => {
		pages.filter = filter;
		pages.draw();
		return pages.rows.flatMap((row) => (row.kind === 'node' ? [row.node.name] : []));
	};
	return { asked, pages, sweep, names };
}

/** Two exchanges that are bound to each other, and a queue that both lead to. */
const circle = (of: string | undefined): BrowseNode[] => {
	if (of === undefined) return [node('a', true), node('b', true)];
	if (of === 'a') return [node('b', true), node('email', true)];
	if (of === 'b') return [node('a', true), node('email', true)];
	return [];
};

test('a search covers the lists that were read, reports the others, and reads each node once, also in circles', async () => {
	const { asked, pages, sweep, names } = peer(circle);
	await pages.lists.load('');
	assert.deepEqual(pages.lists.extent(), { listed: 2, unread: ['a', 'b'], failed: 0 });
	assert.deepEqual(names('mail'), []);
	await sweep.run();
	assert.deepEqual(pages.lists.extent(), { listed: 3, unread: [], failed: 0 });
	assert.deepEqual(asked, ['@0', 'a@0', 'b@0', 'email@0']);
	assert.deepEqual(names('MAIL'), ['a', 'email', 'b', 'email']);
	assert.equal(sweep.running, false);
});

test('a match that is expanded shows its children', async () => {
	const { pages, sweep, names } = peer((of) => (of === undefined ? [node('queues', true)] : [node('email', false)]));
	await pages.lists.load('');
	await sweep.run();
	assert.deepEqual(names('queue'), ['queues']);
	pages.toggle('queues', true);
	assert.deepEqual(names('queue'), ['queues', 'email']);
});

test('reads long lists to their end, page by page', async () => {
	const { asked, pages, sweep, names } = peer((of) =>
		of === undefined ? Array.from({ length: 2500 }, (_, at) => node(`n${at}`, false)) : [],
	);
	await pages.lists.load('');
	assert.deepEqual(pages.lists.extent(), { listed: 1000, unread: [''], failed: 0 });
	await sweep.run();
	assert.deepEqual(pages.lists.extent(), { listed: 2500, unread: [], failed: 0 });
	assert.deepEqual(names('n2499'), ['n2499']);
	assert.equal(asked.at(-1), '@2000');
});

test('a list that cannot be read is counted and not requested again', async () => {
	const { asked, pages, sweep } = peer((of) => {
		if (of === 'a') throw new FailureError({ code: 'denied', message: 'No.' });
		return of === undefined ? [node('a', true)] : [];
	});
	await pages.lists.load('');
	await sweep.run();
	await sweep.run();
	assert.deepEqual(pages.lists.extent(), { listed: 1, unread: [], failed: 1 });
	assert.deepEqual(asked, ['@0', 'a@0']);
});

test('reads an endless peer a bounded part at a time; a further run continues', async () => {
	const { asked, pages, sweep } = peer((of) => [node(String(Number(of ?? 0) + 1), true)]);
	await pages.lists.load('');
	await sweep.run();
	assert.equal(asked.length, 1 + maxLists);
	assert.equal(pages.lists.extent().unread.length, 1);
	await sweep.run();
	assert.equal(asked.length, 1 + 2 * maxLists);
});

test('a stopped run requests nothing more, and a new run does not overlap with it', async () => {
	const { asked, pages, sweep } = peer((of) =>
		of === undefined ? [node('a', true)] : [node(`${of}x`, of.length < 9)],
	);
	await pages.lists.load('');
	const first = sweep.run();
	sweep.stop();
	await sweep.run();
	await first;
	assert.equal(new Set(asked).size, asked.length, String(asked));
	assert.deepEqual(pages.lists.extent().unread, []);
});
