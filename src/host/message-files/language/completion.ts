import * as vscode from 'vscode';
import { type Completion, completions } from '../../../files/language/completions';
import { connectionOf } from '../../../files/run/connections/request-connection';
import type { MessageFile, Section } from '../../../files/syntax/ast';
import type { Services } from '../../services';
import { readFolder } from '../../trust';
import { visibleText } from '../../ui/visible-text';
import { contextOf } from '../context';
import { isMessageFile, languageId } from '../document';
import { type Environments, folderOf } from '../environments/environments';
import { parsed, rangeIn } from '../parsed';
import type { Targets } from '../targets';

const maxTargets = 200;

/** External input of a completion: targets of the connection, files of the folder. */
interface Wanted {
	targets?: { section: Section; start: string };
	files?: string;
}

/** Completion in message files, with live targets of an open connection. */
export function registerCompletion(services: Services, environments: Environments, targets: Targets) {
	return vscode.languages.registerCompletionItemProvider(
		{ language: languageId },
		{
			async provideCompletionItems(document, position) {
				if (!isMessageFile(document)) return [];
				const file = parsed(document);
				const offset = document.offsetAt(position);
				const { check, fileEnvironment } = await contextOf(document, file, environments, targets);
				const wanted: Wanted = {};
				const ask = (live: readonly string[], files: readonly string[]) =>
					completions(file, offset, {
						describe: check.describe,
						environment: fileEnvironment.environment,
						connections: targets.names(),
						targets(section, start) {
							wanted.targets = { section, start };
							return live;
						},
						files(start) {
							wanted.files = start;
							return files;
						},
					});
				let found = ask([], []);
				if (wanted.targets || wanted.files !== undefined) {
					const live = wanted.targets
						? await liveTargets(services, targets, document, file, wanted.targets.section, wanted.targets.start)
						: [];
					const files = wanted.files === undefined ? [] : await filesAt(document, wanted.files);
					found = ask(live, files);
				}
				return new vscode.CompletionList(
					found.map((one, at) => itemOf(document, one, at)),
					// Targets and files depend on the text that is typed next.
					wanted.targets !== undefined || wanted.files !== undefined,
				);
			},
		},
		'{',
		'@',
		':',
		' ',
		'/',
		'?',
		'$',
		'=',
		'<',
	);
}

async function liveTargets(
	{ sessions }: Services,
	targets: Targets,
	document: vscode.TextDocument,
	file: MessageFile,
	section: Section,
	start: string,
): Promise<readonly string[]> {
	const stored = targets.used(connectionOf(file, section), document.uri);
	const session = stored && sessions.get(stored.profile.id);
	if (session?.status.state.kind !== 'open') return [];
	try {
		return await session.engine().complete(start, maxTargets);
	} catch {
		return [];
	}
}

async function filesAt(document: vscode.TextDocument, start: string): Promise<string[]> {
	const folder = folderOf(document.uri);
	if (!folder) return [];
	const slash = start.lastIndexOf('/') + 1;
	const path = start.slice(0, slash);
	try {
		const at = vscode.Uri.joinPath(folder, path);
		if (!vscode.workspace.getWorkspaceFolder(at)) return [];
		const entries = await readFolder(at);
		return entries
			.filter(([name]) => !name.startsWith('.'))
			.map(([name, type]) => `${path === '' ? './' : path}${name}${type & vscode.FileType.Directory ? '/' : ''}`);
	} catch {
		return [];
	}
}

const kinds: Record<Completion['kind'], keyof typeof vscode.CompletionItemKind> = {
	verb: 'Keyword',
	header: 'Property',
	value: 'Value',
	variable: 'Variable',
	metadata: 'Keyword',
	connection: 'Module',
	target: 'Reference',
	operator: 'Operator',
	step: 'Snippet',
	file: 'File',
};

function itemOf(document: vscode.TextDocument, one: Completion, at: number): vscode.CompletionItem {
	const item = new vscode.CompletionItem({ label: visibleText(one.label) }, vscode.CompletionItemKind[kinds[one.kind]]);
	item.detail = one.detail && visibleText(one.detail);
	item.insertText = one.text;
	item.range = rangeIn(document, one.range);
	item.filterText = one.text;
	item.sortText = String(at).padStart(5, '0');
	// Suggests the values of a header as soon as its name is inserted.
	if (one.kind === 'header' || one.kind === 'verb')
		item.command = { title: '', command: 'editor.action.triggerSuggest' };
	return item;
}
