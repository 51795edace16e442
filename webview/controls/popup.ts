import { css } from 'lit';

export const popupStyles = css`
	[popover] { margin: 0; inset: auto; border-radius: 3px; box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent); font: inherit;
		border: 1px solid var(--vscode-editorSuggestWidget-border, var(--vscode-menu-border, var(--vscode-contrastBorder, transparent))); }
`;

/** Shows or hides a popover next to an element. It is in the browser's top layer, so no scrolling pane clips it. */
export function popUp(sheet: HTMLElement | null, beside: Element | null, open: boolean, side: 'above' | 'below'): void {
	if (!sheet || !beside) return;
	const isOpen = sheet.matches(':popover-open');
	if (!open) {
		if (isOpen) sheet.hidePopover();
		return;
	}
	if (!isOpen) sheet.showPopover();
	const anchor = beside.getBoundingClientRect();
	const { width, height } = sheet.getBoundingClientRect();
	const above = anchor.top - height - 2;
	const below = anchor.bottom + 2;
	const fitsBelow = below + height <= window.innerHeight;
	const top = side === 'above' ? (above >= 0 ? above : below) : fitsBelow ? below : above;
	const left = Math.max(4, Math.min(anchor.left, window.innerWidth - width - 4));
	sheet.style.setProperty('top', `${Math.max(0, top)}px`);
	sheet.style.setProperty('left', `${left}px`);
}
