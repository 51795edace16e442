import * as vscode from 'vscode';
import { Coalescer } from '../../../base/coalesce';
import { type Disposable, DisposableStore } from '../../../base/disposable';
import type { RequestResult } from '../../../files/run/results/result';
import { countOf, summary } from '../../../files/run/results/summary';
import { isRule } from '../../../files/syntax/names';
import { redact } from '../../../model/text/redact';
import { visibleText } from '../../ui/visible-text';
import { isMessageFile } from '../document';
import { keyOf, parsed, textOf } from '../parsed';
import { ruleNotes } from '../rules/lens-commands';
import type { RuleStates } from '../rules/states';
import type { Runs } from '../run/runs';

/** Longest text behind a line, in UTF-16 units. */
const maxLength = 300;

type Tone = 'running' | 'good' | 'bad' | 'quiet';

const marks: Record<Tone, string> = { running: '⟳', good: '✓', bad: '✗', quiet: '–' };
const colors: Record<Tone, string> = {
	running: 'editorCodeLens.foreground',
	// The green of the editor that is readable on white.
	good: 'charts.green',
	bad: 'testing.iconFailed',
	quiet: 'editorCodeLens.foreground',
};

/** Shows the result of a request behind its first line, and failed expectations behind theirs. */
export function createDecorations(runs: Runs, rules: RuleStates): Disposable {
	const lifetime = new DisposableStore();
	const types = Object.fromEntries(
		(Object.keys(marks) as Tone[]).map((tone) => [
			tone,
			lifetime.add(
				vscode.window.createTextEditorDecorationType({
					rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
					after: { margin: '0 0 0 2em', color: new vscode.ThemeColor(colors[tone]) },
				}),
			),
		]),
	) as Record<Tone, vscode.TextEditorDecorationType>;

	function draw(editor: vscode.TextEditor): void {
		const { document } = editor;
		const found: Record<Tone, vscode.DecorationOptions[]> = { running: [], good: [], bad: [], quiet: [] };
		const add = (tone: Tone, offset: number, text: string) => {
			const { range } = document.lineAt(document.positionAt(offset));
			found[tone].push({
				range: new vscode.Range(range.end, range.end),
				renderOptions: {
					after: { contentText: `${marks[tone]} ${visibleText(text.replace(/\s+/g, ' '), maxLength)}` },
				},
			});
		};
		const file = parsed(document);
		for (const section of file.sections) {
			const { request } = section;
			if (request && isRule(section)) {
				for (const { tone, offset, text } of ruleNotes(rules.stateOf(document, keyOf(file, section)), request))
					add(tone, offset, text);
				continue;
			}
			const state = request && runs.stateOf(document.uri, keyOf(file, section));
			if (!request || !state) continue;
			if (state.kind === 'running') {
				const count = state.messages > 0 ? countOf(state.messages, 'message') : 'running';
				add('running', request.start, state.progress ?? count);
				continue;
			}
			const { result, hidden, asTest } = state;
			const same = state.text === textOf(file, section);
			const tone = toneOf(result);
			add(same ? tone : 'quiet', request.start, redact(summary(result), hidden) + (same ? '' : ' · edited since'));
			if (!same) continue;
			// The text is unchanged, so that places within it are valid.
			const moved = request.start - result.range.start;
			for (const one of result.assertions) {
				if (one.ending === 'passed' || (one.ending === 'failed' && asTest)) continue;
				const verdict = one.ending === 'not-run' ? 'was not checked' : `expected ${one.expected}, got ${one.actual}`;
				add('bad', one.range.start + moved, redact(verdict, hidden));
			}
		}
		for (const tone of Object.keys(types) as Tone[]) editor.setDecorations(types[tone], found[tone]);
	}

	const all = lifetime.add(
		new Coalescer(100, () => {
			for (const editor of vscode.window.visibleTextEditors) if (isMessageFile(editor.document)) draw(editor);
		}),
	);
	lifetime.add(runs.onChanged(() => all.request()));
	for (const event of [rules.onChanged, rules.onFigures]) lifetime.add(event(() => all.request()));
	lifetime.add(vscode.window.onDidChangeVisibleTextEditors(() => all.request()));
	let typing: ReturnType<typeof setTimeout> | undefined;
	lifetime.add(
		vscode.workspace.onDidChangeTextDocument(({ document }) => {
			if (!isMessageFile(document)) return;
			clearTimeout(typing);
			typing = setTimeout(() => all.request(), 300);
		}),
	);
	lifetime.add({ dispose: () => clearTimeout(typing) });
	return lifetime;
}

function toneOf({ ending }: RequestResult): Tone {
	return ending === 'passed' ? 'good' : ending === 'stopped' ? 'quiet' : 'bad';
}
