import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness } from '../harness/harness';

const lines = (page: Page) => page.locator('mw-payload mw-lines');

const widths: [what: string, width: number, first: string][] = [
	['a wide panel', 2200, '00000000  7b 22 73 65 71 22 3a 39  39 38 2c 22 74 65 6d 70  {"seq":998,"temp'],
	['the default width', 1280, '000000  7b 22 73 65 71 22 3a 39  {"seq":9'],
	['a narrow panel', 340, '000000  7b 22 73 65  {"se'],
];
for (const [what, width, first] of widths) {
	test(`the lines of a hex dump fit ${what}`, async () => {
		const page = await harness.open('?rows=1000', { width, height: 800 });
		await page.locator('mw-log [data-position="998"]').click();
		await page.getByRole('tab', { name: 'Hex' }).first().click();
		if (width > 1280) {
			const split = page.getByRole('separator', { name: 'Size of the detail' });
			await split.focus();
			for (let press = 0; press < 55; press++) await page.keyboard.press('ArrowLeft');
		}
		await lines(page).getByText(first, { exact: true }).waitFor();
		const [line, box] = await lines(page).evaluate((element) => {
			const one = element.shadowRoot?.querySelector('.line') as HTMLElement;
			return [one.clientHeight, [element.scrollWidth, element.clientWidth]] as const;
		});
		assert.ok(line < 30, `a line of ${line} pixels is not wrapped`);
		assert.equal(box[0], box[1], 'nothing is cut');
	});
}

test('CBOR has the colors and folds of JSON, with tags and comments of its own', async () => {
	const page = await harness.open('?rows=10');
	const seq = await page.evaluate(() => window.harness.arriveBytes('a', [0xff]));
	await page.locator(`mw-log [data-position="${seq}"]`).click();
	await page.getByRole('tab', { name: 'CBOR' }).click();
	await lines(page).getByText("h'0102ff'").waitFor();
	const texts = (name: string) => lines(page).locator(`.${name}`).allInnerTexts();
	assert.deepEqual(await texts('key'), ['"name"', '7', '"at"', '"none"', '"list"']);
	assert.deepEqual(await texts('string'), ['"pump"', "h'0102ff'"]);
	assert.deepEqual(await texts('tag'), ['1']);
	assert.deepEqual(await texts('comment'), ['/ 2026-11-28T18:36:11.088Z /']);
	assert.deepEqual(await texts('word'), ['undefined']);
	await page.getByRole('button', { name: 'Fold line 6' }).click();
	await lines(page).getByText('… 2 lines …').waitFor();
	await page.getByRole('button', { name: 'Fold line 1' }).click();
	await lines(page).getByText('… 8 lines …').waitFor();
});

test('a comparison marks what changed inside a line, for every reader', async () => {
	const page = await harness.open('?rows=1000');
	await page.locator('mw-log [data-position="998"]').click();
	await page.getByRole('button', { name: 'Changes since the previous message' }).click();
	await lines(page).locator('ins.part').waitFor();
	assert.deepEqual(await lines(page).locator('del.part').allInnerTexts(), ['997']);
	assert.deepEqual(await lines(page).locator('ins.part').allInnerTexts(), ['998']);
	// A line that is new as a whole has no marks inside it.
	assert.deepEqual(await lines(page).locator('ins:not(.part)').allInnerTexts(), ['  "new": true']);
	assert.equal(await lines(page).getByRole('img', { name: 'Added' }).count(), 2);
	assert.equal(await lines(page).getByRole('img', { name: 'Removed' }).count(), 1);
});

test('a comparison hides unchanged lines far from a change until they are opened', async () => {
	const page = await harness.open('?rows=1000');
	await page.locator('mw-log [data-position="990"]').click();
	await page.getByRole('button', { name: 'Changes since the previous message' }).click();
	await lines(page).getByText('"line": 2,').waitFor();
	assert.equal(await lines(page).getByText('"line": 3,').count(), 0);
	await lines(page).getByRole('button', { name: '… 18 unchanged lines …' }).click();
	await lines(page).getByText('"line": 19,').waitFor();
});
