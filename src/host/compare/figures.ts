import type * as vscode from 'vscode';
import { bytesOf, over } from '../../compare/report/stats';
import type { Report } from '../../compare/report/types';
import { bytes, milliseconds, size } from '../../compare/report/words';

const key = 'compare.figures';

/** The last figures of each protocol on this machine, as a sentence, by the protocol's id. */
export type Figures = Readonly<Record<string, string>>;

export const figuresOf = (state: vscode.Memento): Figures => state.get<Figures>(key, {});

/** Keeps a sentence for each protocol of the report. */
export async function keepFigures(state: vscode.Memento, report: Report): Promise<void> {
	await state.update(key, { ...figuresOf(state), ...figures(report) });
}

/** The smallest payload that was measured, with the strongest guarantee. */
export function figures({ cells, subjects, made }: Report): Figures {
	const found: Record<string, string> = {};
	const usable = cells
		.filter(({ runs }) => runs.some(({ latency }) => latency))
		.sort((one, other) => other.size - one.size || one.guarantee.localeCompare(other.guarantee) * -1);
	for (const cell of usable) {
		const subject = subjects[cell.subject];
		const latency = over(cell, (run) => run.latency?.p50);
		const wire = bytesOf(cell);
		if (!subject || !latency || !wire) continue;
		const day = new Date(made).toISOString().slice(0, 10);
		found[subject.protocol] =
			`${milliseconds(latency.median)} and ${bytes(wire.total)} bytes for ${size(cell.size)} (${cell.label}, ${subject.where}, ${day})`;
	}
	return found;
}
