import * as vscode from 'vscode';
import { Coalescer } from '../../base/coalesce';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { describe } from '../../protocols/descriptions';
import type { StoredProfile } from '../profiles/store';
import type { Services } from '../services';
import { isTrusted } from '../trust';
import { showFailure } from '../ui/show';
import { visibleText } from '../ui/visible-text';
import { type Browsing, createBrowsing } from './browsing';
import { appearanceOf, itemOf } from './items';
import { hasRows, tooltipOf } from './labels';
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

/** Minimum interval between refreshes of the visible rows, in milliseconds. */
const refreshInterval = 1000;

const viewId = 'messagingWorkbench.connections';

export interface Sidebar extends Disposable {
	/** Resolves when the sidebar is shown for the first time. */
	readonly shown: Promise<void>;
	readonly selected: Node | undefined;
	filterOf(id: string): string | undefined;
	setFilter(id: string, text: string | undefined): void;
	/** Shows a line above the rows, or none. */
	setMessage(text: string | undefined): void;
	/** Reads the visible resources of the peer again. */
	refresh(id: string): void;
	/** Loads the next page of a long list. */
	more(parent: ConnectionNode | PeerNode): void;
}

/** The rows of one connection. */
interface Branch {
	node: ConnectionNode;
	seen: SeenNode;
	topics: Topics;
	browsing: Browsing;
	/** Kind of the last known session state. */
	state: string | undefined;
	/** Expanded by the user. It is expanded again when the connection opens again. */
	opened: boolean;
}

export function createSidebar(services: Services): Sidebar {
	const { profiles, secrets, sessions } = services;
	const lifetime = new DisposableStore();
	const changed = lifetime.add(new vscode.EventEmitter<Node | Node[] | undefined>());
	const branches = new Map<string, Branch>();
	/** Ids of connections that changed since they were last refreshed. */
	const dirty = new Set<string>();

	/** The branch of a connection, with the current profile in its node. */
	function branchOf(stored: StoredProfile): Branch {
		const { id, protocol } = stored.profile;
		let branch = branches.get(id);
		if (!branch) {
			const node: ConnectionNode = { kind: 'connection', stored };
			branch = {
				node,
				seen: { kind: 'seen', connection: node },
				topics: createTopics(node, describe(protocol)),
				browsing: createBrowsing(node),
				state: sessions.get(id)?.status.state.kind,
				opened: false,
			};
			branches.set(id, branch);
		}
		branch.node.stored = stored;
		return branch;
	}

	function top(): Node[] {
		const broken = profiles.broken.map((entry): BrokenNode => ({ kind: 'broken', broken: entry }));
		return [...profiles.profiles.map((stored) => branchOf(stored).node), ...broken];
	}

	async function read(node: Node): Promise<Node[]> {
		const connection = connectionOf(node);
		const session = connection && sessions.get(connection.stored.profile.id);
		const isOpen = session?.status.state.kind === 'open';
		if (!session || !hasRows(session.status, session.protocol)) return [];
		const { topics, browsing, seen } = branchOf(connection.stored);
		const { protocol, name } = connection.stored.profile;
		try {
			if (node.kind === 'node' || (node.kind === 'connection' && describe(protocol)?.browse)) {
				const resources = isOpen ? await browsing.children(node, session.engine()) : [];
				const hasTopics = session.status.topics > 0 || topics.filter !== undefined;
				return node.kind === 'connection' && hasTopics ? [...resources, seen] : resources;
			}
			if (node.kind === 'connection' || node.kind === 'seen' || node.kind === 'topic' || node.kind === 'group')
				return await topics.children(node, session.engine());
			return [];
		} catch (error) {
			services.log.warn(`Tree of ${name}: ${services.log.failure(error).message}`);
			return [];
		}
	}

	const lists = createLists({
		read,
		appearance: (node) => appearanceOf(itemOf(node, services, lists.isOpen(node))),
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
					lists.drawn(node, appearanceOf(item));
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
			dragAndDropController: reorderByDragging(services),
		}),
	);

	/** Expands a row. VS Code applies the expansion of an item only when it first shows it. */
	function expand(node: ConnectionNode | SeenNode): void {
		void view.reveal(node, { expand: true, select: false, focus: false }).then(undefined, () => {});
	}

	/** VS Code also collapses a row that has lost its children; that is not the user's choice. */
	function keepOpened(node: Node, opened: boolean): void {
		const session = node.kind === 'connection' ? sessions.get(node.stored.profile.id) : undefined;
		const branch = session && branches.get(session.id);
		if (branch && (opened || hasRows(session.status, session.protocol))) branch.opened = opened;
	}

	/** Refreshes a connection now, or when the view becomes visible. */
	const refreshRows = (node: ConnectionNode | undefined) => {
		if (!node) return;
		if (view.visible) void lists.refresh(node);
		else dirty.add(node.stored.profile.id);
	};

	const refresh = lifetime.add(
		new Coalescer(refreshInterval, () => {
			if (!view.visible) return;
			for (const id of dirty) refreshRows(branches.get(id)?.node);
			dirty.clear();
		}),
	);
	lifetime.add(
		view.onDidExpandElement(({ element }) => {
			keepOpened(element, true);
			lists.opened(element);
			refreshRows(connectionOf(element));
		}),
	);
	lifetime.add(
		view.onDidCollapseElement(({ element }) => {
			keepOpened(element, false);
			lists.closed(element);
			refreshRows(connectionOf(element));
		}),
	);
	const browsing = lifetime.add(
		createRefreshing({ services, view, branch: (id) => branches.get(id), changed: refreshRows }),
	);
	let listed = '';
	// A refresh of the root invalidates the rows' handles, and a button that is clicked meanwhile calls its command without its
	// row. So there is none for the first read, for which `getChildren` waits, nor for news of the texts alone, such as user
	// settings that were opened.
	lifetime.add(
		profiles.onChanged(() => {
			const now = JSON.stringify([isTrusted(), profiles.profiles, profiles.broken]);
			if (now === listed) return;
			listed = now;
			if (ready) changed.fire(undefined);
		}),
	);

	function sessionChanged(id: string): void {
		dirty.add(id);
		refresh.request();
		const branch = branches.get(id);
		if (!branch) return;
		const { node, state } = branch;
		const session = sessions.get(id);
		branch.state = session?.status.state.kind ?? 'closed';
		if (branch.state !== state && branch.state === 'open') {
			lists.forget(node);
			changed.fire(node);
			// Revealing a row in a hidden view would show the view.
			if (view.visible && branch.opened) expand(node);
		} else if (branch.state !== state) refreshRows(node);
		// The log of a removed session is gone, and with it the topics.
		if (!session) branches.delete(id);
	}
	lifetime.add(sessions.onChanged(sessionChanged));
	lifetime.add(secrets.onChanged((id) => refreshRows(branches.get(id)?.node)));
	const countdown = setInterval(() => {
		for (const { id, status } of sessions.all) if (status.state.kind === 'retrying') dirty.add(id);
		if (dirty.size > 0) refresh.request();
	}, refreshInterval);
	lifetime.add({ dispose: () => clearInterval(countdown) });
	const shown = new Promise<void>((resolve) => {
		if (view.visible) resolve();
		lifetime.add(
			view.onDidChangeVisibility(({ visible }) => {
				refresh.request();
				if (visible) resolve();
			}),
		);
	});

	return {
		shown,
		get selected() {
			return view.selection[0];
		},
		filterOf: (id) => branches.get(id)?.topics.filter,
		setFilter(id, text) {
			const branch = branches.get(id);
			if (!branch) return;
			branch.topics.filter = text || undefined;
			if (text) expand(describe(branch.node.stored.profile.protocol)?.browse ? branch.seen : branch.node);
			refreshRows(branch.node);
		},
		setMessage(text) {
			view.message = text === undefined ? undefined : visibleText(text);
		},
		refresh: (id) => browsing.refresh(id),
		more(parent) {
			const connection = parent.kind === 'connection' ? parent : parent.connection;
			branchOf(connection.stored).browsing.more(parent);
			refreshRows(connection);
		},
		dispose: () => lifetime.dispose(),
	};
}

const dragType = 'application/vnd.code.tree.messagingworkbench.connections';

/** Drag and drop of connections. A dropped connection moves before the one under the pointer. */
function reorderByDragging({
	profiles,
	log,
}: Pick<Services, 'profiles' | 'log'>): vscode.TreeDragAndDropController<Node> {
	return {
		dragMimeTypes: [dragType],
		dropMimeTypes: [dragType],
		handleDrag(nodes, data) {
			const [node] = nodes;
			if (node?.kind === 'connection') data.set(dragType, new vscode.DataTransferItem(node.stored.profile.id));
		},
		async handleDrop(target, data) {
			const id = await data.get(dragType)?.asString();
			const before = target?.kind === 'connection' ? target.stored.profile.id : undefined;
			if (!id || id === before || (target && !before)) return;
			await profiles.move(id, before).catch((error) => showFailure(log, 'Move', error));
		},
	};
}
