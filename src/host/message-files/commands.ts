import * as vscode from 'vscode';
import { fail } from '../../base/failure';
import { connectionOf } from '../../files/run/connections/request-connection';
import type { RequestResult } from '../../files/run/results/result';
import { resultText } from '../../files/run/results/result-text';
import type { Section } from '../../files/syntax/ast';
import { optionOf } from '../../files/syntax/metadata';
import { isRule } from '../../files/syntax/names';
import { connectProfile } from '../connections/connect';
import type { Panels } from '../panel/panel';
import type { Services } from '../services';
import type { FileCommands } from './command-names';
import { documentOf, keyOf, parsed, requestAt } from './parsed';
import { rulesOf } from './rules/matching';
import type { Rules } from './rules/rules';
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
	rules: Rules,
): RequestCommands {
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
			if (isRule(section)) return rules.commands.startRule(document.uri, own);
			if (runs.stateOf(document.uri, own)?.kind === 'running') return;
			if (!(await targets.ensure(document.uri, parsed(document), [section]))) return;
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
			const requests = file.sections.filter((section) => section.request && !isRule(section));
			if (requests.length === 0 && rulesOf(file).length > 0) return rules.commands.startRulesInFile(document.uri);
			const sections = requests.filter((section) => !optionOf(file, section, 'disabled'));
			if (await targets.ensure(document.uri, file, sections)) await runs.run({ document, sections });
		},
		async stopRequest(uri, key) {
			if (typeof uri === 'string' && key === undefined) return runs.stop(vscode.Uri.parse(uri));
			const { document, section } = await requestAt(uri, key);
			if (isRule(section)) return rules.commands.stopRule(document.uri, keyOf(parsed(document), section));
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
