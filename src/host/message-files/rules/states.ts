import type * as vscode from 'vscode';
import type { Event } from '../../../base/event';
import type { MessageFile, Section } from '../../../files/syntax/ast';
import type { Sessions } from '../../connections/sessions';
import { visibleText } from '../../ui/visible-text';
import { parsed, sectionOf } from '../parsed';
import type { Targets } from '../targets';
import type { RuleLensState } from './lens-commands';
import { isChanged, matchRuns, usesOf } from './matching';
import type { RuleRuns } from './registry';
import { isActive, type RuleRun } from './rule-run';
import { troubles } from './words';

/** The states of rules by their place in a document. */
export interface RuleStates {
	readonly onChanged: Event<void>;
	readonly onFigures: Event<void>;
	stateOf(document: vscode.TextDocument, key: string): RuleLensState;
	/** The runs of a file of this URI. */
	matched(file: MessageFile, uri: string): ReadonlyMap<Section, RuleRun>;
	/** Whether any rule of the file is active. */
	running(uri: vscode.Uri): boolean;
	/** Names of the rule's connections that are lost and attempted again. */
	waitsFor(run: RuleRun): readonly string[];
	/** A text that changes with what the lenses of these files show. */
	appearance(uris: readonly string[]): string;
}

export function createRuleStates(runs: RuleRuns, targets: Targets, sessions: Pick<Sessions, 'get'>): RuleStates {
	const ofFile = (uri: string) => runs.all.filter((run) => run.uri.toString() === uri);
	const matches = new WeakMap<MessageFile, { all: readonly RuleRun[]; runs: Map<Section, RuleRun> }>();

	/** Once for each version of the text and each change of the list. */
	function matched(file: MessageFile, uri: string): Map<Section, RuleRun> {
		const cached = matches.get(file);
		if (cached?.all === runs.all) return cached.runs;
		const found = { all: runs.all, runs: matchRuns(file, ofFile(uri)) };
		matches.set(file, found);
		return found.runs;
	}

	function waitsFor({ state, file, section, uri }: RuleRun): string[] {
		if (state !== 'running') return [];
		const lost = usesOf(file, section).flatMap(({ connection }) => {
			const profile = targets.used(connection, uri)?.profile;
			// A rule opens a connection again whose attempts have ended.
			const isOpen = !profile || sessions.get(profile.id)?.status.state.kind === 'open';
			return isOpen ? [] : [visibleText(profile.name)];
		});
		return [...new Set(lost)];
	}

	return {
		onChanged: runs.onChanged,
		onFigures: runs.onFigures,
		stateOf(document, key) {
			const file = parsed(document);
			const section = sectionOf(file, key);
			const run = section && matched(file, document.uri.toString()).get(section);
			if (!section || !run) return { run: undefined, changed: false, waitsFor: [] };
			return { run, changed: isActive(run) && isChanged(file, section, run), waitsFor: waitsFor(run) };
		},
		matched,
		running: (uri) => ofFile(uri.toString()).some(isActive),
		waitsFor,
		appearance: (uris) =>
			uris
				.flatMap(ofFile)
				.map((run) => [run.uri, run.key, run.state, troubles(run) !== '', (run.stats?.failed ?? 0) > 0].join(' '))
				.join('\n'),
	};
}
