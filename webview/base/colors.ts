/** Colors of connections by their names in the settings, as the theme has them. */
export const colorNames = ['red', 'orange', 'yellow', 'green', 'blue', 'purple'] as const;

/** A color of the settings for CSS. Other texts than the listed names are colors of CSS. */
export function themeColor(color: string): string {
	return (colorNames as readonly string[]).includes(color) ? `var(--vscode-charts-${color}, ${color})` : color;
}
