import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { root } from '../../../scripts/lib/editor.mjs';
import { eventually } from '../run/eventually';

/** What a user does and sees, in words. Everything waits until it can be done, at most 90 s. */
export interface EditorPage {
	/** Resolves when the workbench is drawn. */
	ready(): Promise<void>;
	/** Runs a command by its title through the command palette. */
	command(title: string): Promise<void>;
	/** Chooses an entry of the open quick pick. */
	pick(text: string): Promise<void>;
	/** Types into the open input box and presses Enter. */
	answer(text: string): Promise<void>;
	/** The same for a box that shows dots. */
	answerHidden(text: string): Promise<void>;
	/** Answers the dialog that asks for a file to write, when it has a proposal. */
	saveAs(path: string): Promise<void>;
	/** Shows a view container of the activity bar. */
	sidebar(title?: string): Promise<void>;
	/** A row of a tree in the sidebar. */
	row(text: string | RegExp): Locator;
	/** Texts of the drawn rows in the sidebar, top first. */
	rows(): Promise<string[]>;
	/** Clicks an inline button of a row. */
	rowButton(text: string | RegExp, title: string): Promise<void>;
	/** Opens a row that has others below it. */
	expand(text: string | RegExp): Promise<void>;
	/** Chooses from a row's context menu. */
	rowMenu(text: string | RegExp, item: string): Promise<void>;
	/** The page inside the webview that holds this selector. */
	webview(selector: string): Promise<Frame>;
	notifications(): Promise<string[]>;
	/** Clicks a button of a notification or of a modal dialog. */
	button(label: string): Promise<void>;
	dismissNotifications(): Promise<void>;
	/** Texts of the status bar's items. */
	statusBar(): Promise<string[]>;
	/** Titles of the open editor tabs. */
	tabs(): Promise<string[]>;
	/** Goes to the editor tab with exactly this title. */
	showTab(title: string): Promise<void>;
	/** The visible lines of the active text editor. */
	editorText(): Promise<string>;
	reload(): Promise<void>;
	/** A picture into .cache/shots. */
	shot(name: string): Promise<void>;
}

export function createEditorPage(page: Page): EditorPage {
	const quickInput = page.locator('.quick-input-widget');
	const row = (text: string | RegExp) =>
		page.locator('.part.sidebar .monaco-list-row').filter({ hasText: text }).first();

	const ready = async () => {
		await page.waitForSelector('.monaco-workbench .part.statusbar .statusbar-item', { timeout: 120_000 });
		await page.waitForSelector('.monaco-workbench .part.activitybar .action-item', { timeout: 120_000 });
	};
	const pick = async (text: string) => {
		await quickInput.locator('.monaco-list-row').filter({ hasText: text }).first().click();
	};
	const answer = async (selector: string, text: string) => {
		const input = quickInput.locator(selector);
		await input.waitFor({ state: 'visible' });
		await input.fill(text);
		await input.press('Enter');
	};
	const texts = async (locator: Locator) =>
		(await locator.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()).filter(Boolean);

	return {
		ready,
		row,
		pick,
		async command(title) {
			// The palette opens with the focus anywhere, but not while another one is closing; an editor that is still starting
			// takes it away again.
			await eventually(`palette with "${title}"`, async () => {
				// An open palette keeps the commands that were available when it was opened.
				if (await quickInput.isVisible()) await page.keyboard.press('Escape');
				await page.keyboard.press('F1');
				const input = quickInput.locator('.quick-input-box input');
				await input.waitFor({ state: 'visible', timeout: 15_000 });
				await input.fill(`>${title}`, { timeout: 10_000 });
				const first = quickInput.locator('.monaco-list-row').filter({ hasText: title }).first();
				await first.waitFor({ state: 'visible', timeout: 15_000 });
				await first.click({ timeout: 15_000 });
			});
		},
		answer: (text) => answer('.quick-input-box input', text),
		async saveAs(path) {
			const input = quickInput.locator('.quick-input-box input');
			await eventually('a proposal', async () => assert.notEqual(await input.inputValue(), ''));
			// The dialog looks at the folder while one types, and hears nothing meanwhile.
			await eventually('the dialog closes', async () => {
				if (!(await input.isVisible())) return;
				await input.fill(path);
				await input.press('Enter');
				await input.waitFor({ state: 'hidden', timeout: 3000 });
			});
		},
		answerHidden: (text) => answer('.quick-input-box input[type=password]', text),
		async sidebar(title = 'Messaging') {
			const tab = page.locator('.part.activitybar .action-item').filter({
				has: page.locator(`a[aria-label^="${title}"]`),
			});
			const shown = page.locator('.part.sidebar .composite.title').filter({ hasText: title });
			// A second click hides it again, also one that comes just before the editor restores it by itself.
			await eventually(`sidebar ${title}`, async () => {
				if (!(await shown.isVisible())) await tab.click();
				await shown.waitFor({ timeout: 10_000 });
			});
		},
		rows: () => texts(page.locator('.part.sidebar .monaco-list-row')),
		async rowButton(text, title) {
			const button = row(text)
				.locator(`a.action-label[aria-label^="${title}"], a.action-label[title^="${title}"]`)
				.first();
			const said = () =>
				row(text)
					.innerText({ timeout: 1000 })
					.catch(() => undefined);
			const before = await row(text).innerText();
			const toggles = /^(Connect|Disconnect)$/.test(title);
			// A button that the editor draws anew between pressing and releasing does not hear the click: a user clicks again.
			await eventually(`button "${title}"`, async () => {
				if (toggles && (await said()) !== before) return;
				// The hover of the row below the pointer may cover this one.
				await page.mouse.move(0, 0);
				await row(text).hover({ timeout: 10_000 });
				await button.click({ timeout: 10_000 });
				if (!toggles) return;
				for (let waited = 0; waited < 5000; waited += 100) {
					// What it says has changed, or it asks for something.
					if ((await said()) !== before || (await quickInput.isVisible())) return;
					await page.waitForTimeout(100);
				}
				throw new Error(`The row still says: ${before}`);
			});
		},
		async expand(text) {
			const open = page
				.locator('.part.sidebar .monaco-list-row[aria-expanded="true"]')
				.filter({ hasText: text })
				.first();
			// A click on a row that moves meanwhile is heard by its neighbor: a user clicks again.
			await eventually(`the rows below ${text}`, async () => {
				if (await open.isVisible()) return;
				await row(text).click({ timeout: 10_000 });
				await open.waitFor({ timeout: 3000 });
			});
		},
		async rowMenu(text, item) {
			const entry = page.locator('.monaco-menu .action-item').filter({ hasText: item }).first();
			// A row that the editor moves between pressing and releasing opens the menu of its neighbor: a user tries again.
			await eventually(`menu with "${item}"`, async () => {
				await row(text).click({ button: 'right', timeout: 10_000 });
				await entry.waitFor({ timeout: 3000 }).catch(async (error) => {
					await page.keyboard.press('Escape');
					throw error;
				});
			});
			// A menu that has just opened takes the first click for the end of the one that opened it.
			await eventually(`menu item "${item}"`, async () => {
				await entry.click({ timeout: 10_000 });
				await entry.waitFor({ state: 'hidden', timeout: 2000 });
			});
		},
		async webview(selector) {
			return await eventually(`a webview with ${selector}`, async () => {
				for (const frame of page.frames()) {
					if (frame === page.mainFrame()) continue;
					const there = await isShown(frame, selector).catch(() => false);
					if (there) return frame;
				}
				throw new Error(
					`Frames: ${page
						.frames()
						.map((frame) => frame.url().slice(0, 120))
						.join('\n')}`,
				);
			});
		},
		notifications: () => texts(page.locator('.notifications-toasts .notification-toast')),
		async button(label) {
			const button = page.locator('.notification-toast .monaco-button, .monaco-dialog-box .monaco-button');
			await button.filter({ hasText: label }).first().click();
		},
		async dismissNotifications() {
			const close = page.locator('.notifications-toasts .codicon-notifications-clear');
			while (await close.first().isVisible()) {
				await page.locator('.notification-toast').first().hover();
				await close.first().click();
			}
		},
		statusBar: () => texts(page.locator('.part.statusbar .statusbar-item')),
		tabs: () => texts(page.locator('.part.editor .tab .tab-label')),
		async showTab(title) {
			const label = page.locator('.label-name', { hasText: new RegExp(`^${title}$`) });
			await page.locator('.part.editor .tab').filter({ has: label }).first().click();
		},
		async editorText() {
			const lines = page.locator('.part.editor .editor-instance .view-lines').first();
			await lines.waitFor({ state: 'visible' });
			return (await lines.innerText()).replaceAll('\u00a0', ' ');
		},
		async reload() {
			await page.reload();
			await ready();
		},
		async shot(name) {
			const folder = join(root, '.cache', 'shots');
			await mkdir(folder, { recursive: true });
			await page.screenshot({ path: join(folder, `${name}.png`) });
		},
	};
}

/** Visible in its frame, and every frame around it visible in its own: the page of a hidden tab may still be there. */
async function isShown(frame: Frame, selector: string): Promise<boolean> {
	if (!(await frame.locator(selector).first().isVisible())) return false;
	for (let inner: Frame | null = frame; inner?.parentFrame(); inner = inner.parentFrame()) {
		const element = await inner.frameElement();
		if (!(await element.isVisible())) return false;
		// The page of a tab that is being closed may still lie below that of the next one.
		if (inner.parentFrame()?.parentFrame() === null && (await element.evaluate(isCovered))) return false;
	}
	return true;
}

/** Whether another page lies above this one. */
function isCovered(element: Element): boolean {
	const { x, y, width, height } = element.getBoundingClientRect();
	const top = document.elementFromPoint(x + width / 2, y + height / 2);
	return top?.localName === 'iframe' && top !== element;
}
