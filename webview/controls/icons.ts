import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from 'lit';

// Drawn on a grid of 16, strokes in the text's color: no font, no image, nothing for the security policy to allow.
export const shapes = {
	in: svg`<path d="M8 2v10M4 8l4 4 4-4"/>`,
	out: svg`<path d="M8 13V3M4 7l4-4 4 4"/>`,
	note: svg`<circle cx="8" cy="8" r="5.5"/><path d="M8 7.2V11M8 4.8v.6"/>`,
	bad: svg`<path d="M8 2.2 14.2 13H1.8zM8 6.5V9.5M8 11v.6"/>`,
	right: svg`<path d="m6 4 4 4-4 4"/>`,
	down: svg`<path d="m4 6 4 4 4-4"/>`,
	close: svg`<path d="m4 4 8 8m0-8-8 8"/>`,
	add: svg`<path d="M8 3v10M3 8h10"/>`,
	more: svg`<path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2"/>`,
	lock: svg`<rect x="3.5" y="7" width="9" height="6.5" rx="1"/><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"/>`,
	unlock: svg`<rect x="3.5" y="7" width="9" height="6.5" rx="1"/><path d="M5.5 7V5a2.5 2.5 0 0 1 4.8-1"/>`,
	warning: svg`<path d="M8 2.2 14.2 13H1.8zM8 6.5V9.5M8 11v.6"/>`,
	dot: svg`<circle cx="8" cy="8" r="4" fill="currentColor"/>`,
	ring: svg`<circle cx="8" cy="8" r="4"/>`,
	wait: svg`<circle cx="8" cy="8" r="5.5"/><path d="M8 5v3.2l2 1.3"/>`,
	check: svg`<path d="m3.5 8.5 3 3 6-7"/>`,
	cross: svg`<path d="m4 4 8 8m0-8-8 8"/>`,
	pause: svg`<path d="M5.5 3.5v9M10.5 3.5v9"/>`,
	play: svg`<path d="m5 3 7.5 5L5 13z"/>`,
	clear: svg`<circle cx="8" cy="8" r="5.5"/><path d="m4.2 11.8 7.6-7.6"/>`,
	edit: svg`<path d="m10.5 2.8 2.7 2.7L5.7 13H3v-2.7zM9 4.3 11.7 7"/>`,
	copy: svg`<rect x="5.5" y="5.5" width="7.5" height="8" rx="1"/><path d="M10.5 5.5v-2a1 1 0 0 0-1-1H4a1 1 0 0 0-1 1V10a1 1 0 0 0 1 1h1.5"/>`,
	kept: svg`<path d="M4.5 2.5h7v11L8 10.8l-3.5 2.7z" fill="currentColor"/>`,
	again: svg`<path d="M13 8a5 5 0 1 1-1.5-3.6M13 2.5v3h-3"/>`,
	up: svg`<path d="m4 10 4-4 4 4"/>`,
	case: svg`<path d="M1.8 12 4.8 4l3 8M2.8 9.4h4"/><circle cx="11.6" cy="9.6" r="2.3"/><path d="M13.9 7.2V12"/>`,
	history: svg`<path d="M3 8a5 5 0 1 0 1.5-3.6M3 2.5v3h3M8 5.2V8l2 1.4"/>`,
	open: svg`<path d="M9 2.8h4.2V7M13 3 8 8M7 3.5H3.5a1 1 0 0 0-1 1v8a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V9"/>`,
	save: svg`<path d="M8 2.5v7M5 7l3 3 3-3M3 13h10"/>`,
	compare: svg`<path d="M7 3H3v10h4M9 3h4v10H9M8 1.5v13"/>`,
	filter: svg`<path d="M2.5 3.5h11L9.5 8.2V12l-3 1.5V8.2z"/>`,
	reply: svg`<path d="M6 4 2.5 7.5 6 11M2.5 7.5H10a3.5 3.5 0 0 1 3.5 3.5v2"/>`,
	stop: svg`<rect x="4" y="4" width="8" height="8"/>`,
	back: svg`<path d="M10 3.5 5.5 8l4.5 4.5M3.5 3.5v9"/>`,
	forth: svg`<path d="M6 3.5 10.5 8 6 12.5M12.5 3.5v9"/>`,
	follow: svg`<path d="M8 2v7M5 6l3 3 3-3M3 12.5h10"/>`,
	flame: svg`<path d="M8.3 1.8c.4 2.6 3.9 4.1 3.9 7.6a4.2 4.2 0 0 1-8.4 0c0-1.6.8-2.7 1.7-3.5.1 1.1.6 1.8 1.3 2 .2-2.3.3-4.3 1.5-6.1z"/>`,
	plug: svg`<path d="M6 2.5v3M10 2.5v3M4 5.5h8V8a4 4 0 0 1-8 0zM8 12v2"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof shapes;

/** An icon; with a title it speaks for itself, without one it is decoration beside a text. */
export function icon(name: IconName, title?: string): TemplateResult {
	return drawing(shapes[name], title);
}

export function drawing(shape: SVGTemplateResult, title?: string): TemplateResult {
	return html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor"
		stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round"
		role=${title ? 'img' : nothing} aria-label=${title ?? nothing} aria-hidden=${title ? nothing : 'true'}
		>${title ? svg`<title>${title}</title>` : nothing}${shape}</svg>`;
}
