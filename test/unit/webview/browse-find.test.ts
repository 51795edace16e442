import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../src/base/failure';
import type { BrowseNode } from '../../../src/model/contracts/browse';
import { BrowsePages } from '../../../webview/panel/tree/browse-pages';
import { maxLists, Sweep } from '../../../webview/panel/tree/browse-sweep';

const node = (id: string, expandable: boolean): BrowseNode => ({ id, kind: 'k', name: id, expandable });

/** A peer whose things are told by `has`; what was asked is written down. */
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

test('the find sees what was listed, says what not, and reads on: each thing once, also in circles', async () => {
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

test('what fits and is opened shows what is in it', async () => {
	const { pages, sweep, names } = peer((of) => (of === undefined ? [node('queues', true)] : [node('email', false)]));
	await pages.lists.load('');
	await sweep.run();
	assert.deepEqual(names('queue'), ['queues']);
	pages.toggle('queues', true);
	assert.deepEqual(names('queue'), ['queues', 'email']);
});

test('long lists are read to their end, page by page', async () => {
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

test('a list that gives no answer is counted and not asked for again', async () => {
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

test('a peer without end is read a bounded part at a time, and going on goes on', async () => {
	const { asked, pages, sweep } = peer((of) => [node(`${of ?? ''}x`, true)]);
	await pages.lists.load('');
	await sweep.run();
	assert.equal(asked.length, 1 + maxLists);
	assert.equal(pages.lists.extent().unread.length, 1);
	await sweep.run();
	assert.equal(asked.length, 1 + 2 * maxLists);
});

test('stopped, it asks no more; begun again at once, it is one that asks', async () => {
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
