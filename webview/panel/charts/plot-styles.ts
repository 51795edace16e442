import { css } from 'lit';

/** The rules of uPlot's own style sheet for the parts that are used: a style sheet of the document does not reach a shadow root. */
export const plotStyles = css`
	.uplot, .uplot * { box-sizing: border-box; }
	.uplot { width: min-content; }
	.u-wrap { position: relative; user-select: none; }
	.u-over, .u-under { position: absolute; }
	.u-under { overflow: hidden; }
	.uplot canvas { display: block; position: relative; width: 100%; height: 100%; }
	.u-axis { position: absolute; }
	.u-select { position: absolute; pointer-events: none; background: var(--vscode-editor-selectionBackground); }
	.u-cursor-x, .u-cursor-y { position: absolute; left: 0; top: 0; pointer-events: none; }
	.u-hz .u-cursor-x { height: 100%; border-right: 1px dashed var(--dim); }
	.u-hz .u-cursor-y { width: 100%; border-bottom: 1px dashed var(--dim); }
	.u-cursor-pt { position: absolute; top: 0; left: 0; border-radius: 50%; pointer-events: none; }
	.u-off { display: none; }
`;
