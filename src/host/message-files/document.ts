import type * as vscode from 'vscode';

export const languageId = 'messages';
/** Documents that show results: highlighted like message files, but nothing in them is sent. */
export const resultScheme = 'messaging-workbench-result';

export function isMessageFile(document: vscode.TextDocument): boolean {
	return document.languageId === languageId && document.uri.scheme !== resultScheme;
}
