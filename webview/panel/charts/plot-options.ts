import type uPlot from 'uplot';
import { tick } from '../../base/words';
import type { Scale } from './chart-state';
import { colorOf, dashOf } from './colors';
import { labelSpace, timeLabels, timeRange } from './time-axis';

/** A label this close to the right edge would be cut. Pixels. */
const edge = 16;
/** With more points than this, only the line is drawn. */
const maxDots = 60;

interface Look {
	/** Whose theme colors are used. */
	element: Element;
	width: number;
	height: number;
	/** Number of the color of each line. */
	colors: readonly number[];
	scale: Scale;
	/** Called with the time below the pointer, in milliseconds; undefined when it leaves. */
	onTime(time: number | undefined): void;
}

/** The options of a plot with an axis of times, one of values, and a line for each color. */
export function plotOptions({ element, width, height, colors, scale, onTime }: Look): uPlot.Options {
	const styles = getComputedStyle(element);
	const themed = (name: string, otherwise: string) =>
		getComputedStyle(element).getPropertyValue(name).trim() || otherwise;
	const stroke = () => themed('--vscode-descriptionForeground', '#888');
	const lines = () => themed('--vscode-editorIndentGuide-background1', '#8884');
	const grid = { stroke: lines, width: 1, dash: [2, 3] };
	const font = `11px ${styles.fontFamily}`;
	const common = { stroke, grid, font, ticks: { stroke: lines, width: 1, size: 4 } };
	return {
		width,
		height,
		padding: [10, 14, 0, 0],
		legend: { show: false },
		cursor: {
			drag: { x: false, y: false },
			points: { size: 7 },
			dataIdx: (plot, line, at) => nearestValue(plot.data[line] ?? [], at),
		},
		scales: {
			x: { range: (_, from, to) => seconds(timeRange(from * 1000, to * 1000)) },
			...(scale === 'own' ? { y: { range: [-6, 106] } } : {}),
		},
		series: [
			{},
			...colors.map((color) => ({
				stroke: () => colorOf(element, color),
				width: 1.5,
				dash: dashOf(color),
				spanGaps: false,
				points: { size: 5, show: (plot: uPlot) => plot.data[0].length <= maxDots },
			})),
		],
		axes: [
			{
				...common,
				size: 26,
				gap: 4,
				space: (_, _axis, from, to) => labelSpace(from * 1000, to * 1000),
				values: ({ width: wide, scales: { x } }, times, _axis, _space, step) => {
					const room = 1 - edge / Math.max(edge, wide);
					const last = (x?.min ?? 0) + ((x?.max ?? 0) - (x?.min ?? 0)) * room;
					const labels = timeLabels(
						times.map((time) => time * 1000),
						step * 1000,
					);
					return labels.map((label, at) => ((times[at] as number) > last ? '' : label));
				},
			},
			{
				...common,
				gap: 4,
				space: 24,
				// Fits the longest number.
				size: (_, values) => 14 + 6.6 * Math.max(3, ...(values ?? []).map((one) => one.length)),
				...(scale === 'own' ? { splits: [0, 50, 100], values: ['0 %', '50 %', '100 %'] } : {}),
				...(scale === 'own'
					? {}
					: { values: (_, values, _axis, _space, step) => values.map((one) => tick(one, step)) }),
			},
		],
		hooks: {
			setCursor: [
				({ cursor: { idx }, data }) => {
					const time = idx === null || idx === undefined ? undefined : data[0][idx];
					onTime(time === undefined ? undefined : time * 1000);
				},
			],
		},
	};
}

const seconds = ([from, to]: [number, number]): [number, number] => [from / 1000, to / 1000];

/** The position closest to `at` where a line has a value. */
function nearestValue(values: ArrayLike<number | null | undefined>, at: number): number {
	for (let by = 0; by <= Math.max(at, values.length - at); by++) {
		if (values[at - by] != null) return at - by;
		if (values[at + by] != null) return at + by;
	}
	return at;
}
