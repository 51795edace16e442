import { css } from 'lit';

export const timelineStyles = css`
	:host { display: block; flex: none; position: relative; height: 41px; margin: 0 8px 2px; }
	.plot { position: relative; height: 26px; border-bottom: 1px solid var(--line); }
	.brush { position: absolute; inset: 0; cursor: crosshair; touch-action: none; user-select: none; }
	svg { display: block; overflow: visible; shape-rendering: crispEdges; }
	.received { fill: var(--vscode-charts-blue, currentColor); }
	.sent { fill: var(--vscode-charts-green, currentColor); }
	.failed { fill: var(--vscode-charts-red, var(--bad)); }
	.marked { fill: var(--warn); stroke: var(--vscode-editor-background); stroke-width: 1px; shape-rendering: auto; }
	.axis { position: relative; height: 14px; overflow: hidden; color: var(--dim); font-size: 10px; line-height: 14px;
		font-variant-numeric: tabular-nums; white-space: nowrap; }
	.axis span { position: absolute; top: 0; padding-inline-start: 3px; border-inline-start: 1px solid var(--line); }
	.shade { position: absolute; top: 0; bottom: 0; background: var(--vscode-editor-background); opacity: 0.65; pointer-events: none; }
	.chosen { position: absolute; top: 0; bottom: 0; pointer-events: none; border-inline: 1px solid var(--vscode-focusBorder); }
	.cursor { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--dim); pointer-events: none; }
	.hint { position: absolute; top: 30px; z-index: 5; padding: 2px 6px; border-radius: 3px; pointer-events: none; white-space: nowrap;
		color: var(--vscode-editorHoverWidget-foreground, inherit); background: var(--vscode-editorHoverWidget-background, var(--vscode-editor-background));
		border: 1px solid var(--vscode-editorHoverWidget-border, var(--line)); font-size: 0.92em; line-height: 1.4; font-variant-numeric: tabular-nums; }
	@media (max-height: 420px) { :host { display: none; } }
`;
