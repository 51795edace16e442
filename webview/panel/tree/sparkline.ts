import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { maxSamples } from './rate-history';

const height = 12;

export const sparklineStyles = css`
	.spark { flex: none; width: 36px; height: 14px; fill: none; stroke: var(--vscode-charts-blue, currentColor); stroke-width: 1; }
	mw-virtual-list:focus .line.on .spark { stroke: currentColor; }
`;

/** A line of the latest samples, the newest at the right. Decorates a rate that is also given in words. */
export function sparkline(samples: readonly number[]): TemplateResult | typeof nothing {
	const largest = Math.max(...samples, 0);
	if (samples.length < 2 || largest === 0) return nothing;
	const first = maxSamples - samples.length;
	const points = samples.map((value, at) => `${first + at},${(height - (value / largest) * (height - 1)).toFixed(1)}`);
	const line = svg`<polyline points=${points.join(' ')} vector-effect="non-scaling-stroke"></polyline>`;
	return html`<svg class="spark" viewBox=${`0 0 ${maxSamples - 1} ${height + 1}`} preserveAspectRatio="none" aria-hidden="true">${line}</svg>`;
}
