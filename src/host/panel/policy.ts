/** The hash of an empty style element: the UI toolkit makes one and fills it with rules through the object model. */
const emptyStyle = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/**
 * The content security policy of a page: one script, styles, fonts and images of the extension, and nothing else. No
 * inline code, no connections. `source` is the origin of the extension's files.
 */
export function pagePolicy(nonce: string, source: string): string {
	return [
		"default-src 'none'",
		`script-src 'nonce-${nonce}'`,
		`style-src ${source} '${emptyStyle}'`,
		`font-src ${source}`,
		`img-src ${source}`,
	].join('; ');
}
