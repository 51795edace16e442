import * as vscode from 'vscode';
import { Coalescer } from '../../base/coalesce';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { describe } from '../../protocols/descriptions';
import type { Services } from '../services';
import { dragAndDrop } from './drag';
import { itemOf } from './items';
import type { BrokenNode, ConnectionNode, Node } from './nodes';
import { createTopics, type Topics } from './topics';

/** Milliseconds between two refreshes of what is visible. */
const refreshEvery = 1000;

export const viewId = 'messagingWorkbench.connections';

export interface Sidebar extends Disposable {
	/** What is selected, if it is a connection or one of its topics. */
	readonly selected: Node | undefined;
	filterOf(id: string): string | undefined;
	setFilter(id: string, text: string | undefined): void;
	focus(): Promise<void>;
}

export function createSidebar(services: Services): Sidebar {
	const { profiles, sessions } = services;
	const lifetime = new DisposableStore();
	const changed = lifetime.add(new vscode.EventEmitter<Node | undefined>());
	const connections = new Map<string, ConnectionNode>();
	const topics = new Map<string, Topics>();
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

	async function children(node: Node | undefined): Promise<Node[]> {
		if (!node) {
			await profiles.ready;
			const broken = profiles.broken.map((entry): BrokenNode => ({ kind: 'broken', broken: entry }));
			return [...connectionNodes(), ...broken];
		}
		if (node.kind !== 'connection' && node.kind !== 'topic' && node.kind !== 'group') return [];
		const connection = node.kind === 'connection' ? node : node.connection;
		const session = sessions.get(connection.stored.profile.id);
		if (!session || (session.status.topics === 0 && session.status.state.kind !== 'open')) return [];
		try {
			return await topicsOf(connection).children(node, session.engine());
		} catch (error) {
			services.log.warn(`Topics of ${connection.stored.profile.name}: ${services.log.failure(error).message}`);
			return [];
		}
	}

	const view = lifetime.add(
		vscode.window.createTreeView<Node>(viewId, {
			treeDataProvider: {
				onDidChangeTreeData: changed.event,
				getTreeItem: (node) => itemOf(node, services),
				getChildren: children,
				getParent: (node) =>
					node.kind === 'connection' || node.kind === 'broken'
						? undefined
						: 'parent' in node
							? node.parent
							: node.connection,
			},
			showCollapseAll: true,
			dragAndDropController: dragAndDrop(services),
		}),
	);

	/** The editor takes an item's expansion only when it first sees it. Revealing would also bring a hidden view up. */
	function expand(node: ConnectionNode): void {
		if (view.visible) void view.reveal(node, { expand: true, select: false, focus: false }).then(undefined, () => {});
	}

	/** Only what has changed since, and only while somebody looks: VS Code asks again for what is expanded. */
	const refresh = lifetime.add(
		new Coalescer(refreshEvery, () => {
			if (!view.visible) return;
			for (const id of dirty) {
				const node = connections.get(id);
				if (node) changed.fire(node);
			}
			dirty.clear();
		}),
	);
	lifetime.add(profiles.onChanged(() => changed.fire(undefined)));
	lifetime.add(
		sessions.onChanged((id) => {
			dirty.add(id);
			const kind = sessions.get(id)?.status.state.kind ?? 'closed';
			const node = connections.get(id);
			if (states.get(id) !== kind && node) {
				changed.fire(node);
				if (kind === 'open') expand(node);
			}
			states.set(id, kind);
			if (!sessions.get(id)) topics.delete(id);
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
			changed.fire(node);
		},
		async focus() {
			await vscode.commands.executeCommand(`${viewId}.focus`);
		},
		dispose: () => lifetime.dispose(),
	};
}
