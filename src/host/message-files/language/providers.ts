import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../base/disposable';
import { toFailure } from '../../../base/failure';
import { format } from '../../../files/language/format';
import { hover } from '../../../files/language/hover';
import { folding, links, type Symbol as OutlineSymbol, symbols } from '../../../files/language/outline';
import { definition, rename, renameAt } from '../../../files/language/references';
import type { Services } from '../../services';
import { isTrusted } from '../../trust';
import { plainMarkdown } from '../../ui/markdown';
import { visibleText } from '../../ui/visible-text';
import { resolvePath } from '../body-files';
import { contextOf } from '../context';
import { languageId } from '../document';
import { type Environments, folderOf } from '../environments/environments';
import { parsed, rangeIn } from '../parsed';
import type { Targets } from '../targets';
import { registerCompletion } from './completion';

/** The features of the language: each passes the parsed file to a pure function and its result to the editor. */
export function createLanguage(services: Services, environments: Environments, targets: Targets): Disposable {
	const lifetime = new DisposableStore();
	const selector = { language: languageId };
	const { languages } = vscode;
	lifetime.add(registerCompletion(services, environments, targets));
	lifetime.add(
		languages.registerHoverProvider(selector, {
			async provideHover(document, position) {
				const file = parsed(document);
				const { scope, check } = await contextOf(document, file, environments, targets);
				const found = hover(file, document.offsetAt(position), scope, check.describe);
				// The editor already shows the problem in its hover.
				const marks = languages.getDiagnostics(document.uri);
				if (
					!found ||
					marks.some(({ message, range }) => message === visibleText(found.text) && range.contains(position))
				)
					return undefined;
				return new vscode.Hover(plainMarkdown(found.text), rangeIn(document, found.range));
			},
		}),
	);
	lifetime.add(
		languages.registerDocumentSymbolProvider(selector, {
			provideDocumentSymbols: (document) => symbols(parsed(document)).map((symbol) => toSymbol(document, symbol)),
		}),
	);
	lifetime.add(
		languages.registerFoldingRangeProvider(selector, {
			provideFoldingRanges: (document) =>
				folding(parsed(document)).map(
					({ start, end }) => new vscode.FoldingRange(document.positionAt(start).line, document.positionAt(end).line),
				),
		}),
	);
	lifetime.add(
		languages.registerDocumentFormattingEditProvider(selector, {
			provideDocumentFormattingEdits: (document) =>
				format(parsed(document)).map(({ range, text }) => vscode.TextEdit.replace(rangeIn(document, range), text)),
		}),
	);
	lifetime.add(
		languages.registerDefinitionProvider(selector, {
			provideDefinition(document, position) {
				const found = definition(parsed(document), document.offsetAt(position));
				if (!found) return undefined;
				const target = rangeIn(document, found.to);
				return [{ originSelectionRange: rangeIn(document, found.from), targetUri: document.uri, targetRange: target }];
			},
		}),
	);
	lifetime.add(
		languages.registerRenameProvider(selector, {
			prepareRename(document, position) {
				const found = renameAt(parsed(document), document.offsetAt(position));
				if (!found) throw new Error('Only variables and names of requests in this file can be renamed.');
				return { range: rangeIn(document, found.range), placeholder: found.name };
			},
			provideRenameEdits(document, position, name) {
				try {
					const edit = new vscode.WorkspaceEdit();
					for (const { range, text } of rename(parsed(document), document.offsetAt(position), name))
						edit.replace(document.uri, rangeIn(document, range), text);
					return edit;
				} catch (error) {
					// The editor shows the message as a notification.
					throw new Error(visibleText(toFailure(error).message));
				}
			},
		}),
	);
	lifetime.add(
		languages.registerDocumentLinkProvider(selector, {
			provideDocumentLinks(document) {
				const folder = folderOf(document.uri);
				if (!folder || !isTrusted()) return [];
				return links(parsed(document)).map(
					({ range, path }) => new vscode.DocumentLink(rangeIn(document, range), resolvePath(folder, path)),
				);
			},
		}),
	);
	return lifetime;
}

const symbolKinds = {
	request: vscode.SymbolKind.Event,
	variable: vscode.SymbolKind.Variable,
	step: vscode.SymbolKind.Method,
};

function toSymbol(document: vscode.TextDocument, symbol: OutlineSymbol): vscode.DocumentSymbol {
	const { kind, name, detail, range, selection, children = [] } = symbol;
	const shown = new vscode.DocumentSymbol(
		visibleText(name) || '(no name)',
		visibleText(detail),
		symbolKinds[kind],
		rangeIn(document, range),
		rangeIn(document, selection),
	);
	shown.children = children.map((child) => toSymbol(document, child));
	return shown;
}
