import { css } from 'lit';

export const formStyles = css`
	:host { display: flex; flex-direction: column; height: 100vh; }
	main { flex: 1 1 0; overflow: auto; padding: 12px 20px 20px; }
	main > * { max-width: 640px; }
	h1 { margin: 4px 0 12px; font-size: 1.5em; font-weight: 600; }
	fieldset { display: flex; flex-direction: column; gap: 12px; margin: 0 0 18px; padding: 0; border: 0; min-width: 0; }
	legend { padding: 0 0 8px; font-size: 1.15em; font-weight: 600; color: var(--vscode-settings-headerForeground, inherit); }
	label { display: block; margin-bottom: 3px; }
	.item input, .item select { width: 100%; }
	.item .bad, .item .warn, .help { margin-top: 3px; font-size: 0.92em; line-height: 1.4; }
	.help { color: var(--dim); }
	fieldset > .help { margin: -8px 0 0; }
	fieldset > button.tool { align-self: flex-start; }
	footer { display: flex; flex-direction: column; gap: 8px; flex: none; max-height: 50vh; overflow: auto; padding: 10px 20px; border-top: 1px solid var(--line); }
	footer > * { max-width: 640px; }
	.buttons { flex-wrap: wrap; }
`;
