import { createRequire } from 'node:module';
import { createContext, Script } from 'node:vm';
import { build } from 'esbuild';

/** What an activation asked of the editor. */
export interface Activation {
	commands: string[];
	views: string[];
	serializers: string[];
	contextKeys: string[];
	/** Everything that was loaded with `require` while activating. */
	required: string[];
}

/** Bundles the extension and activates it on an editor that says yes to everything and does nothing. */
export async function activateOnStub(): Promise<Activation> {
	const { outputFiles } = await build({
		entryPoints: ['src/extension.ts'],
		bundle: true,
		write: false,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		external: ['vscode'],
		mainFields: ['module', 'main'],
		logLevel: 'error',
	});
	const seen: Activation = { commands: [], views: [], serializers: [], contextKeys: [], required: [] };
	const vscode = stub(seen);
	const require = createRequire(import.meta.url);
	const module = { exports: {} as { activate(context: unknown): void } };
	const context = createContext({
		...Object.fromEntries(Object.getOwnPropertyNames(globalThis).map((name) => [name, Reflect.get(globalThis, name)])),
		module,
		exports: module.exports,
		require: (name: string) => {
			seen.required.push(name);
			return name === 'vscode' ? vscode : require(name);
		},
	});
	new Script(outputFiles[0]?.text ?? '', { filename: 'extension.js' }).runInContext(context);
	const subscriptions: { dispose(): void }[] = [];
	module.exports.activate({
		subscriptions,
		extension: { id: 'publisher.name' },
		extensionUri: { fsPath: '/extension' },
		globalStorageUri: {},
		globalState: memento(),
		workspaceState: memento(),
		secrets: {},
	});
	await new Promise((resolve) => setTimeout(resolve, 50));
	for (const one of subscriptions.reverse()) one.dispose();
	return seen;
}

const memento = () => ({ get: (_: string, otherwise: unknown) => otherwise, update: async () => {} });

function stub(seen: Activation): unknown {
	const nothing = { dispose() {} };
	const on = () => nothing;
	class EventEmitter {
		event = on;
		fire() {}
		dispose() {}
	}
	class Anything {}
	return {
		EventEmitter,
		ThemeIcon: Anything,
		ThemeColor: Anything,
		FileSystemError: class extends Error {},
		Uri: { joinPath: () => ({ fsPath: '/file', toString: () => 'file' }) },
		TreeItemCollapsibleState: {},
		StatusBarAlignment: {},
		CodeActionKind: {},
		DecorationRangeBehavior: {},
		DiagnosticSeverity: {},
		DocumentDropOrPasteEditKind: { Text: { append: on } },
		TestRunProfileKind: {},
		commands: {
			registerCommand(name: string) {
				seen.commands.push(name);
				return nothing;
			},
			async executeCommand(name: string, key: string) {
				if (name === 'setContext') seen.contextKeys.push(key);
			},
		},
		languages: {
			createDiagnosticCollection: () => ({ ...nothing, clear() {}, set() {} }),
			registerCodeActionsProvider: on,
			registerCodeLensProvider: on,
			registerCompletionItemProvider: on,
			registerDefinitionProvider: on,
			registerDocumentFormattingEditProvider: on,
			registerDocumentLinkProvider: on,
			registerDocumentPasteEditProvider: on,
			registerDocumentSymbolProvider: on,
			registerFoldingRangeProvider: on,
			registerHoverProvider: on,
			registerRenameProvider: on,
		},
		tests: {
			createTestController: () => ({ ...nothing, items: new Map(), createRunProfile: () => nothing }),
		},
		window: {
			tabGroups: { all: [] },
			createOutputChannel: () => ({ ...nothing, info() {}, warn() {}, error() {} }),
			createStatusBarItem: () => ({ ...nothing, show() {}, hide() {} }),
			createTreeView(id: string) {
				seen.views.push(id);
				return {
					...nothing,
					visible: false,
					selection: [],
					onDidChangeVisibility: on,
					onDidExpandElement: on,
					onDidCollapseElement: on,
				};
			},
			createTextEditorDecorationType: () => nothing,
			onDidChangeActiveTextEditor: on,
			onDidChangeVisibleTextEditors: on,
			visibleTextEditors: [],
			registerFileDecorationProvider: on,
			registerCustomEditorProvider: on,
			registerWebviewPanelSerializer(type: string) {
				seen.serializers.push(type);
				return nothing;
			},
		},
		workspace: {
			isTrusted: true,
			textDocuments: [],
			getConfiguration: () => ({ get() {}, inspect() {} }),
			fs: { readFile: () => Promise.reject(new Error('no file')) },
			onDidChangeConfiguration: on,
			onDidChangeWorkspaceFolders: on,
			onDidGrantWorkspaceTrust: on,
			onDidSaveTextDocument: on,
			onDidChangeTextDocument: on,
			onDidCloseTextDocument: on,
			onDidOpenTextDocument: on,
			registerTextDocumentContentProvider: on,
			createFileSystemWatcher: () => ({ ...nothing, onDidChange: on, onDidCreate: on, onDidDelete: on }),
		},
	};
}
