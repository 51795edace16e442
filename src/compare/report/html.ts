import { charts } from './chart';
import { htmlPage } from './html-page';
import { htmlText } from './html-text';
import { measured } from './markdown';
import { connections, figures, groups, guarantees, type Table } from './table';
import type { Report } from './types';
import { conditions, guaranteeWords, remarks, size } from './words';

/**
 * The report as one page that loads nothing and runs nothing. `nonce`: of its style, which the policy of the page allows; the
 * colours are those of the editor where it has any, else light or dark as the system is.
 */
export function toHtml(report: Report, nonce: string): string {
	const sections = groups(report).flatMap((cells) => {
		const [first] = cells;
		if (!first) return [];
		const notes = cells.flatMap((cell) =>
			remarks(cell).map(
				(remark) => `<li>${htmlText(report.subjects[cell.subject]?.name ?? '')}: ${htmlText(remark)}</li>`,
			),
		);
		const title = `${guaranteeWords[first.guarantee]}, ${size(first.size)}`;
		return [
			`<h3>${title}</h3>`,
			table(title, figures(report, cells)),
			notes.length > 0 ? `<ul>${notes.join('')}</ul>` : '',
		];
	});
	const body = `${report.stopped ? '<p class="warning">It was stopped before it was complete.</p>' : ''}
${charts(report)}
<h2>Figures</h2>
${sections.join('\n')}
<h2>Connecting</h2>
${table('Connecting', connections(report))}
<h2>What the protocols guarantee</h2>
${table('What the protocols guarantee', guarantees(report), 'words')}
<h2>What is measured</h2>
<ul>${measured(report)
		.map(([name, label, measures]) => `<li><b>${htmlText(name)}</b>, ${htmlText(label)}: ${htmlText(measures)}</li>`)
		.join('')}</ul>
${conditions(report)
	.map((text) => `<p>${htmlText(text)}</p>`)
	.join('\n')}`;
	return htmlPage({ title: 'Comparison of connections', style, nonce, body });
}

/** In a region of its own that the keyboard can scroll. `name`: of the region, for screen readers. */
function table(name: string, { head, rows }: Table, kind = 'numbers'): string {
	const titles = head.map((text) => `<th scope="col">${htmlText(text)}</th>`).join('');
	const lines = rows.map(
		([first = '', ...rest]) =>
			`<tr><th scope="row">${htmlText(first)}</th>${rest.map((text) => `<td>${htmlText(text)}</td>`).join('')}</tr>`,
	);
	return `<div class="scroll" role="region" aria-label="${htmlText(name)}" tabindex="0"><table class="${kind}"><thead><tr>${titles}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

const style = `
:root { color-scheme: light dark; --ink: #1f1f1f; --soft: #616161; --line: #d8d8d8; --back: #ffffff;
	--s0: #1a6fb5; --s1: #b5591a; --s2: #2f7d3b; --s3: #8a3fa0; --s4: #a8323e; --s5: #0f7c80; --s6: #7a6a00; --s7: #5a5ad0; --s8: #666666; }
@media (prefers-color-scheme: dark) { :root { --ink: #dddddd; --soft: #a0a0a0; --line: #434343; --back: #1f1f1f;
	--s0: #62aef0; --s1: #f0a062; --s2: #7cc98a; --s3: #d096e2; --s4: #f08892; --s5: #5cc9cd; --s6: #d3c25a; --s7: #a6a6f5; --s8: #b0b0b0; } }
.vscode-light { --s0: #1a6fb5; --s1: #b5591a; --s2: #2f7d3b; --s3: #8a3fa0; --s4: #a8323e; --s5: #0f7c80; --s6: #7a6a00; --s7: #5a5ad0; --s8: #666666; }
.vscode-dark, .vscode-high-contrast { --s0: #62aef0; --s1: #f0a062; --s2: #7cc98a; --s3: #d096e2; --s4: #f08892; --s5: #5cc9cd; --s6: #d3c25a; --s7: #a6a6f5; --s8: #b0b0b0; }
.vscode-high-contrast-light { --s0: #1a6fb5; --s1: #b5591a; --s2: #2f7d3b; --s3: #8a3fa0; --s4: #a8323e; --s5: #0f7c80; --s6: #7a6a00; --s7: #5a5ad0; --s8: #666666; }
body { margin: 0; padding: 0; color: var(--vscode-foreground, var(--ink)); background: var(--vscode-editor-background, var(--back));
	font: 14px/1.5 var(--vscode-font-family, system-ui, sans-serif); }
main { max-width: 1100px; margin: 0 auto; padding: 20px 24px 48px; }
h1 { font-size: 24px; font-weight: 600; margin: 0 0 16px; }
h2 { font-size: 18px; font-weight: 600; margin: 36px 0 8px; }
h3 { font-size: 14px; font-weight: 600; margin: 20px 0 6px; }
p, li { max-width: 75ch; color: var(--vscode-foreground, var(--ink)); }
.soft { color: var(--vscode-descriptionForeground, var(--soft)); margin: 0 0 8px; }
.warning { font-weight: 600; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 1px solid var(--vscode-focusBorder, var(--s0)); outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td { padding: 5px 14px 5px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--vscode-widget-border, var(--line)); }
th { font-weight: 600; }
thead th { color: var(--vscode-descriptionForeground, var(--soft)); font-weight: 400; vertical-align: bottom; }
.numbers td, .numbers thead th { white-space: nowrap; }
tbody th { position: sticky; left: 0; background: var(--vscode-editor-background, var(--back)); max-width: 30ch; overflow-wrap: anywhere; }
.numbers tbody th { min-width: 22ch; }
.words td { min-width: 16ch; max-width: 34ch; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 12px 28px; }
figure { margin: 0; min-width: 0; }
figcaption { font-size: 13px; margin: 0 0 2px; }
.chart { display: block; width: 100%; height: auto; overflow: visible; }
.chart text { fill: var(--vscode-foreground, var(--ink)); font: 11px var(--vscode-font-family, system-ui, sans-serif); font-variant-numeric: tabular-nums; }
.chart text { paint-order: stroke; stroke: var(--vscode-editor-background, var(--back)); stroke-width: 3; }
.chart .name { font-size: 12px; }
.chart .tick { fill: var(--vscode-descriptionForeground, var(--soft)); }
.chart .grid { stroke: var(--vscode-widget-border, var(--line)); stroke-width: 1; }
.chart .payload { opacity: 0.35; }
${Array.from({ length: 9 }, (_, index) => `.s${index} { fill: var(--s${index}); stroke: var(--s${index}); }`).join('\n')}
.bar { stroke: none; }
.range { fill: none; stroke-width: 2; }
.wide { fill: none; stroke-width: 1; opacity: 0.6; }
`;
