import { css, html, nothing, type TemplateResult } from 'lit';
import { clock, count, visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { toolButton } from '../../controls/tool-button';
import type { PinnedField } from './chart-state';
import { sampleStyle } from './colors';
import type { Points } from './points';
import { nearest, precise, short, statistics } from './statistics';

export const legendStyles = css`
	.legend { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(240px, 100%), 1fr)); gap: 2px 16px; margin: 0; padding: 0 8px 6px; list-style: none; }
	.target { padding: 0 8px 2px; color: var(--dim); overflow-wrap: anywhere; }
	.field { display: grid; grid-template-columns: 18px minmax(0, 1fr) auto; gap: 0 6px; align-items: start; line-height: 1.4; }
	.sample { margin-top: 0.65em; border-top: 3px solid; }
	.name { overflow-wrap: anywhere; }
	.path { font-weight: 600; }
	.values { grid-column: 2 / -1; display: flex; flex-wrap: wrap; gap: 0 12px; color: var(--dim); font-variant-numeric: tabular-nums; }
	.values b { color: var(--vscode-foreground); font-weight: 600; }
	.field .tool { margin: -2px -3px 0 0; }
`;

/** "temp", or "payload" for a payload that is itself a number. */
export const pathLabel = (path: string): string => (path === '' ? 'payload' : visible(path));

/** A field in words. Sent messages are marked, since a chart may have both directions of a target. */
export function fieldLabel({ path, target, way }: Pick<PinnedField, 'path' | 'target' | 'way'>): string {
	return `${pathLabel(path)} ${targetLabel({ target, way })}`;
}

/** The values of a field at a time, or its latest, lowest and highest. */
function values(points: Points | undefined, time: number | undefined): TemplateResult | string {
	const numbers = points && statistics(points);
	if (!points) return 'Loading…';
	if (!numbers) return 'No numbers in the log';
	const { latest, lowest, highest } = numbers;
	const at = time === undefined ? undefined : nearest(points.times, time);
	if (at !== undefined) {
		const value = points.values[at] as number;
		const own = points.times[at] as number;
		return html`<b>${precise(value)}</b>${own === time ? nothing : html`<span>at ${clock(own)}</span>`}`;
	}
	const first = numbers.count === 1 ? html`<span>1 point – the line starts with the next message</span>` : nothing;
	if (numbers.count === 1) return html`<b title=${latest}>${short(latest)}</b>${first}`;
	return html`<b title=${`Latest: ${latest}`}>${short(latest)}</b><span title=${`Lowest: ${lowest}`}>min ${short(lowest)}</span>
		<span title=${`Highest: ${highest}`}>max ${short(highest)}</span>`;
}

export interface LegendLine {
	field: PinnedField;
	points: Points | undefined;
}

const targetLabel = ({ target, way }: Pick<PinnedField, 'target' | 'way'>): string =>
	`${visible(target)}${way === 'out' ? ' (sent)' : ''}`;

/** The fields of a chart with their values; a target that they share is named once. `time`: shows the values at this time instead of the latest. */
export function legend(
	lines: readonly LegendLine[],
	time: number | undefined,
	remove: (field: PinnedField) => void,
): TemplateResult {
	const targets = new Set(lines.map(({ field }) => targetLabel(field)));
	const common = targets.size === 1 && lines.length > 1 ? [...targets] : [];
	const item = ({ field, points }: LegendLine) => html`<li class="field">
		<span class="sample" ${place(sampleStyle(field.color))}></span>
		<span class="name"><span class="path">${pathLabel(field.path)}</span> ${
			common.length > 0 ? nothing : html`<span class="dim">${targetLabel(field)}</span>`
		}</span>
		${toolButton('close', `Remove ${fieldLabel(field)} from the chart`, () => remove(field))}
		<span class="values">${values(points, time)}${points?.cut ? html`<span>${points.cut}</span>` : nothing}</span></li>`;
	return html`${common.map((target) => html`<div class="target">${target}</div>`)}<ul class="legend">${lines.map(item)}</ul>`;
}

/** A line in words: "temp a/b: latest 21.5, lowest 20, highest 22, 14 points". */
export function lineSummary(name: string, points: Points | undefined): string {
	const numbers = points && statistics(points);
	if (!numbers) return `${name}: no numbers`;
	const { latest, lowest, highest } = numbers;
	return `${name}: latest ${short(latest)}, lowest ${short(lowest)}, highest ${short(highest)}, ${count(numbers.count, 'point', 'points')}`;
}
