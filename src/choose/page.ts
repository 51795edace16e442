import { htmlPage } from '../compare/report/html-page';
import { htmlText } from '../compare/report/html-text';
import { allNeeds, type Need, needs } from '../protocols/needs';
import type { Ranked } from './rank';

export interface ChoicePage {
	needs: readonly Need[];
	ranked: readonly Ranked[];
	/** Figures that were measured on this machine, by the protocol's id. */
	figures: Readonly<Record<string, string>>;
	/** URI of a command with the protocol's id as its argument. */
	tryIt(protocol: string): string;
	starter(protocol: string): string;
	change: string;
	nonce: string;
}

const words: readonly string[] = ['Not met', 'Weak', 'Good', 'Very good'];

/** The page with all protocols, the best first. It runs no script; its links are commands of the editor. */
export function choicePage(page: ChoicePage): string {
	const { ranked, nonce, change } = page;
	const chips = allNeeds
		.filter((need) => page.needs.includes(need))
		.map((need) => `<li><span class="soft">${htmlText(needs[need].topic)}</span> ${htmlText(needs[need].label)}</li>`);
	const body = `<ul class="needs" aria-label="Needs">${chips.join('')}<li class="plain"><a href="${htmlText(change)}">Change…</a></li></ul>
${ranked.map((one, index) => card(one, index, page)).join('\n')}`;
	return htmlPage({ title: 'Choose a Protocol', style, nonce, body });
}

function card({ description, share, reasons, isUnsuited }: Ranked, index: number, page: ChoicePage): string {
	const { id, label, summary } = description;
	const figures = page.figures[id];
	const percent = Math.round(share * 100);
	const rows = reasons.map(
		({ need, fit, text }) =>
			`<tr class="fit${fit}"><th scope="row">${htmlText(needs[need].label)}</th><td class="dots">${dots(fit)}</td><td>${htmlText(text)}</td></tr>`,
	);
	return `<section class="${isUnsuited ? 'unsuited' : ''}">
<header><h2><span class="place">${index + 1}</span>${htmlText(label)}</h2>
<svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="Meets ${percent} % of the needs"><rect class="back" width="100" height="6" rx="3"/><rect class="fill" width="${percent}" height="6" rx="3"/></svg>
<span class="percent">${isUnsuited ? 'misses a need' : `${percent} %`}</span></header>
<p class="soft">${htmlText(summary)}</p>
<table>${rows.join('')}</table>
${figures === undefined ? '' : `<p><b>Measured:</b> ${htmlText(figures)}</p>`}
<p class="links"><a href="${htmlText(page.tryIt(id))}">Try It</a><a href="${htmlText(page.starter(id))}">Starter Code…</a></p>
</section>`;
}

/** Three dots, as many of them filled as the fit is. */
function dots(fit: number): string {
	const circles = [0, 1, 2].map(
		(index) => `<circle class="${index < fit ? 'full' : 'empty'}" cx="${6 + index * 12}" cy="6" r="4"/>`,
	);
	return `<svg viewBox="0 0 36 12" role="img" aria-label="${words[fit] ?? ''}">${circles.join('')}</svg>`;
}

const style = `
:root { color-scheme: light dark; }
body { margin: 0; padding: 0; color: var(--vscode-foreground); background: var(--vscode-editor-background);
	font: var(--vscode-font-size, 13px)/1.5 var(--vscode-font-family, system-ui, sans-serif); }
main { max-width: 780px; margin: 0 auto; padding: 24px 24px 48px; }
h1 { font-size: 24px; font-weight: 600; margin: 0 0 12px; }
h2 { font-size: 16px; font-weight: 600; margin: 0; min-width: 9em; }
.soft { color: var(--vscode-descriptionForeground); }
.needs { display: flex; flex-wrap: wrap; gap: 6px; list-style: none; margin: 0 0 20px; padding: 0; }
.needs li { padding: 1px 9px; border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, #8884)); border-radius: 10px; }
.needs .plain { border-color: transparent; }
section { padding: 16px 0; border-top: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, #8884)); }
section p { margin: 4px 0; max-width: 75ch; }
header { display: flex; align-items: center; gap: 12px; }
.place { display: inline-block; min-width: 1.6em; color: var(--vscode-descriptionForeground); font-weight: 400; font-variant-numeric: tabular-nums; }
.meter { flex: 1; max-width: 240px; height: 6px; }
.meter .back { fill: var(--vscode-widget-border, #8884); }
.vscode-high-contrast .meter .back { opacity: 0.25; }
.meter .fill { fill: var(--vscode-charts-blue, #3794ff); }
.unsuited .meter .fill { fill: var(--vscode-descriptionForeground); }
.percent { color: var(--vscode-descriptionForeground); font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; margin: 6px 0; }
th, td { padding: 2px 14px 2px 0; text-align: left; vertical-align: top; font-weight: 400; }
th { min-width: 12em; }
.dots svg { display: block; width: 36px; height: 12px; margin-top: 3px; }
.full { fill: var(--vscode-charts-blue, #3794ff); stroke: var(--vscode-charts-blue, #3794ff); }
.empty { fill: none; stroke: var(--vscode-descriptionForeground); }
.fit0 th, .fit0 td { color: var(--vscode-errorForeground); }
.links { display: flex; gap: 18px; }
a { color: var(--vscode-textLink-foreground); text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
@media (max-width: 520px) { header { flex-wrap: wrap; } th { min-width: 7em; } }
`;
