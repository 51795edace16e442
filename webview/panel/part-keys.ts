/** Where the focus goes in a part, the best first: its list, its main input, or its first control. */
const landings = ['mw-virtual-list', '[role="combobox"]', 'textarea', 'input, select, button, [tabindex="0"]'];

const isShown = (element: Element) => element.checkVisibility({ visibilityProperty: true });

/** The first visible element that matches, also inside components. */
function findDeep(root: ParentNode, selector: string): HTMLElement | undefined {
	for (const element of root.querySelectorAll<HTMLElement>('*')) {
		if (element.matches(selector) && isShown(element) && !element.matches(':disabled, [disabled]')) return element;
		const inside = element.shadowRoot && isShown(element) ? findDeep(element.shadowRoot, selector) : undefined;
		if (inside) return inside;
	}
	return undefined;
}

/**
 * F6 and Shift+F6 move the focus from part to part, as they do between the parts of the editor's window. Before the first and
 * after the last part the key is left to the editor. A part has the attribute `data-part`.
 */
export function onPartKey(event: KeyboardEvent, root: ParentNode): void {
	if (event.key !== 'F6' || event.ctrlKey || event.altKey || event.metaKey) return;
	const parts = [...root.querySelectorAll('[data-part]')].filter(isShown);
	const at = parts.findIndex((part) => part.matches(':focus-within'));
	const part = parts[event.shiftKey ? (at < 0 ? parts.length : at) - 1 : at + 1];
	if (!part) return;
	// The editor would move the focus to another part of its window.
	event.preventDefault();
	event.stopPropagation();
	for (const selector of landings) {
		const landing = findDeep(part, selector);
		landing?.focus();
		if (landing) return;
	}
}
