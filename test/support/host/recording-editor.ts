/** A text that the editor was handed, and where. */
export interface Handed {
	sink: string;
	text: string;
}

/** An editor that writes down every text that it is handed, and takes the last button and the first choice. */
export function recordingEditor() {
	const handed: Handed[] = [];
	const executed: unknown[][] = [];
	const lensProviders: { provideCodeLenses(document: unknown): { command?: { title: string } }[] }[] = [];
	const nothing = { dispose() {} };
	const on = () => nothing;

	/** Every text in a value, by the names that lead to it; functions and what is ours alone are left out. */
	function write(sink: string, value: unknown): void {
		if (typeof value === 'string') handed.push({ sink, text: value });
		else if (value instanceof MarkdownString) handed.push({ sink: `${sink} as Markdown`, text: value.value });
		else if (typeof value === 'object' && value !== null)
			for (const [name, one] of Object.entries(value)) {
				if (
					!['choice', 'command', 'arguments', 'id', 'iconPath', 'contextValue', 'resourceUri', 'value'].includes(name)
				)
					write(`${sink}.${name}`, one);
			}
	}

	class MarkdownString {
		value = '';
		isTrusted = false;
		supportHtml = false;
		appendText(text: string) {
			this.value += text;
		}
	}
	class TreeItem {
		constructor(
			public label: string,
			public collapsibleState?: number,
		) {}
	}
	class EventEmitter {
		event = on;
		fire() {}
		dispose() {}
	}
	class Named {
		constructor(readonly id: string) {}
	}
	const message =
		(sink: string) =>
		async (...args: unknown[]) => {
			write(sink, args);
			const last = args.at(-1);
			return args.length > 1 && typeof last === 'string' ? last : undefined;
		};
	const vscode = {
		MarkdownString,
		TreeItem,
		EventEmitter,
		ThemeIcon: Object.assign(Named, { File: new Named('file') }),
		ThemeColor: Named,
		CodeLens: class {
			constructor(
				readonly range: unknown,
				readonly command?: { title: string },
			) {}
		},
		Range: class {},
		TestMessage: class {
			constructor(public message: string) {}
		},
		Uri: Object.assign(class {}, {
			// The editor throws at half of a surrogate pair when it hands a URI on.
			from: (parts: { path: string }) => ({ ...parts, text: encodeURIComponent(parts.path) }),
		}),
		TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
		StatusBarAlignment: { Left: 1, Right: 2 },
		ProgressLocation: { Notification: 15 },
		commands: {
			async executeCommand(...call: unknown[]) {
				executed.push(call);
			},
		},
		languages: {
			registerCodeLensProvider(_: unknown, provider: (typeof lensProviders)[0]) {
				lensProviders.push(provider);
				return nothing;
			},
		},
		workspace: {
			isTrusted: true,
			onDidGrantWorkspaceTrust: on,
			asRelativePath: (uri: { path: string }) => uri.path,
		},
		window: {
			visibleTextEditors: [],
			onDidChangeActiveTextEditor: on,
			showInformationMessage: message('information'),
			showWarningMessage: message('warning'),
			showErrorMessage: message('error'),
			async showQuickPick(items: object[], options: { canPickMany?: boolean }) {
				write('pick', [items, options]);
				return options.canPickMany ? items : items[0];
			},
			createQuickPick: () => ({ title: '', placeholder: '' }),
			async showInputBox({ validateInput, ...options }: { validateInput?(text: string): unknown }) {
				write('input', [options, validateInput?.('')]);
				return undefined;
			},
			async withProgress(options: object, work: (progress: object, token: object) => Promise<unknown>) {
				write('progress', options);
				return work({ report: (report: object) => write('progress', report) }, {});
			},
			createStatusBarItem: () => ({ ...nothing, show() {}, hide() {} }),
			setStatusBarMessage: (text: string) => write('status', text),
		},
	};
	return { vscode, handed, executed, lensProviders, write };
}
