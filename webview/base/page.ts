import { pageStyles } from './styles';

// Adopted, not linked or inline: the page's security policy needs no address as a source of styles.
if (pageStyles.styleSheet) document.adoptedStyleSheets.push(pageStyles.styleSheet);

// The control library probes for :focus-visible with one empty style element, and takes its nonce from here. Without
// it the probe is refused and reported, and the focus ring shows on every click.
const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;
if (nonce) {
	const meta = document.createElement('meta');
	meta.setAttribute('property', 'csp-nonce');
	meta.content = nonce;
	document.head.append(meta);
}
