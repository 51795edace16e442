import { html, nothing, type TemplateResult } from 'lit';
import { icon } from './icons';

interface State {
	disabled?: boolean;
	/** For a toggle; undefined for a plain button. */
	pressed?: boolean;
	/** For a button that opens a popup; undefined for others. */
	expanded?: boolean;
	/** A longer tooltip than the label. */
	title?: string;
}

/** A button that consists of an icon. The label is its tooltip and its accessible name. */
export function toolButton(
	name: string,
	label: string,
	run: (event: Event) => unknown,
	{ disabled = false, pressed, expanded, title = label }: State = {},
): TemplateResult {
	return html`<button class="tool" title=${title} aria-label=${label} aria-pressed=${pressed ?? nothing}
		aria-expanded=${expanded ?? nothing} ?disabled=${disabled} @click=${run}>${icon(name)}</button>`;
}
