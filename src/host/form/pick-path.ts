import * as vscode from 'vscode';
import { visibleText } from '../ui/visible-text';

/** A path inside the workspace starts with `${workspaceFolder}/`, so that the settings are valid on other machines. */
export async function pickPath(title: string, folder: vscode.WorkspaceFolder | undefined): Promise<string | undefined> {
	const root = folder ?? vscode.workspace.workspaceFolders?.[0];
	const [uri] =
		(await vscode.window.showOpenDialog({
			title: visibleText(title, 100),
			...(root ? { defaultUri: root.uri } : {}),
		})) ?? [];
	if (!uri) return undefined;
	const path = uri.fsPath;
	const inside = root && `${root.uri.fsPath}/`;
	return inside && path.startsWith(inside) ? `\${workspaceFolder}/${path.slice(inside.length)}` : path;
}
