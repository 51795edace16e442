import { eventually } from '../run/eventually';
import type { Editor } from './editor';

/** What a user sees and does in a message file. */
export function messagePage({ page }: Editor) {
	const lenses = page.locator('.part.editor .editor-instance .codelens-decoration a');
	const line = (text: string | RegExp) =>
		page.locator('.part.editor .editor-instance .view-line').filter({ hasText: text }).first();
	return {
		line,
		/** Texts of the drawn lenses, in no order. */
		async lenses() {
			return (await lenses.allInnerTexts()).map((text) => text.replaceAll('\u00a0', ' ').trim());
		},
		/** Clicks the lens of this title, from the top. */
		async lens(title: string, index = 0) {
			// Lenses are drawn anew whenever a state has changed: the one that was found may be gone.
			await eventually(`lens ${title}`, () =>
				lenses
					.filter({ hasText: new RegExp(`^\\s*${title}\\s*$`) })
					.nth(index)
					.click({ timeout: 10_000 }),
			);
		},
		/** What stands behind lines of the text without being part of it. */
		async notes(): Promise<string[]> {
			return await page.evaluate(() =>
				[...document.querySelectorAll('.part.editor .view-line span')]
					.map((element) => getComputedStyle(element, '::after').content)
					.filter((content) => content !== 'none' && content !== 'normal' && content !== '""')
					.map((content) => content.replace(/^"|"$/g, '').replaceAll('\u00a0', ' ')),
			);
		},
		/** Puts the cursor at the end of the line that holds this text. */
		async cursorAfter(text: string | RegExp) {
			await line(text).click();
			await page.keyboard.press('End');
		},
		/** Labels of the open list of suggestions. */
		async suggestions() {
			const rows = page.locator('.suggest-widget.visible .monaco-list-row .label-name');
			return await rows.allInnerTexts();
		},
		/** Rows of the Test Explorer with their states. */
		async tests() {
			const rows = page.locator('.test-explorer .monaco-list-row');
			return await rows.evaluateAll((all) => all.map((one) => `${one.textContent} ${one.getAttribute('aria-label')}`));
		},
	};
}
