import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import { visibleText } from './visible-text';

export interface StatusItem extends Disposable {
	show(look: { icon: string; text: string; tooltip: string; warning?: boolean }): void;
	hide(): void;
}

/** An item of the status bar that runs a command of the extension. */
export function createStatusItem(
	id: string,
	name: string,
	command: string,
	...place: [alignment: vscode.StatusBarAlignment, priority: number]
): StatusItem {
	const item = vscode.window.createStatusBarItem(id, ...place);
	item.name = name;
	item.command = command;
	return {
		show({ icon, text, tooltip, warning }) {
			item.text = `$(${icon}) ${visibleText(text)}`;
			item.tooltip = visibleText(tooltip);
			item.accessibilityInformation = { label: item.tooltip };
			item.backgroundColor = warning ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
			item.show();
		},
		hide: () => item.hide(),
		dispose: () => item.dispose(),
	};
}

/** Shows a text in the status bar for three seconds. */
export const flash = (text: string) => void vscode.window.setStatusBarMessage(visibleText(text), 3000);
