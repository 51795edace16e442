import { clock, dateAndClock } from '../../base/words';
import { colorOf, dashOf } from './colors';
import { fieldLabel, type LegendLine } from './legend';
import { short, statistics } from './statistics';

/** CSS pixels. */
const margin = 12;
const lineHeight = 20;
const titleHeight = 30;

/** A chart with its title and legend as PNG, in the colors of the theme. `plot`: the drawn lines and axes. */
export async function chartPicture(
	element: Element,
	title: string,
	plot: HTMLCanvasElement,
	lines: readonly LegendLine[],
): Promise<Uint8Array> {
	const ratio = plot.width / Math.max(1, plot.clientWidth);
	const canvas = document.createElement('canvas');
	const height = plot.clientHeight + titleHeight + lines.length * lineHeight + 2 * margin;
	canvas.width = plot.width + 2 * margin * ratio;
	canvas.height = height * ratio;
	const context = canvas.getContext('2d');
	if (!context) throw new Error('The picture could not be drawn.');
	const styles = getComputedStyle(element);
	const color = (name: string, otherwise: string) => styles.getPropertyValue(name).trim() || otherwise;
	context.fillStyle = color('--vscode-editor-background', '#ffffff');
	context.fillRect(0, 0, canvas.width, canvas.height);
	context.drawImage(plot, margin * ratio, (margin + titleHeight) * ratio);
	context.scale(ratio, ratio);
	context.textBaseline = 'middle';
	context.fillStyle = color('--vscode-foreground', '#333333');
	context.font = `600 13px ${styles.fontFamily}`;
	context.fillText(title, margin, margin + titleHeight / 2);
	context.font = `12px ${styles.fontFamily}`;
	lines.forEach((line, at) => {
		const top = margin + titleHeight + plot.clientHeight + (at + 0.5) * lineHeight;
		context.strokeStyle = colorOf(element, line.field.color);
		context.setLineDash(dashOf(line.field.color));
		context.lineWidth = 3;
		context.beginPath();
		context.moveTo(margin, top);
		context.lineTo(margin + 18, top);
		context.stroke();
		context.fillText(legendText(line), margin + 26, top, canvas.width / ratio - 2 * margin - 26);
	});
	const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
	if (!blob) throw new Error('The picture could not be written.');
	return new Uint8Array(await blob.arrayBuffer());
}

function legendText({ field, points }: LegendLine): string {
	const numbers = points && statistics(points);
	const values = numbers
		? `${short(numbers.latest)} · min ${short(numbers.lowest)} · max ${short(numbers.highest)}`
		: 'no numbers';
	return `${fieldLabel(field)}: ${values}`;
}

/** "Plant broker, 2026-01-02 03:04:05.000 – 03:05:06.000". */
export function pictureTitle(name: string, lines: readonly LegendLine[]): string {
	const times = lines.flatMap(({ points }) =>
		[points?.times[0], points?.times.at(-1)].filter((time) => time !== undefined),
	);
	if (times.length === 0) return name;
	const [first, last] = [Math.min(...times), Math.max(...times)];
	const isOneDay = new Date(first).toDateString() === new Date(last).toDateString();
	return `${name}, ${dateAndClock(first)} – ${isOneDay ? clock(last) : dateAndClock(last)}`;
}
