import type * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { describe } from '../../protocols/descriptions';
import type { Services } from '../services';
import type { Browsing } from './browsing';
import type { ConnectionNode, Node, PeerNode } from './nodes';

/** Interval between checks for lists that are due, in milliseconds. */
const checkInterval = 1000;

/**
 * Keeps the visible resources of peers up to date: after a change notification of the adapter, after the interval of the
 * protocol, and on request.
 */
export interface Refreshing extends Disposable {
	refresh(id: string): void;
}

export interface RefreshingOptions {
	services: Services;
	view: vscode.TreeView<Node>;
	branch(id: string): { node: ConnectionNode; browsing: Browsing } | undefined;
	/** Called after lists of this connection were read again and differ. */
	changed(connection: ConnectionNode): void;
}

export function createRefreshing({ services, view, branch, changed }: RefreshingOptions): Refreshing {
	const { sessions } = services;
	const lifetime = new DisposableStore();
	/** Expanded nodes. Only their children are visible. */
	const opened = new Set<PeerNode>();
	/** For each connection: its number of changes, when it was opened, and when its lists were last read. */
	const checked = new Map<string, { revision: number; since: number | undefined; at: number }>();
	const busy = new Set<string>();

	async function refresh(id: string): Promise<void> {
		const session = sessions.get(id);
		const shown = branch(id);
		if (!shown || session?.status.state.kind !== 'open' || busy.has(id)) return;
		busy.add(id);
		try {
			const { node, browsing } = shown;
			browsing.stale();
			const parents = [node, ...[...opened].filter((peer) => peer.connection === node)];
			if ((await browsing.refresh(parents, session.engine())).length > 0) changed(node);
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

	function check(): void {
		if (!view.visible) return;
		for (const { id, protocol, status } of sessions.all) {
			const every = describe(protocol)?.browse?.refreshMs;
			const since = status.state.kind === 'open' ? status.state.since : undefined;
			const before = checked.get(id);
			const due = every !== undefined && before !== undefined && Date.now() - before.at >= every;
			const reported = before?.revision !== status.browse || before.since !== since;
			// A connection that is being read is checked again next time.
			if (busy.has(id) || (!due && !reported)) continue;
			checked.set(id, { revision: status.browse, since, at: Date.now() });
			if (since !== undefined && before) void refresh(id);
		}
	}

	const timer = setInterval(check, checkInterval);
	lifetime.add({ dispose: () => clearInterval(timer) });
	return {
		refresh(id) {
			const before = checked.get(id);
			if (before) before.at = Date.now();
			void refresh(id);
		},
		dispose: () => lifetime.dispose(),
	};
}
