import mapping from '@vscode/codicons/src/template/mapping.json' with { type: 'json' };
import { css, html, nothing, type TemplateResult } from 'lit';

/** The characters of the editor's icon font by icon name; several names may share a character. */
const characters = new Map(
	Object.entries(mapping).flatMap(([code, names]) =>
		names.map((name): [string, string] => [name, String.fromCodePoint(Number(code))]),
	),
);

export const isIcon = (name: string): boolean => characters.has(name);

/** For each shadow root. The font itself belongs to the document: base/page.css. */
export const iconStyles = css`
	.icon { display: inline-block; flex: none; width: 16px; font: normal 16px / 1 codicon; text-align: center; vertical-align: -3px; user-select: none; }
	.icon::before { content: attr(data-icon); }
`;

/**
 * An icon of the codicon font; an unknown name is drawn as a circle. With a title it has that as its accessible name,
 * without one it decorates the text beside it.
 */
export function icon(name: string, title?: string): TemplateResult {
	const character = characters.get(name) ?? characters.get('circle-outline');
	return html`<span class="icon" data-icon=${character ?? nothing} role=${title ? 'img' : nothing}
		title=${title ?? nothing} aria-label=${title ?? nothing} aria-hidden=${title ? nothing : 'true'}></span>`;
}
