import { css, html, type TemplateResult } from 'lit';
import { icon } from './icons';

export const splitButtonStyles = css`
	.split-button { display: inline-flex; flex: none; }
	.split-button > :first-child { border-start-end-radius: 0; border-end-end-radius: 0; }
	.split-button > :last-child { border-start-start-radius: 0; border-end-start-radius: 0; margin-inline-start: 1px; }
	.split-button > :last-child::part(control) { padding: 4px; }
`;

export interface SplitButton {
	label: string;
	title: string;
	disabled: boolean;
	run: () => unknown;
	/** Accessible name of the button that opens the menu. */
	more: string;
	/** Opens the menu at this button. */
	open: (button: HTMLElement) => unknown;
}

/** A primary button and, attached to it, one that opens a menu with the other ways to do the same. */
export function splitButton({ label, title, disabled, run, more, open }: SplitButton): TemplateResult {
	return html`<span class="split-button"><vscode-button title=${title} ?disabled=${disabled} @click=${run}>${label}</vscode-button
		><vscode-button aria-label=${more} title=${more} aria-haspopup="menu"
			@click=${(event: Event) => open(event.currentTarget as HTMLElement)}>${icon('chevron-down')}</vscode-button></span>`;
}
