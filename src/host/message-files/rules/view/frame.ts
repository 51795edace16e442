import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../../base/disposable';

const viewId = 'messagingWorkbench.rules';

const keys = ['hasRules', 'rulesRunning', 'rulesEnded'] as const;

/** The rows of the view, which come with the code of message files. */
export interface Rows<Row extends object> {
	item(row: Row): vscode.TreeItem;
	children(row: Row | undefined): Row[];
	parent(row: Row): Row | undefined;
}

/** The section "Rules" of the sidebar as it is at activation: absent, and without rows until it is filled. */
export interface RulesFrame extends Disposable {
	readonly visible: boolean;
	readonly onVisibility: vscode.Event<unknown>;
	/** Shows these rows. Returns the function that reports a changed row, or all of them. */
	fill<Row extends object>(rows: Rows<Row>): (row: Row | undefined) => void;
	/** Sets a context key, only if it changes, because VS Code evaluates its menus on each call. */
	context(name: (typeof keys)[number], value: boolean): void;
}

export function createRulesFrame(): RulesFrame {
	const lifetime = new DisposableStore();
	const changed = lifetime.add(new vscode.EventEmitter<object | undefined>());
	const contexts = new Map<string, boolean>();
	let filled: Rows<object> | undefined;
	const view = lifetime.add(
		vscode.window.createTreeView<object>(viewId, {
			treeDataProvider: {
				onDidChangeTreeData: changed.event,
				getTreeItem: (row) => (filled as Rows<object>).item(row),
				getChildren: (row) => filled?.children(row) ?? [],
				getParent: (row) => filled?.parent(row),
			},
			showCollapseAll: true,
		}),
	);
	const frame: RulesFrame = {
		get visible() {
			return view.visible;
		},
		onVisibility: view.onDidChangeVisibility,
		fill(rows) {
			filled = rows as unknown as Rows<object>;
			return (row) => changed.fire(row);
		},
		context(name, value) {
			if (contexts.get(name) === value) return;
			contexts.set(name, value);
			void vscode.commands.executeCommand('setContext', `messagingWorkbench.${name}`, value);
		},
		dispose: () => lifetime.dispose(),
	};
	for (const key of keys) frame.context(key, false);
	return frame;
}
