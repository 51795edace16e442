import { shortened } from '../../model/text/text';
import { htmlText } from './html-text';
import { bytesOf, over } from './stats';
import { groups } from './table';
import type { Cell, Report } from './types';
import { bytes, guaranteeWords, milliseconds, size, whole } from './words';

/** Pictures of the figures as SVG. Empty where nothing was measured. */
export function charts(report: Report): string {
	const sets = groups(report).filter((cells) => cells.some(({ runs }) => runs.length > 0));
	if (sets.length === 0) return '';
	const names = report.subjects.map(({ name }) => name);
	const figure = (cells: Cell[], svg: string) =>
		svg === ''
			? ''
			: `<figure><figcaption>${guaranteeWords[(cells[0] as Cell).guarantee]}, ${size((cells[0] as Cell).size)}</figcaption>${svg}</figure>`;
	const section = (title: string, about: string, draw: (cells: Cell[], names: readonly string[]) => string) => {
		const figures = sets.map((cells) => figure(cells, draw(cells, names))).filter((text) => text !== '');
		return figures.length === 0
			? ''
			: `<h2>${title}</h2><p class="soft">${about}</p><div class="charts">${figures.join('')}</div>`;
	};
	return [
		section(
			'Latency',
			'The dot is the median, the thick line reaches to p99 and the thin line to the longest. The scale is logarithmic.',
			latencies,
		),
		section(
			'Bytes per message',
			'At both sockets and in both directions. The pale part is the payload; the rest is the cost of the protocol.',
			wire,
		),
		section('Sustained rate', 'Messages per second that arrive without the queue growing.', rates),
	].join('\n');
}

const width = 360;
/** The name of the connection, and below it the line or bar. */
const row = 38;
const maxName = 56;
const barHeight = 14;
/** Space for the number at the end of a line. */
const right = 74;
const plot = width - right;

/** A chart with one line for each cell, and ticks below. `label` says for a screen reader what the picture shows. */
function svg(
	cells: readonly Cell[],
	names: readonly string[],
	lines: readonly string[],
	ticks: readonly [at: number, text: string][],
	label: string,
): string {
	const height = lines.length * row;
	const titles = cells.map(
		({ subject }, index) =>
			`<text class="name" x="0" y="${index * row + 14}">${htmlText(shortened(names[subject] ?? '', maxName))}</text>`,
	);
	const grid = ticks.map(
		([at, text]) =>
			`<line class="grid" x1="${round(at)}" y1="0" x2="${round(at)}" y2="${height}"/><text class="tick" x="${round(at)}" y="${height + 14}" text-anchor="${at < 5 ? 'start' : 'middle'}">${htmlText(text)}</text>`,
	);
	return `<svg class="chart" viewBox="0 0 ${width} ${height + (ticks.length > 0 ? 18 : 0)}" role="img" aria-label="${htmlText(label)}">${grid.join('')}${titles.join('')}${lines.join('')}</svg>`;
}

const round = (value: number) => Math.round(value * 10) / 10;
const middle = (index: number) => index * row + 27;
const number = (at: number, index: number, text: string) =>
	`<text x="${round(at + 6)}" y="${middle(index) + 4}">${htmlText(text)}</text>`;
const color = (cell: Cell) => `s${cell.subject % 9}`;

function latencies(cells: readonly Cell[], names: readonly string[]): string {
	const values = cells.map((cell) => ({
		p50: over(cell, ({ latency }) => latency?.p50)?.median,
		p99: over(cell, ({ latency }) => latency?.p99)?.median,
		max: over(cell, ({ latency }) => latency?.max)?.median,
	}));
	const all = values.flatMap(({ p50, max }) => [p50, max]).filter((value) => value !== undefined);
	if (all.length === 0) return '';
	const low = Math.floor(Math.log10(Math.max(0.001, Math.min(...all))));
	const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...all))));
	const at = (ms: number) => 4 + ((plot - 4) * (Math.log10(Math.max(ms, 10 ** low)) - low)) / (high - low);
	const ticks = Array.from({ length: high - low + 1 }, (_, index): [number, string] => {
		const ms = 10 ** (low + index);
		return [at(ms), ms >= 1000 ? `${ms / 1000} s` : `${Number(ms.toPrecision(1))} ms`];
	});
	const lines = cells.map((cell, index) => {
		const { p50, p99, max } = values[index] ?? {};
		if (p50 === undefined || p99 === undefined || max === undefined) return number(-6, index, 'not measured');
		const y = middle(index);
		const line = (kind: string, to: number) =>
			`<line class="${kind} ${color(cell)}" x1="${round(at(p50))}" y1="${y}" x2="${round(at(to))}" y2="${y}"/>`;
		return `${line('wide', max)}${line('range', p99)}<circle class="${color(cell)}" cx="${round(at(p50))}" cy="${y}" r="4"/>${number(at(max), index, milliseconds(p50))}`;
	});
	return svg(cells, names, lines, ticks, 'Latency of each connection');
}

/** Bars from 0. `part`: the pale part at the start. */
function bars(
	cells: readonly Cell[],
	names: readonly string[],
	values: readonly ({ value: number; part: number; text: string } | undefined)[],
	label: string,
): string {
	const most = Math.max(...values.map((one) => one?.value ?? 0));
	if (most <= 0) return '';
	const at = (value: number) => (plot * value) / most;
	const lines = cells.map((cell, index) => {
		const one = values[index];
		if (!one) return number(-6, index, 'not measured');
		const top = middle(index) - barHeight / 2;
		const bar = (kind: string, from: number, to: number) =>
			`<rect class="bar ${kind} ${color(cell)}" x="${round(at(from))}" y="${top}" width="${round(at(to - from))}" height="${barHeight}"/>`;
		return `${bar('payload', 0, one.part)}${bar('', one.part, one.value)}${number(at(one.value), index, one.text)}`;
	});
	return svg(cells, names, lines, [], label);
}

function wire(cells: readonly Cell[], names: readonly string[]): string {
	const values = cells.map((cell) => {
		const found = bytesOf(cell);
		if (!found) return undefined;
		return { value: found.total, part: Math.min(found.total, cell.hops * cell.size), text: bytes(found.total) };
	});
	return bars(cells, names, values, 'Bytes per message of each connection');
}

function rates(cells: readonly Cell[], names: readonly string[]): string {
	const values = cells.map(
		({ capacity }) =>
			capacity && {
				value: capacity.rate,
				part: 0,
				text: `${capacity.isLowerBound ? '≥ ' : ''}${whole(capacity.rate)}/s`,
			},
	);
	return bars(cells, names, values, 'Sustained rate of each connection');
}
