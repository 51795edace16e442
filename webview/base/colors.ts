/** Colors of connections by their names in the settings, as the theme has them. */
export const colorNames = ['red', 'orange', 'yellow', 'green', 'blue', 'purple'] as const;

/** The theme's color for charts. Its orange is missing or translucent in most themes; that of symbols is not. */
export const chartColor = (name: string): string =>
	name === 'orange'
		? 'var(--vscode-symbolIcon-classForeground, var(--vscode-charts-orange, orange))'
		: `var(--vscode-charts-${name}, ${name})`;

/** A color of the settings for CSS. Other texts than the listed names are colors of CSS. */
export function themeColor(color: string): string {
	return (colorNames as readonly string[]).includes(color) ? chartColor(color) : color;
}
