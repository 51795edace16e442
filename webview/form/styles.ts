import { css } from 'lit';

/** Groups of fields and single items of the form, in every component of it. */
export const itemStyles = css`
	fieldset { display: flex; flex-direction: column; gap: 12px; margin: 0 0 18px; padding: 0; border: 0; min-width: 0; }
	legend { padding: 0 0 8px; font-size: 1.15em; font-weight: 600; color: var(--vscode-settings-headerForeground, inherit); }
	label { display: block; margin-bottom: 3px; }
	.item input.text, .item select { width: 100%; }
	.item .bad, .item .warn, .help { margin-top: 3px; font-size: 0.92em; line-height: 1.4; }
	.help { color: var(--dim); }
	fieldset > .help { margin: -8px 0 0; }
	fieldset > button.tool { align-self: flex-start; }
`;
