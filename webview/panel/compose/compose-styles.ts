import { css } from 'lit';

export const composeStyles = css`
	:host { display: flex; flex-direction: column; min-height: 0; min-width: 0; padding: 6px 8px; gap: 6px; overflow: hidden; container-type: inline-size; }
	.form { display: flex; gap: 12px; flex: 1 1 0; min-height: 0; }
	.left { flex: 3 1 0; min-width: 0; display: flex; flex-direction: column; gap: 4px; }
	.right { flex: 2 1 0; min-width: 0; overflow: auto; padding-inline-end: 2px; }
	.line { display: flex; gap: 6px; align-items: center; }
	mw-payload-editor { flex: 1 1 0; }
	.foot { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; flex: none; }
	.every { width: 76px; }
	@container (max-width: 520px) {
		:host { overflow: auto; }
		.form { flex-direction: column; flex: 1 0 auto; }
		.left, .right { flex: none; overflow: visible; }
		mw-payload-editor { min-height: 160px; }
	}
`;
