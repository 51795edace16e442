import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Port } from '../../base/port';
import { type Checks, connect, type Rpc } from '../../base/rpc';
import type { Services } from '../services';
import { pagePolicy } from './policy';

/** Loads a page into a tab and connects it to the methods that it can call. */
export function attachPage<Ours extends object, Theirs extends object>(
	{ webview, title }: vscode.WebviewPanel,
	{ context: { extensionUri }, log }: Pick<Services, 'context' | 'log'>,
	name: 'panel' | 'form',
	api: Ours,
	checks: Checks<Ours>,
	events: readonly (keyof Theirs & string)[] = [],
): Rpc<Theirs> {
	const folders = [['dist', 'webview'], ['media']];
	const localResourceRoots = folders.map((path) => vscode.Uri.joinPath(extensionUri, ...path));
	webview.options = { enableScripts: true, localResourceRoots };
	const port: Port = {
		post: (message) => void webview.postMessage(message),
		onMessage: (listener) => webview.onDidReceiveMessage(listener),
	};
	const onDropped = (message: string) => log.warn(`The ${name} sent an unknown message: ${message}`);
	const rpc = connect<Ours, Theirs>(port, api, checks, { events, onDropped });
	webview.html = pageHtml(webview, extensionUri, name, title);
	return rpc;
}

/**
 * HTML of a page. Its content security policy allows one script with this nonce and no inline code, no connections and
 * no remote images. Data reaches the page through its port only.
 */
function pageHtml(webview: vscode.Webview, extension: vscode.Uri, name: string, title: string): string {
	const nonce = randomBytes(18).toString('base64');
	const file = (type: 'css' | 'js') => vscode.Uri.joinPath(extension, 'dist', 'webview', `${name}.${type}`);
	const style = existsSync(file('css').fsPath)
		? `<link rel="stylesheet" href="${escaped(String(webview.asWebviewUri(file('css'))))}">`
		: '';
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${pagePolicy(nonce, webview.cspSource)}">
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
