import { htmlText } from './html-text';

export interface HtmlPage {
	title: string;
	style: string;
	/** Of the style, which the policy of the page allows. */
	nonce: string;
	/** HTML below the title, with its texts escaped. */
	body: string;
}

/** A page that loads nothing and runs no script. */
export function htmlPage({ title, style, nonce, body }: HtmlPage): string {
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${htmlText(nonce)}'">
<meta name="viewport" content="width=device-width">
<title>${htmlText(title)}</title>
<style nonce="${htmlText(nonce)}">${style}</style>
</head>
<body>
<main>
<h1>${htmlText(title)}</h1>
${body}
</main>
</body>
</html>
`;
}
