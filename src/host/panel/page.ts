import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Port } from '../../base/port';

/** The hash of an empty style element: the UI toolkit makes one and fills it with rules through the object model. */
const emptyStyle = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/** The folders a page may load from. */
export function pageRoots(extension: vscode.Uri): vscode.Uri[] {
	return [vscode.Uri.joinPath(extension, 'dist', 'webview'), vscode.Uri.joinPath(extension, 'media')];
}

/**
 * A page that loads one script and nothing else: no inline code, no connections, no images from elsewhere. What it
 * shows reaches it through the port only.
 */
export function pageHtml(
	webview: vscode.Webview,
	extension: vscode.Uri,
	name: 'panel' | 'form',
	title: string,
): string {
	const nonce = randomBytes(18).toString('base64');
	const file = (extensionOf: string) => vscode.Uri.joinPath(extension, 'dist', 'webview', `${name}.${extensionOf}`);
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
