import { css } from 'lit';

export const appStyles = css`
	:host { display: flex; flex-direction: column; height: 100vh; overflow: hidden; }
	.columns { display: flex; flex: 1 1 0; min-height: 0; min-width: 0; }
	.columns.down { flex-direction: column; }
	.down > .pane { min-height: 60px; }
	.down > .pane.grow { min-height: 150px; flex: 1 0 150px; }
	.pane { display: flex; min-width: 0; min-height: 0; overflow: hidden; }
	.pane > * { flex: 1 1 0; }
	[role='tabpanel'] { flex: 1 1 0; }
	.tabs { display: flex; gap: 2px; padding: 0 6px; flex: none; border-bottom: 1px solid var(--line); }
	.tabs button { padding: 5px 8px; border: 0; border-bottom: 1px solid transparent; background: none; color: var(--vscode-panelTitle-inactiveForeground, var(--dim)); font: inherit; cursor: pointer; }
	.tabs button[aria-selected='true'] { color: var(--vscode-panelTitle-activeForeground, inherit); border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--vscode-focusBorder)); }
	.compose-head { display: flex; align-items: center; flex: none; padding: 0 6px; border-top: 1px solid var(--line); background: var(--vscode-sideBarSectionHeader-background, transparent); }
	.fold { display: flex; align-items: center; gap: 2px; height: 22px; padding: 0 4px; border: 0; background: none; color: var(--vscode-sideBarSectionHeader-foreground, inherit); font: inherit; font-weight: 600; cursor: pointer; }
`;
