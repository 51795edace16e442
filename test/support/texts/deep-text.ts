import type { Locator } from 'playwright-core';

/** The text of an element and of all shadow trees in it, as it is drawn, in one line. */
export async function deepText(locator: Locator): Promise<string> {
	const text = await locator.first().evaluate((element) => {
		const collect = (node: Node): string => {
			if (node instanceof Text) return node.data;
			if (node instanceof HTMLStyleElement) return '';
			if (node instanceof HTMLSlotElement) {
				const assigned = node.assignedNodes();
				return (assigned.length > 0 ? assigned : [...node.childNodes]).map(collect).join('');
			}
			const root = node instanceof Element ? node.shadowRoot : null;
			const text = [...(root ?? node).childNodes].map(collect).join('');
			return node instanceof HTMLElement && getComputedStyle(node).display !== 'inline' ? `${text}\n` : text;
		};
		return collect(element);
	});
	return text.replace(/\s+/g, ' ').trim();
}
