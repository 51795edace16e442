import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../base/disposable';
import { section } from '../../../model/contracts/settings';
import { languageId, resultScheme } from '../document';

/** Where results open automatically. */
export type ResultPlace = 'beside' | 'panel' | 'never';

export function resultPlace(uri: vscode.Uri): ResultPlace {
	const place = vscode.workspace.getConfiguration(section, uri).get<unknown>('files.showResults');
	return place === 'panel' || place === 'never' ? place : 'beside';
}

/** Results as read-only documents: one tab beside each file, with the result that was requested last. */
export interface Results extends Disposable {
	show(source: vscode.Uri, text: string): Promise<void>;
}

export function createResults(): Results {
	const lifetime = new DisposableStore();
	const texts = new Map<string, string>();
	const changed = lifetime.add(new vscode.EventEmitter<vscode.Uri>());
	lifetime.add(
		vscode.workspace.registerTextDocumentContentProvider(resultScheme, {
			onDidChange: changed.event,
			provideTextDocumentContent: (uri) =>
				texts.get(uri.toString()) ?? '# This result is no longer available. Send the request again.\n',
		}),
	);
	lifetime.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => void texts.delete(uri.toString())));
	return {
		async show(source, text) {
			const name = (source.path.split('/').pop() ?? 'file').replace(/\.messages$/, '');
			const uri = vscode.Uri.from({ scheme: resultScheme, path: `/${name} result`, query: source.toString() });
			texts.set(uri.toString(), text);
			changed.fire(uri);
			const document = await vscode.workspace.openTextDocument(uri);
			if (document.languageId !== languageId) await vscode.languages.setTextDocumentLanguage(document, languageId);
			await vscode.window.showTextDocument(document, {
				viewColumn: vscode.ViewColumn.Beside,
				preserveFocus: true,
				preview: true,
			});
		},
		dispose: () => lifetime.dispose(),
	};
}
