import { css, html, type TemplateResult } from 'lit';
import { icon } from '../controls/icons';

/** Has its own theme colors: the mark is neither an error nor a passing warning. */
export const productionStyles = css`
	.production { display: inline-flex; flex: none; align-items: center; gap: 4px; padding: 2px 8px 2px 5px;
		border-radius: 3px; white-space: nowrap; font-weight: 600;
		color: var(--vscode-messagingWorkbench-productionBadgeForeground); background: var(--vscode-messagingWorkbench-productionBadgeBackground);
		border: 1px solid var(--vscode-contrastBorder, transparent); }
`;

export function productionBadge(): TemplateResult {
	return html`<span class="production" title="Production: asks before sending">${icon('flame')} Production</span>`;
}
