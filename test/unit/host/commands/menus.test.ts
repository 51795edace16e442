import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { actionMenus } from '../../../../src/host/commands/action-menus';
import { descriptions } from '../../../../src/protocols/descriptions';
import { connectionActions, nodeEntries, titleCase } from '../../../../src/protocols/menus';

interface Item {
	command: string;
	when: string;
	group: string;
}
const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
const titles = new Map<string, string>(
	contributes.commands.map(({ command, title }: { command: string; title: string }) => [command, title]),
);

/** Titles of the context menu of a row, in the order of VS Code: by group, then by number. */
function menuOf(viewItem: string): { title: string; group: string }[] {
	const rank = (group: string) => Number(group.split('@')[1] ?? 0);
	return (contributes.menus['view/item/context'] as Item[])
		.filter(({ when, group }) => {
			const [, pattern, exact] = /viewItem (?:=~ \/(.*)\/|== (.*))$/.exec(when) ?? [];
			const fits = pattern === undefined ? viewItem === exact : new RegExp(pattern).test(viewItem);
			return fits && !group.startsWith('inline');
		})
		.sort(
			(a, b) =>
				(a.group.split('@')[0] ?? '').localeCompare(b.group.split('@')[0] ?? '') || rank(a.group) - rank(b.group),
		)
		.map(({ command, group }) => ({ title: titles.get(command) ?? command, group: group.split('@')[0] ?? '' }));
}
const titlesOf = (viewItem: string) => menuOf(viewItem).map(({ title }) => title);

test('a label has one ellipsis at most, also where the menu adds it', () => {
	const labels = [...titles.values(), ...descriptions.flatMap((one) => nodeEntries(one).map(({ label }) => label))];
	assert.deepEqual(
		labels.filter((label) => /…./.test(label)),
		[],
	);
});

test('a queue offers what is harmless first, and what removes messages last and apart', () => {
	const menu = menuOf('node is-amqp kind-queue mode-consume compose log name');
	assert.deepEqual(
		menu.map(({ title }) => title),
		[
			...['Peek…', 'Publish Here', 'Open in Panel', 'Copy Name'],
			...['Return to Original Exchange…', 'Move Messages…', 'Bind to Exchange…', 'Unbind from Exchange…'],
			...['Consume…', 'Purge…', 'Delete…'],
		],
	);
	assert.deepEqual([...new Set(menu.map(({ group }) => group))], ['1_node', '4_change', '9_remove']);
});

test('a stream offers nothing that streams cannot do', () => {
	const menu = titlesOf('node is-amqp kind-stream mode-stream compose log name');
	assert.deepEqual(menu, [
		...['Read Stream…', 'Publish Here', 'Open in Panel', 'Copy Name'],
		...['Bind to Exchange…', 'Unbind from Exchange…', 'Delete…'],
	]);
});

test('the state of the peer decides which of two opposite actions is offered', () => {
	const rows = ['connection-open sub browse is-amqp from-user', 'node is-amqp kind-vhost mode-firehose name'];
	for (const row of rows) {
		const both = (viewItem: string) => titlesOf(viewItem).filter((title) => title.endsWith('able Firehose'));
		assert.deepEqual(both(row), ['Enable Firehose']);
		assert.deepEqual(both(`${row} on-tracing`), ['Disable Firehose']);
	}
});

test('every protocol has its own word for receiving, and Delete Connection stands alone at the end', () => {
	const expected: Record<string, string | undefined> = {
		mqtt: 'Subscribe…',
		amqp: 'Receive…',
		coap: 'Observe…',
		xmpp: 'Subscribe or Join…',
		websocket: undefined,
		kafka: 'Read…',
		nats: 'Subscribe…',
		amqp1: 'Receive…',
		socketio: 'Join…',
	};
	for (const { id, subscription } of descriptions) {
		const menu = menuOf(`connection-open ${subscription ? 'sub ' : ''}browse is-${id} from-user`);
		const words = menu
			.map(({ title }) => title)
			.filter((title) => /^(Subscribe|Receive|Observe|Join|Read)/.test(title));
		assert.deepEqual(words, expected[id] ? [expected[id]] : [], id);
		assert.deepEqual(menu.at(-1), { title: 'Delete Connection', group: '9_delete' });
		assert.equal(menu.filter(({ group }) => group === '9_delete').length, 1);
	}
});

test('the sidebar offers the entries of a node in the order of the panel', () => {
	for (const description of descriptions) {
		const { context } = actionMenus([description]);
		const entries = nodeEntries(description);
		const order = context.filter(
			({ group, when }) => !group?.startsWith('inline') && !when.includes('connection-open'),
		);
		assert.equal(order.length, entries.length);
		const groups = order.map(({ group = '' }) => group);
		const rank = (group: string) => Number(group.split('@')[1]);
		assert.deepEqual(
			groups,
			[...groups].sort((a, b) => a.charCodeAt(0) - b.charCodeAt(0) || rank(a) - rank(b)),
		);
	}
});

test('labels of actions, verbs and modes are titles', () => {
	for (const { id, actions = [], verbs, subscription } of descriptions)
		for (const { label } of [...actions, ...verbs, ...(subscription?.modes ?? [])])
			assert.equal(label, titleCase(label), `${id}: ${label}`);
	for (const description of descriptions)
		assert.deepEqual(
			new Set(connectionActions(description)),
			new Set((description.actions ?? []).filter(({ on }) => on.connection)),
		);
});
