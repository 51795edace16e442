import * as vscode from 'vscode';
import { fail } from '../../base/failure';
import { connectionOf } from '../../files/run/connections/request-connection';
import type { RequestResult } from '../../files/run/results/result';
import { resultText } from '../../files/run/results/result-text';
import type { Section } from '../../files/syntax/ast';
import { optionOf } from '../../files/syntax/metadata';
import { connectProfile } from '../connections/connect';
import type { Panels } from '../panel/panel';
import type { Services } from '../services';
import type { FileCommands } from './command-names';
import { documentOf, keyOf, parsed, requestAt } from './parsed';
import { type Results, resultPlace } from './run/results';
import type { Runs } from './run/runs';
import type { Targets } from './targets';

type RequestCommands = Pick<
	FileCommands,
	'sendRequest' | 'sendAllRequests' | 'stopRequest' | 'showRequestResult' | 'chooseFileConnection'
>;

/** Commands that send and stop requests and show results, from a lens or for the request at the cursor. */
export function requestCommands(
	services: Services,
	panels: Panels,
	runs: Runs,
	targets: Targets,
	results: Results,
): RequestCommands {
	/** Asks for a connection if requests need one and none is chosen. Returns false if the user cancels. */
	async function ensureConnection(document: vscode.TextDocument, sections: readonly Section[]): Promise<boolean> {
		const file = parsed(document);
		const needs = sections.some((section) => connectionOf(file, section).kind === 'none');
		if (!needs || targets.chosen(document.uri)) return true;
		return (await targets.choose(document.uri)) !== undefined;
	}

	async function show(
		document: vscode.TextDocument,
		section: Section | undefined,
		result: RequestResult,
		hidden: ReadonlySet<string>,
		asked: boolean,
	): Promise<void> {
		const place = resultPlace(document.uri);
		const stored = section && targets.used(connectionOf(parsed(document), section), document.uri);
		const hasDocument = result.messages.length > 0 || result.simulation !== undefined;
		if (!asked && (place === 'never' || !hasDocument)) return;
		if (place !== 'panel' || !stored || result.simulation)
			return results.show(document.uri, resultText(result, hidden));
		panels.reveal(stored.profile, result.messages[0]?.target ?? '', false);
	}

	return {
		async sendRequest(uri, key) {
			const { document, section } = await requestAt(uri, key);
			const own = keyOf(parsed(document), section);
			if (runs.stateOf(document.uri, own)?.kind === 'running') return;
			if (!(await ensureConnection(document, [section]))) return;
			let hiddenValues: ReadonlySet<string> = new Set();
			const all = await runs.run({
				document,
				sections: [section],
				untilStopped: true,
				onResult(_, __, hidden) {
					hiddenValues = hidden;
				},
			});
			const result = all.at(-1);
			if (result) await show(document, section, result, hiddenValues, false);
		},
		async sendAllRequests(uri) {
			const document = await documentOf(uri);
			const file = parsed(document);
			const sections = file.sections.filter((section) => section.request && !optionOf(file, section, 'disabled'));
			if (await ensureConnection(document, sections)) await runs.run({ document, sections });
		},
		async stopRequest(uri, key) {
			if (typeof uri === 'string' && key === undefined) return runs.stop(vscode.Uri.parse(uri));
			const { document, section } = await requestAt(uri, key);
			runs.stop(document.uri, keyOf(parsed(document), section));
		},
		async showRequestResult(uri, key) {
			const { document, section } = await requestAt(uri, key);
			const state = runs.stateOf(document.uri, keyOf(parsed(document), section));
			if (state?.kind !== 'done') throw fail('no-result', 'This request has not been sent yet.');
			await show(document, section, state.result, state.hidden, true);
		},
		async chooseFileConnection(uri, name) {
			const document = await documentOf(uri);
			const named = typeof name === 'string' ? targets.find(name) : undefined;
			// A connection that the file names is opened; otherwise the user chooses one first.
			const stored = named ?? (typeof name === 'string' ? undefined : await chosenOf(document));
			if (stored) await connectProfile(services, stored.profile.id);
			else if (typeof name === 'string' && !name.includes('://'))
				await vscode.commands.executeCommand('messagingWorkbench.addConnection');
		},
	};

	async function chosenOf(document: vscode.TextDocument) {
		const now = targets.chosen(document.uri);
		const state = now && services.sessions.get(now.profile.id)?.status.state.kind;
		// The first click opens the connection that is shown. If it is open already, the user chooses another one.
		return now && state !== 'open' ? now : targets.choose(document.uri);
	}
}
