import * as vscode from 'vscode';
import { Coalescer } from '../../base/coalesce';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { describe } from '../../protocols/descriptions';
import type { Services } from '../services';
import { type Browsing, createBrowsing } from './browsing';
import { dragAndDrop } from './drag';
import { itemOf, lookOf, tooltipOf } from './items';
import { createLists } from './lists';
import {
	type BrokenNode,
	type ConnectionNode,
	connectionOf,
	type Node,
	type PeerNode,
	parentOf,
	type SeenNode,
} from './nodes';
import { createRefreshing } from './refreshing';
import { createTopics, type Topics } from './topics';

/** Milliseconds between two refreshes of what is visible. */
const refreshEvery = 1000;

export const viewId = 'messagingWorkbench.connections';

export interface Sidebar extends Disposable {
	/** What is selected. */
	readonly selected: Node | undefined;
	filterOf(id: string): string | undefined;
	setFilter(id: string, text: string | undefined): void;
	/** Asks the peer again for what is shown of it. */
	refresh(id: string): void;
	/** The next page of a long list. */
	more(parent: ConnectionNode | PeerNode): void;
	focus(): Promise<void>;
}

export function createSidebar(services: Services): Sidebar {
	const { profiles, sessions } = services;
	const lifetime = new DisposableStore();
	const changed = lifetime.add(new vscode.EventEmitter<Node | Node[] | undefined>());
	const connections = new Map<string, ConnectionNode>();
	const topics = new Map<string, Topics>();
	const browsings = new Map<string, Browsing>();
	const seen = new Map<string, SeenNode>();
	const states = new Map<string, string>();
	const dirty = new Set<string>();

	function connectionNodes(): ConnectionNode[] {
		return profiles.profiles.map((stored) => {
			const { id } = stored.profile;
			const known = connections.get(id) ?? { kind: 'connection' as const, stored };
			known.stored = stored;
			connections.set(id, known);
			return known;
		});
	}

	function topicsOf(node: ConnectionNode): Topics {
		const { id, protocol } = node.stored.profile;
		const known = topics.get(id) ?? createTopics(node, describe(protocol));
		topics.set(id, known);
		return known;
	}

	function browsingOf(node: ConnectionNode): Browsing {
		const { id } = node.stored.profile;
		const known = browsings.get(id) ?? createBrowsing(node);
		browsings.set(id, known);
		return known;
	}

	function seenOf(connection: ConnectionNode): SeenNode {
		const { id } = connection.stored.profile;
		const known = seen.get(id) ?? { kind: 'seen', connection };
		seen.set(id, known);
		return known;
	}

	function top(): Node[] {
		const broken = profiles.broken.map((entry): BrokenNode => ({ kind: 'broken', broken: entry }));
		return [...connectionNodes(), ...broken];
	}

	async function read(node: Node): Promise<Node[]> {
		if (node.kind === 'broken') return [];
		const connection = node.kind === 'connection' ? node : node.connection;
		const session = sessions.get(connection.stored.profile.id);
		if (!session || (session.status.topics === 0 && session.status.state.kind !== 'open')) return [];
		const { browse } = describe(connection.stored.profile.protocol) ?? {};
		try {
			if (node.kind === 'node' || (node.kind === 'connection' && browse)) {
				const open = session.status.state.kind === 'open';
				const things = open ? await browsingOf(connection).children(node, session.engine()) : [];
				return node.kind === 'node' ? things : [...things, seenOf(connection)];
			}
			if (node.kind === 'connection' || node.kind === 'seen' || node.kind === 'topic' || node.kind === 'group')
				return await topicsOf(connection).children(node, session.engine());
			return [];
		} catch (error) {
			services.log.warn(`Tree of ${connection.stored.profile.name}: ${services.log.failure(error).message}`);
			return [];
		}
	}

	const lists = createLists({
		read,
		look: (node) => lookOf(itemOf(node, services, lists.isOpen(node))),
		changed: (nodes) => changed.fire(nodes),
	});
	let ready = false;
	void profiles.ready.then(() => {
		ready = true;
	});

	const view = lifetime.add(
		vscode.window.createTreeView<Node>(viewId, {
			treeDataProvider: {
				onDidChangeTreeData: changed.event,
				getTreeItem(node) {
					const item = itemOf(node, services, lists.isOpen(node));
					lists.drawn(node, lookOf(item));
					return item;
				},
				resolveTreeItem(item, node) {
					item.tooltip ??= tooltipOf(node, services, lists.isOpen(node));
					return item;
				},
				getChildren: (node) => (node ? lists.children(node) : ready ? top() : profiles.ready.then(top)),
				getParent: parentOf,
			},
			showCollapseAll: true,
			dragAndDropController: dragAndDrop(services),
		}),
	);

	/** The editor takes an item's expansion only when it first sees it. Revealing would also bring a hidden view up. */
	function expand(node: ConnectionNode): void {
		if (view.visible) void view.reveal(node, { expand: true, select: false, focus: false }).then(undefined, () => {});
	}

	/** A hidden view is looked at when it comes back. */
	const look = (node: ConnectionNode | undefined) => {
		if (!node) return;
		if (view.visible) void lists.look(node);
		else dirty.add(node.stored.profile.id);
	};

	/** Only what has changed since, and only while somebody looks. */
	const refresh = lifetime.add(
		new Coalescer(refreshEvery, () => {
			if (!view.visible) return;
			for (const id of dirty) look(connections.get(id));
			dirty.clear();
		}),
	);
	lifetime.add(
		view.onDidExpandElement(({ element }) => {
			lists.opened(element);
			look(connectionOf(element));
		}),
	);
	lifetime.add(
		view.onDidCollapseElement(({ element }) => {
			lists.closed(element);
			look(connectionOf(element));
		}),
	);
	const browsing = lifetime.add(
		createRefreshing({
			services,
			view,
			browsing: (id) => browsings.get(id),
			node: (id) => connections.get(id),
			changed: look,
		}),
	);
	lifetime.add(profiles.onChanged(() => changed.fire(undefined)));
	lifetime.add(
		sessions.onChanged((id) => {
			dirty.add(id);
			const kind = sessions.get(id)?.status.state.kind ?? 'closed';
			const node = connections.get(id);
			if (node && states.get(id) !== kind) {
				if (kind === 'open') {
					lists.forget(node);
					changed.fire(node);
					expand(node);
				} else look(node);
			}
			states.set(id, kind);
			if (!sessions.get(id)) {
				topics.delete(id);
				browsings.delete(id);
			}
			refresh.request();
		}),
	);
	const countdown = setInterval(() => {
		for (const { id, status } of sessions.all) if (status.state.kind === 'retrying') dirty.add(id);
		if (dirty.size > 0) refresh.request();
	}, refreshEvery);
	lifetime.add({ dispose: () => clearInterval(countdown) });
	lifetime.add(view.onDidChangeVisibility(() => refresh.request()));

	return {
		get selected() {
			return view.selection[0];
		},
		filterOf: (id) => topics.get(id)?.filter,
		setFilter(id, text) {
			const node = connections.get(id);
			if (!node) return;
			topicsOf(node).filter = text || undefined;
			const group = seen.get(id);
			if (group && text) void view.reveal(group, { expand: true, select: false }).then(undefined, () => {});
			look(node);
		},
		refresh: (id) => browsing.refresh(id),
		more(parent) {
			const connection = parent.kind === 'connection' ? parent : parent.connection;
			browsingOf(connection).more(parent);
			look(connection);
		},
		async focus() {
			await vscode.commands.executeCommand(`${viewId}.focus`);
		},
		dispose: () => lifetime.dispose(),
	};
}
