import * as vscode from 'vscode';
import { wellFormed } from '../../model/text/text';

const scheme = 'messaging-workbench-production';

/** What the row of a connection is called that is marked as production, so that it is colored. */
export const productionUri = (id: string): vscode.Uri => vscode.Uri.from({ scheme, path: `/${wellFormed(id)}` });

/** Colors such rows and gives them a letter, as the editor does with changed files; the icon keeps telling the state. */
export const productionColors: vscode.FileDecorationProvider = {
	provideFileDecoration(uri) {
		if (uri.scheme !== scheme) return undefined;
		const color = new vscode.ThemeColor('messagingWorkbench.productionForeground');
		return { badge: 'P', tooltip: 'Production: sending asks first', color };
	},
};
