import { oneLine } from './html-text';
import { connections, figures, groups, guarantees, type Table } from './table';
import type { Report } from './types';
import { conditions, guaranteeWords, remarks, size } from './words';

/** The report as Markdown. */
export function toMarkdown(report: Report): string {
	const lines: string[] = ['# Comparison of connections', ''];
	if (report.stopped) lines.push('**It was stopped before it was complete.**', '');
	lines.push(...conditions(report).flatMap((text) => [markdownText(text), '']));
	for (const cells of groups(report)) {
		const [first] = cells;
		if (!first) continue;
		lines.push(`## ${guaranteeWords[first.guarantee]}, ${size(first.size)}`, '', ...table(figures(report, cells)), '');
		for (const cell of cells)
			for (const remark of remarks(cell))
				lines.push(`- ${markdownText(report.subjects[cell.subject]?.name ?? '')}: ${markdownText(remark)}`);
		if (lines.at(-1) !== '') lines.push('');
	}
	lines.push('## Connecting', '', ...table(connections(report)), '');
	lines.push('## What is measured', '');
	for (const [name, label, measures] of measured(report))
		lines.push(`- ${markdownText(name)}, ${markdownText(label)}: ${markdownText(measures)}`);
	lines.push('', '## What the protocols guarantee', '', ...table(guarantees(report)), '');
	return lines.join('\n');
}

/** What a delivery is, once for each subject and way. */
export function measured({ cells, subjects }: Report): [name: string, label: string, measures: string][] {
	const found = new Map<string, [string, string, string]>();
	for (const { subject, label, measures } of cells) {
		const name = subjects[subject]?.name ?? '';
		if (measures !== '') found.set(JSON.stringify([subject, label]), [name, label, measures]);
	}
	return [...found.values()];
}

function table({ head, rows }: Table): string[] {
	const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`;
	return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)];
}

/** A text as itself: no markup, no HTML, no line break, no cell of a table. */
export function markdownText(text: string): string {
	return oneLine(text)
		.replace(/[\\`*_{}[\]<>#|~!&$]/g, (character) => `\\${character}`)
		.replace(/\b(https?|ftp|mailto|www)(?=[:.])/gi, (scheme) => `${scheme}\\`);
}
