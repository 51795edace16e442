/**
 * A `.env` file: `NAME=value`, `export NAME=value`, quotes, `#` comments. In double quotes `\n`, `\"` and `\\` are
 * escapes and line breaks are kept; nothing is expanded. The last of several counts.
 */
export function parseDotenv(text: string): Map<string, string> {
	const values = new Map<string, string>();
	const line =
		/^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|`([^`]*)`|([^\r\n]*))/gm;
	for (const [, name = '', double, single, tick, bare] of text.replace(/^\uFEFF/, '').matchAll(line)) {
		const escaped = double?.replace(/\\([\s\S])/g, (whole, one: string) =>
			one === 'n' ? '\n' : one === 'r' ? '\r' : one === 't' ? '\t' : /["\\$]/.test(one) ? one : whole,
		);
		values.set(name, escaped ?? single ?? tick ?? (bare ?? '').replace(/(?:^|\s)#.*$/, '').trim());
	}
	return values;
}
