/** An editor with one open document that records what is read through it, and what the host registers with it. */
export interface ReadingEditor {
	/** To be handed to `loadHost`. */
	vscode: object;
	document: object;
	/** Everything that was read or listed, by its path or pattern. */
	readonly read: string[];
	/** Providers by the name of the function that registered them. */
	readonly providers: Map<string, Record<string, (...args: unknown[]) => unknown>>;
	/** What diagnostics, status bar items and test items show. */
	readonly shown: string[];
	grantTrust(): void;
}

class Uri {
	readonly scheme = 'file';
	readonly authority = '';
	constructor(readonly path: string) {}
	static file = (path: string) => new Uri(path);
	static joinPath({ path }: Uri, ...parts: string[]) {
		return new Uri(new URL([path, ...parts].join('/'), 'file:///').pathname.replace(/\/$/, ''));
	}
	get fsPath() {
		return this.path;
	}
	with({ path }: { path: string }) {
		return new Uri(path);
	}
	toString() {
		return `file://${this.path}`;
	}
}

class MarkdownString {
	value = '';
	appendText(text: string) {
		this.value += text;
	}
}

const classes = [
	...['Position', 'Range', 'Location', 'ThemeColor', 'ThemeIcon', 'Hover', 'CodeLens', 'CodeAction', 'Diagnostic'],
	...[
		'CompletionItem',
		'CompletionList',
		'DocumentLink',
		'DocumentSymbol',
		'FoldingRange',
		'TextEdit',
		'WorkspaceEdit',
	],
];

class Generic {
	readonly parts: unknown[];
	constructor(...parts: unknown[]) {
		this.parts = parts;
	}
}

/** `files`: the workspace by absolute path, below /project. */
export function readingEditor(text: string, files: Record<string, string>, trusted: boolean): ReadingEditor {
	const read: string[] = [];
	const shown: string[] = [];
	const providers: ReadingEditor['providers'] = new Map();
	const onTrust: (() => void)[] = [];
	const nothing = { dispose() {} };
	const event = () => nothing;
	const folder = { uri: new Uri('/project'), name: 'work' };
	const lines = text.split('\n');
	const document = {
		uri: new Uri('/project/a.messages'),
		languageId: 'messages',
		version: 1,
		isClosed: false,
		getText: () => text,
		offsetAt: (offset: number) => offset,
		positionAt: (offset: number) => ({ offset, line: text.slice(0, offset).split('\n').length - 1, character: 0 }),
		lineAt: (line: number) => ({ text: lines[line] }),
	};
	const reading = (path: string) => {
		read.push(path);
		const found = files[path];
		return found === undefined ? Promise.reject(new Error('not found')) : Promise.resolve(Buffer.from(found));
	};
	const known = {
		Uri,
		MarkdownString,
		EventEmitter: class {
			event = event;
			fire() {}
			dispose() {}
		},
		FileSystemError: class extends Error {},
		FileType: { Directory: 2 },
		DocumentDropOrPasteEditKind: { Text: { append: () => ({}) } },
		CodeActionKind: {},
		CompletionItemKind: {},
		DecorationRangeBehavior: {},
		DiagnosticSeverity: {},
		StatusBarAlignment: {},
		SymbolKind: {},
		commands: { executeCommand: async () => {} },
		languages: new Proxy(
			{
				createDiagnosticCollection: () => ({
					...nothing,
					set: (_: unknown, list: { parts: unknown[] }[]) => shown.push(...list.map(({ parts }) => String(parts[1]))),
				}),
				getDiagnostics: () => [],
			} as object,
			{
				get: (own, name: string) =>
					Reflect.get(own, name) ??
					((_: unknown, provider: Record<string, () => unknown>) => {
						providers.set(name, provider);
						return nothing;
					}),
			},
		),
		window: {
			activeTextEditor: { document },
			visibleTextEditors: [],
			createStatusBarItem: () => ({
				...nothing,
				hide() {},
				show() {
					shown.push(String(Reflect.get(this, 'text')));
				},
			}),
			createTextEditorDecorationType: () => nothing,
			onDidChangeActiveTextEditor: event,
			onDidChangeVisibleTextEditors: event,
		},
		workspace: {
			isTrusted: trusted,
			workspaceFolders: [folder],
			textDocuments: [document],
			getWorkspaceFolder: () => folder,
			asRelativePath: String,
			getConfiguration: () => ({ get() {} }),
			findFiles: async (pattern: string) => {
				read.push(pattern);
				return [new Uri('/project/b.messages')];
			},
			fs: {
				readFile: ({ path }: Uri) => reading(path),
				stat: ({ path }: Uri) => reading(path),
				readDirectory: async ({ path }: Uri) => {
					read.push(path);
					return [['listed.bin', 1]];
				},
			},
			createFileSystemWatcher: () => ({ ...nothing, onDidChange: event, onDidCreate: event, onDidDelete: event }),
			onDidGrantWorkspaceTrust(listener: () => void) {
				onTrust.push(listener);
				return nothing;
			},
			onDidChangeTextDocument: event,
			onDidCloseTextDocument: event,
			onDidOpenTextDocument: event,
			onDidSaveTextDocument: event,
			onDidRenameFiles: event,
		},
	};
	return {
		vscode: { ...Object.fromEntries(classes.map((name) => [name, Generic])), ...known },
		document,
		read,
		shown,
		providers,
		grantTrust() {
			known.workspace.isTrusted = true;
			for (const listener of onTrust) listener();
		},
	};
}
