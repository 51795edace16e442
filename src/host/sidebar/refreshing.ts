import type * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { describe } from '../../protocols/descriptions';
import type { Services } from '../services';
import type { Browsing } from './browsing';
import type { ConnectionNode, Node, PeerNode } from './nodes';

/** Milliseconds between two looks whether something is due. */
const tick = 1000;

/** Keeps what is shown of the peers true: when they say so, after the time that their protocol gives, and on request. */
export interface Refreshing extends Disposable {
	refresh(id: string): void;
}

export interface RefreshingOptions {
	services: Services;
	view: vscode.TreeView<Node>;
	browsing(id: string): Browsing | undefined;
	node(id: string): ConnectionNode | undefined;
	/** Lists of this connection have been read again and differ. */
	changed(connection: ConnectionNode): void;
}

export function createRefreshing({ services, view, browsing, node, changed }: RefreshingOptions): Refreshing {
	const { sessions } = services;
	const lifetime = new DisposableStore();
	/** Nodes that the user has opened: only their children are seen. */
	const opened = new Set<PeerNode>();
	/** Of each connection: the peer's own count of changes, since when it is open, and when it was asked last. */
	const known = new Map<string, { revision: number; since: number | undefined; at: number }>();
	const busy = new Set<string>();

	async function refresh(id: string): Promise<void> {
		const lists = browsing(id);
		const connection = node(id);
		const session = sessions.get(id);
		if (!lists || !connection || session?.status.state.kind !== 'open' || busy.has(id)) return;
		busy.add(id);
		try {
			lists.stale();
			const parents = [connection, ...[...opened].filter((one) => one.connection === connection)];
			if ((await lists.refresh(parents, session.engine())).length > 0) changed(connection);
		} catch (error) {
			services.log.warn(`Browsing: ${services.log.failure(error).message}`);
		} finally {
			busy.delete(id);
		}
	}

	lifetime.add(
		view.onDidExpandElement(({ element }) => {
			if (element.kind !== 'node') return;
			element.opened = true;
			opened.add(element);
		}),
	);
	lifetime.add(
		view.onDidCollapseElement(({ element }) => {
			if (element.kind !== 'node') return;
			element.opened = false;
			opened.delete(element);
		}),
	);

	function look(): void {
		if (!view.visible) return;
		for (const { id, protocol, status } of sessions.all) {
			const every = describe(protocol)?.browse?.refreshMs;
			const since = status.state.kind === 'open' ? status.state.since : undefined;
			const before = known.get(id);
			const due = every !== undefined && before !== undefined && Date.now() - before.at >= every;
			const told = before?.revision !== status.browse || before.since !== since;
			// One that is being asked already is looked at again by the next tick.
			if (busy.has(id) || (!due && !told)) continue;
			known.set(id, { revision: status.browse, since, at: Date.now() });
			if (since !== undefined && before) void refresh(id);
		}
	}

	const timer = setInterval(look, tick);
	lifetime.add({ dispose: () => clearInterval(timer) });
	return {
		refresh(id) {
			const before = known.get(id);
			if (before) before.at = Date.now();
			void refresh(id);
		},
		dispose: () => lifetime.dispose(),
	};
}
