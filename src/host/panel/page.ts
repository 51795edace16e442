import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Port } from '../../base/port';

/** Hash of an empty style element. The UI toolkit creates one and adds its rules through the object model. */
const emptyStyle = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/** The folders from which a page can load files. */
export function pageRoots(extension: vscode.Uri): vscode.Uri[] {
	return [vscode.Uri.joinPath(extension, 'dist', 'webview'), vscode.Uri.joinPath(extension, 'media')];
}

/**
 * HTML of a page. Its content security policy allows one script with this nonce and no inline code, no connections and
 * no remote images. Data reaches the page through its port only.
 */
export function pageHtml(
	webview: vscode.Webview,
	extension: vscode.Uri,
	name: 'panel' | 'form',
	title: string,
): string {
	const nonce = randomBytes(18).toString('base64');
	const file = (type: 'css' | 'js') => vscode.Uri.joinPath(extension, 'dist', 'webview', `${name}.${type}`);
	const source = webview.cspSource;
	const policy = [
		"default-src 'none'",
		`script-src 'nonce-${nonce}'`,
		`style-src ${source} '${emptyStyle}'`,
		`font-src ${source}`,
		`img-src ${source}`,
	].join('; ');
	const style = existsSync(file('css').fsPath)
		? `<link rel="stylesheet" href="${escaped(String(webview.asWebviewUri(file('css'))))}">`
		: '';
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${style}
<title>${escaped(title)}</title>
</head>
<body>
<mw-${name}></mw-${name}>
<script type="module" nonce="${nonce}" src="${escaped(String(webview.asWebviewUri(file('js'))))}"></script>
</body>
</html>`;
}

function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function pagePort(webview: vscode.Webview): Port {
	return {
		post: (message) => void webview.postMessage(message),
		onMessage: (listener) => webview.onDidReceiveMessage(listener),
	};
}
