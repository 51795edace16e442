/**
 * Colors of the theme, with a value for themes that have none. Ordered so that the first ones differ most. The theme's
 * orange for charts is too pale on a light background, so the terminal's cyan stands in for it.
 */
const colors = [
	['--vscode-charts-blue', '#3794ff'],
	['--vscode-charts-yellow', '#cca700'],
	['--vscode-charts-green', '#89d185'],
	['--vscode-charts-purple', '#b180d7'],
	['--vscode-charts-red', '#f14c4c'],
	['--vscode-terminal-ansiCyan', '#11a8cd'],
] as const;

/** The second half of the colors has dashes. Pixels. */
const dash = [6, 4];

export const dashOf = (color: number): number[] => (color >= colors.length ? dash : []);

/** The color with this number in the theme of an element. */
export function colorOf(element: Element, color: number): string {
	const [name, otherwise] = colors[color % colors.length] ?? colors[0];
	return getComputedStyle(element).getPropertyValue(name).trim() || otherwise;
}

/** The style of the sample of a line in a legend. */
export function sampleStyle(color: number): Record<string, string> {
	const [name, otherwise] = colors[color % colors.length] ?? colors[0];
	return {
		'border-top-color': `var(${name}, ${otherwise})`,
		'border-top-style': dashOf(color).length > 0 ? 'dashed' : 'solid',
	};
}
