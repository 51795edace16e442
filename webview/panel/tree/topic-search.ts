import { html, nothing, type TemplateResult } from 'lit';
import type { ProtocolDescription } from '../../../src/protocols/description';
import { count, number } from '../../base/words';
import { toolButton } from '../../controls/tool-button';

interface Search {
	describe: ProtocolDescription;
	filter: string;
	compact: boolean;
	onFind(event: Event): void;
	toggleCompact(): void;
	collapseAll(): void;
}

/** The box that filters the tree, and the buttons for its form. */
export function searchBar({ describe, filter, compact, ...search }: Search): TemplateResult {
	const label = `Find ${describe.words.targets}`;
	return html`<div class="bar"><input class="text" spellcheck="false" aria-label=${label} placeholder=${label}
		title=${describe.pattern?.help ?? nothing} aria-describedby="extent" .value=${filter} @input=${search.onFind}>
		${describe.separator === undefined ? nothing : compactButton(compact, search.toggleCompact)}
		${toolButton('collapse-all', 'Collapse all', search.collapseAll)}</div>`;
}

function compactButton(pressed: boolean, run: () => void): TemplateResult {
	const label = 'Compact levels';
	const title = `${label}: a level with a single one below it shares its row`;
	return toolButton('list-tree', label, run, { pressed, title });
}

/** "20,115 topics", or "10 of 20,115 topics" while the tree is filtered. */
export function extent({ words }: ProtocolDescription, topics: number, matches: number | undefined): TemplateResult {
	const all = count(topics, words.target, words.targets);
	return html`<div class="foot dim" id="extent">${matches === undefined ? all : `${number(matches)} of ${all}`}</div>`;
}

export function noTopics({ words }: ProtocolDescription, isFiltered: boolean): TemplateResult {
	const { target, targets, messages } = words;
	const text = isFiltered
		? `No ${target} matches.`
		: `The ${targets} of received and sent ${messages} are listed here.`;
	return html`<div class="none dim">${text}</div>`;
}
