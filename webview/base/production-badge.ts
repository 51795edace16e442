import { css, html, type TemplateResult } from 'lit';
import { icon } from '../controls/icons';

/** Colors of its own: what is marked is no error, and no warning that goes away. */
export const productionStyles = css`
	.production { display: inline-flex; flex: none; align-items: center; gap: 4px; padding: 2px 8px 2px 5px; border-radius: 3px; white-space: nowrap; font-weight: 600;
		color: var(--vscode-messagingWorkbench-productionBadgeForeground); background: var(--vscode-messagingWorkbench-productionBadgeBackground);
		border: 1px solid var(--vscode-contrastBorder, transparent); }
`;

export function productionBadge(): TemplateResult {
	return html`<span class="production" title="Marked as production: sending to it asks first">${icon('flame')} Production</span>`;
}
