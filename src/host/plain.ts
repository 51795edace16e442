/** Control, direction and other invisible characters made visible, so that a name cannot pretend to be another. */
export function plain(text: string): string {
	return text
		.slice(0, 500)
		.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

/** The same for a text of several lines. */
export const plainLines = (text: string): string => text.split('\n').slice(0, 50).map(plain).join('\n');

/** For labels in which the editor would draw `$(name)` as an icon. */
export const noIcons = (text: string): string => plain(text).replaceAll('$(', '$ (');
