import { css, html, nothing, type TemplateResult } from 'lit';
import type { Words } from '../../../src/protocols/description';
import { count } from '../../base/words';
import type { Selection } from './selection';

export const selectionStyles = css`
	.selection { padding: 2px 8px; flex: none; color: var(--dim); border-top: 1px solid var(--line); font-size: 0.92em; }
`;

/** How many messages are selected, and the result of the last command on them. */
export function selectionBar(
	{ message, messages }: Words,
	{ size, isFull }: Selection,
	result: string,
): TemplateResult | typeof nothing {
	if (size < 2 && result === '') return nothing;
	const limit = isFull ? ' (no more can be selected)' : '';
	const selected = size < 2 ? '' : `${count(size, message, messages)} selected${limit}`;
	return html`<div class="selection" role="status">${[selected, result].filter(Boolean).join(' · ')}</div>`;
}
