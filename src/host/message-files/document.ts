import type * as vscode from 'vscode';

export const languageId = 'messages';
/** The scheme of documents with results. They are highlighted like message files, but cannot be sent. */
export const resultScheme = 'messaging-workbench-result';

export function isMessageFile(document: vscode.TextDocument): boolean {
	return document.languageId === languageId && document.uri.scheme !== resultScheme;
}
