import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { toHtml } from '../../compare/report/html';
import { toMarkdown } from '../../compare/report/markdown';
import type { Report } from '../../compare/report/types';

const nonce = () => randomBytes(18).toString('base64');

export interface ReportTabs {
	/** Shows a report in a tab of its own. The page runs no script and loads nothing. */
	show(report: Report): void;
	/** The report of the tab that is in front. */
	active(): Report | undefined;
}

export function createReportTabs(extension: vscode.Uri): ReportTabs {
	const open = new Map<vscode.WebviewPanel, Report>();
	return {
		show(report) {
			const title = 'Comparison of Connections';
			const panel = vscode.window.createWebviewPanel('messagingWorkbench.comparison', title, vscode.ViewColumn.Active, {
				enableScripts: false,
				enableFindWidget: true,
				localResourceRoots: [],
			});
			panel.iconPath = vscode.Uri.joinPath(extension, 'media', 'panel.svg');
			panel.webview.html = toHtml(report, nonce());
			open.set(panel, report);
			panel.onDidDispose(() => open.delete(panel));
		},
		active: () => [...open].find(([panel]) => panel.active)?.[1],
	};
}

/** Asks for a file and writes the report in the format of its ending. */
export async function saveReport(report: Report): Promise<void> {
	const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
	const uri = await vscode.window.showSaveDialog({
		filters: { HTML: ['html'], Markdown: ['md'], JSON: ['json'] },
		...(folder && { defaultUri: vscode.Uri.joinPath(folder, 'comparison.html') }),
	});
	if (!uri) return;
	const text = /\.json$/i.test(uri.path)
		? `${JSON.stringify(report, undefined, '\t')}\n`
		: /\.md$/i.test(uri.path)
			? toMarkdown(report)
			: toHtml(report, nonce());
	await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
}
