import assert from 'node:assert/strict';
import test from 'node:test';
import type * as vscode from 'vscode';
import type { ConnectionNode, Node, TopicNode } from '../../../../src/host/sidebar/nodes';
import type { SessionState } from '../../../../src/model/contracts/session';
import type { TreeRow } from '../../../../src/model/contracts/topic';
import { loadHost } from '../../../support/host/load-host';
import { recordingEditor } from '../../../support/host/recording-editor';
import type * as Host from '../../../support/host/sinks';

const { itemOf, tooltipOf } = await loadHost<typeof Host>('test/support/host/sinks.ts', recordingEditor().vscode);
const { None, Collapsed, Expanded } = { None: 0, Collapsed: 1, Expanded: 2 };

const since = new Date(2026, 0, 2, 18, 5, 9).getTime();
const open: SessionState = {
	kind: 'open',
	since,
	security: { encrypted: false, verified: false, authentication: 'none' },
	facts: [],
};

function connection(protocol: string) {
	const profile = { id: 'p', name: 'Plant', protocol, url: 'mqtt://localhost' };
	return {
		kind: 'connection',
		stored: { profile, source: { scope: 'user', label: 'user settings' } },
	} as ConnectionNode;
}

function services(state: SessionState, topics: number, figures = { received: 1200, rate: 4.26 }) {
	const status = { state, topics, ...figures, subscriptions: [] };
	return {
		log: { redact: (text: string) => text, clean: <T>(failure: T) => failure },
		sessions: { get: () => ({ status }) },
		secrets: { stored: () => [] },
		connecting: { owner: () => ({}) },
	} as never;
}

const item = (node: Node, state: SessionState, topics: number, isOpen: boolean): vscode.TreeItem =>
	itemOf(node, services(state, topics), isOpen);

test('a connection starts collapsed, and can be expanded when there is something below it', () => {
	const cases: [protocol: string, state: SessionState, topics: number, isOpen: boolean, expected: number][] = [
		['mqtt', open, 0, false, None],
		['mqtt', open, 3, false, Collapsed],
		['mqtt', open, 3, true, Expanded],
		['mqtt', { kind: 'closed' }, 3, false, Collapsed],
		['mqtt', { kind: 'closed' }, 0, false, None],
		['amqp', open, 0, false, Collapsed],
		['amqp', { kind: 'closed' }, 0, false, None],
	];
	for (const [protocol, state, topics, isOpen, expected] of cases)
		assert.equal(
			item(connection(protocol), state, topics, isOpen).collapsibleState,
			expected,
			JSON.stringify([protocol, state.kind, topics, isOpen]),
		);
});

test('the state of a connection is short: figures while it is collapsed, the time on a 24-hour clock while expanded', () => {
	assert.equal(item(connection('mqtt'), open, 3, false).description, 'open · 1,200 msgs · 4.3/s');
	assert.equal(item(connection('mqtt'), open, 3, true).description, 'open · since 18:05');
	const quiet = { received: 1200, rate: 0 };
	assert.equal(itemOf(connection('mqtt'), services(open, 3, quiet), false).description, 'open · 1,200 msgs');
	const single = { received: 1, rate: 0 };
	assert.equal(itemOf(connection('mqtt'), services(open, 1, single), false).description, 'open · 1 msg');
	const silent = { received: 0, rate: 0 };
	assert.equal(itemOf(connection('mqtt'), services(open, 0, silent), false).description, 'open · no messages');
	const failure = { code: 'refused', message: 'Nothing listens.' };
	const retrying: SessionState = { kind: 'retrying', attempt: 1, at: since, failure };
	assert.equal(item(connection('mqtt'), retrying, 3, true).description, 'next attempt at 18:05:09: Nothing listens.');
});

const topic = (more: Partial<TreeRow>): TopicNode => {
	const parent = connection('mqtt');
	const row = { id: 3, name: 'state', path: 'site/line/state', messages: 1, total: 1, below: 0, rate: 0, depth: 0 };
	return { kind: 'topic', connection: parent, parent, flat: false, row: { ...row, ...more } as TreeRow };
};

test('a topic is named with the levels that share its row', () => {
	const above = [
		{ id: 1, name: 'site', path: 'site' },
		{ id: 2, name: '', path: 'site/' },
	];
	assert.equal(item(topic({}), open, 3, false).label, 'state');
	assert.equal(item(topic({ above }), open, 3, false).label, 'site/(empty)/state');
	assert.equal(item({ ...topic({ above }), flat: true }, open, 3, false).label, 'site/line/state');
});

test('the tooltip of a very long topic is cut', () => {
	const tooltip = tooltipOf(topic({ path: 'a'.repeat(60_000) }), services(open, 3), false);
	assert.ok(tooltip && tooltip.value.length < 500, String(tooltip?.value.length));
	assert.match(tooltip.value, /…/);
});

test('a filter says how many topics match', () => {
	const parent = connection('mqtt');
	const filter: Node = { kind: 'filter', connection: parent, parent, text: 'temp', matches: 10 };
	assert.equal(item(filter, open, 20_115, false).label, 'Filter: temp');
	assert.equal(item(filter, open, 20_115, false).description, '10 of 20,115 topics');
});
