import { css } from 'lit';
import { iconStyles } from '../controls/icons';

/** For the document: removes the editor's default padding, since a page fills its tab. */
export const pageStyles = css`
	html, body { height: 100%; margin: 0; padding: 0 !important; overflow: hidden; }
	body { color: var(--vscode-foreground); background: var(--vscode-editor-background);
		font: var(--vscode-font-weight, normal) var(--vscode-font-size, 13px) var(--vscode-font-family, sans-serif); }
	/* Radio buttons, arrows of lists and numbers, and calendars are the browser's own. */
	body:is(.vscode-dark, .vscode-high-contrast:not(.vscode-high-contrast-light)) { color-scheme: dark; }
	/* The dark theme's current match is a light brown, on which its text has a contrast of 2.9. */
	body.vscode-dark { --mw-on-match: white; }
	/* The light themes' green and amber are made for icons: as text they have contrasts of 4.3 and 3.1 on white, 4.5 is needed. */
	body.vscode-light { --mw-bad: color-mix(in srgb, var(--vscode-errorForeground) 85%, black);
		--mw-good: color-mix(in srgb, var(--vscode-charts-green, var(--vscode-testing-iconPassed)) 85%, black);
		--mw-warn: color-mix(in srgb, var(--vscode-editorWarning-foreground, var(--vscode-charts-yellow)) 68%, black); }
`;

/** For every component. Colors come from the theme; high contrast themes add borders where others have none. */
export const shared = css`
	${iconStyles}
	:host { box-sizing: border-box; font-family: var(--vscode-font-family, sans-serif);
		--line: var(--vscode-contrastBorder, var(--vscode-panel-border, var(--vscode-widget-border, transparent)));
		--dim: var(--vscode-descriptionForeground);
		--bad: var(--mw-bad, var(--vscode-errorForeground));
		--good: var(--mw-good, var(--vscode-charts-green, var(--vscode-testing-iconPassed)));
		--warn: var(--mw-warn, var(--vscode-editorWarning-foreground, var(--vscode-charts-yellow)));
		--mono: var(--vscode-editor-font-family, monospace); }
	:host([hidden]), [hidden] { display: none !important; }
	*, *::before, *::after { box-sizing: border-box; }
	.dim { color: var(--dim); }
	.bad { color: var(--bad); }
	.good { color: var(--good); }
	.warn { color: var(--warn); }
	.mono { font-family: var(--mono); }
	.grow { flex: 1 1 0; min-width: 0; }
	.cut { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; min-width: 0; }
	.row { display: flex; align-items: center; gap: 6px; min-width: 0; }
	.hidden-text { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
	*:focus { outline: none; }
	*:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
	::-webkit-scrollbar { width: 10px; height: 10px; }
	::-webkit-scrollbar-thumb { background: var(--vscode-scrollbarSlider-background); }
	::-webkit-scrollbar-thumb:hover { background: var(--vscode-scrollbarSlider-hoverBackground); }
	::-webkit-scrollbar-corner { background: transparent; }
`;

/** Controls that the UI toolkit lacks, or whose popups a scrolling pane would clip, in the toolkit's look. */
export const controls = css`
	button.tool { display: inline-flex; align-items: center; justify-content: center; gap: 4px; min-width: 22px; height: 22px;
		padding: 2px 3px; border: 1px solid transparent; border-radius: 5px; color: inherit; background: transparent;
		font: inherit; white-space: nowrap; cursor: pointer; }
	button.tool.warn { color: var(--warn); }
	button.tool.dim { color: var(--dim); }
	button.tool:hover:not(:disabled, [aria-disabled='true']) { background: var(--vscode-toolbar-hoverBackground);
		outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
	button.tool:is(:disabled, [aria-disabled='true']) { opacity: 0.4; cursor: default; }
	button.tool[aria-pressed='true'] { color: var(--vscode-inputOption-activeForeground);
		background: var(--vscode-inputOption-activeBackground); border-color: var(--vscode-inputOption-activeBorder, transparent); }
	button.link { padding: 0; border: 0; background: none; color: var(--vscode-textLink-foreground); font: inherit; cursor: pointer; text-align: start; }
	button.link:hover { color: var(--vscode-textLink-activeForeground); text-decoration: underline; }
	input.text, select { height: 26px; min-width: 0; padding: 2px 8px; border-radius: 2px; font: inherit; }
	textarea.text { min-width: 0; padding: 4px 8px; border-radius: 2px; font: inherit; line-height: 1.4; }
	:is(input, textarea).text { color: var(--vscode-input-foreground); background: var(--vscode-input-background);
		border: 1px solid var(--vscode-input-border, var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent))); }
	:is(input, textarea).text::placeholder { color: var(--vscode-input-placeholderForeground); opacity: 1; }
	:is(input, textarea).text[aria-invalid='true'] { border-color: var(--vscode-inputValidation-errorBorder, var(--bad)); }
	select { color: var(--vscode-dropdown-foreground); background: var(--vscode-dropdown-background);
		border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent)); }
	option { color: var(--vscode-dropdown-foreground); background: var(--vscode-dropdown-listBackground, var(--vscode-dropdown-background)); }
	:is(input, textarea).text:focus, select:focus { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
	[role='tablist'] { display: flex; gap: 2px; }
	[role='tab'] { padding: 3px 8px; border: 0; border-bottom: 1px solid transparent; background: none; font: inherit; cursor: pointer;
		color: var(--vscode-panelTitle-inactiveForeground, var(--dim)); white-space: nowrap; }
	[role='tab']:hover { color: var(--vscode-panelTitle-activeForeground, inherit); }
	[role='tab'][aria-selected='true'] { color: var(--vscode-panelTitle-activeForeground, inherit);
		border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--vscode-focusBorder)); }
`;
