import type { Failure } from '../../../src/base/failure';
import type { Rule, RuleState, RuleStats } from '../../../src/files/rules/rule';
import type { StartRequest } from '../../../src/host/message-files/rules/registry';
import { loadHost } from './load-host';
import type * as Host from './rules';

interface Shown {
	range: number[];
	message: string;
	severity: number;
}

class Uri {
	readonly scheme = 'file';
	constructor(readonly path: string) {}
	static parse = (text: string) => new Uri(text.replace('file://', ''));
	with = ({ path }: { path: string }) => new Uri(path);
	toString = () => `file://${this.path}`;
}

/** An editor with documents that the test edits, and what the rules show in it. */
export async function rulesEditor(files: Record<string, string> = {}) {
	const listeners = new Map<string, Set<(value: unknown) => void>>();
	const on = (name: string) => (listener: (value: unknown) => void) => {
		const own = listeners.get(name) ?? new Set();
		listeners.set(name, own.add(listener));
		return { dispose: () => own.delete(listener) };
	};
	const emit = (name: string, value: unknown) => {
		for (const listener of [...(listeners.get(name) ?? [])]) listener(value);
	};
	const problems = new Map<string, Shown[]>();
	const read: string[] = [];
	const questions: { text: string; detail?: string }[] = [];
	const answers: string[] = [];
	const nothing = { dispose() {} };
	class Generic {
		constructor(readonly id?: string) {}
	}
	const vscode = {
		Uri,
		Range: class {
			readonly at: number[];
			constructor(...at: number[]) {
				this.at = at;
			}
		},
		Diagnostic: class {
			readonly range: number[];
			constructor(
				range: { at: number[] },
				readonly message: string,
				readonly severity: number,
			) {
				this.range = range.at;
			}
		},
		DiagnosticSeverity: { Error: 0, Warning: 1 },
		CodeActionKind: {},
		ThemeIcon: Object.assign(Generic, { File: new Generic('file') }),
		ThemeColor: Generic,
		MarkdownString: class {
			value = '';
			appendText(text: string) {
				this.value += text;
			}
		},
		TreeItem: class {
			constructor(
				readonly label: string,
				readonly collapsibleState = 0,
			) {}
		},
		TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
		languages: {
			createDiagnosticCollection: () => ({
				...nothing,
				set: (uri: Uri, list: Shown[]) => problems.set(uri.path, list),
				delete: (uri: Uri) => problems.delete(uri.path),
			}),
		},
		window: {
			async showWarningMessage(text: string, { detail }: { detail?: string }) {
				questions.push({ text, ...(detail !== undefined && { detail }) });
				return answers.shift();
			},
		},
		workspace: {
			isTrusted: true,
			textDocuments: [] as object[],
			asRelativePath: (uri: Uri) => uri.path.slice(1),
			onDidChangeTextDocument: on('change'),
			onDidOpenTextDocument: on('open'),
			onDidCloseTextDocument: on('close'),
			onDidGrantWorkspaceTrust: on('trust'),
			createFileSystemWatcher: () => ({
				...nothing,
				onDidCreate: on('created'),
				onDidChange: on('changed'),
				onDidDelete: on('deleted'),
			}),
			findFiles: async () => Object.keys(files).map((path) => new Uri(path)),
			fs: {
				stat: async ({ path }: Uri) => ({ size: files[path]?.length ?? 0 }),
				readFile: async ({ path }: Uri) => {
					read.push(path);
					return Buffer.from(files[path] ?? '');
				},
			},
		},
	};
	const host = await loadHost<typeof Host>('test/support/host/rules.ts', vscode);

	return {
		host,
		vscode,
		files,
		emit,
		read,
		questions,
		answers,
		/** "line: message" of each problem of a file. Lines from 1. */
		problems: (path: string) =>
			(problems.get(path) ?? []).map(
				({ range: [line = 0], message, severity }) => `${severity === 0 ? 'error' : 'warning'} ${line + 1}: ${message}`,
			),
		uri: (path: string) => new Uri(path),
		/** Opens a document; `edit` changes its text. */
		open(path: string, text: string) {
			let now = text;
			let version = 1;
			const document = {
				uri: new Uri(path),
				languageId: 'messages',
				isClosed: false,
				get version() {
					return version;
				},
				getText: () => now,
			};
			vscode.workspace.textDocuments.push(document);
			emit('open', document);
			return {
				document: document as never,
				section: (at: number) =>
					host.parsed(document as never).sections.filter(({ request }) => request)[at] as StartRequest['section'],
				edit(next: string) {
					now = next;
					version++;
					emit('change', { document });
				},
				close() {
					const list = vscode.workspace.textDocuments;
					list.splice(list.indexOf(document), 1);
					emit('close', document);
				},
			};
		},
	};
}

export const noStats: RuleStats = {
	...{ received: 0, rate: 0, done: 0, unmet: 0, failed: 0, looped: 0, dropped: 0, inFlight: 0 },
	violations: [],
};

/** Rules whose course the test decides, in the order of their start. */
export function fakeRules() {
	const started: {
		stats: Partial<RuleStats>;
		state: RuleState;
		end(failure?: Failure): void;
		request: StartRequest;
	}[] = [];
	const control: { failing?: unknown; waiting?: Promise<void> } = {};
	return {
		started,
		control,
		async begin(request: StartRequest) {
			await control.waiting;
			if (control.failing) throw control.failing;
			let end: (failure?: Failure) => void = () => {};
			const ended = new Promise<Failure | undefined>((resolve) => {
				end = resolve;
			});
			const self = { stats: {} as Partial<RuleStats>, state: 'running' as RuleState, end, request };
			started.push(self);
			const rule = {
				section: request.section,
				name: 'rule',
				state: () => self.state,
				stats: () => ({ ...noStats, ...self.stats }),
				ended,
				holding: () => undefined,
				deadLetters: () => undefined,
				stop: async () => end(),
			};
			return { rule: rule as unknown as Rule, hidden: new Set(['s3cret']) };
		},
	};
}
