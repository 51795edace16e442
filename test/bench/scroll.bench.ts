import type { Page } from 'playwright-core';
import { startHarness } from '../webview/harness/serve';
import type { Row } from './rows';

/** How long each run lasts. Milliseconds. */
const length = 4000;

/** The times between frames while `step` is called in each of them, in order of size. Milliseconds. */
async function frames(page: Page, step: 'nothing' | 'scroll' | 'jump'): Promise<number[]> {
	return page.evaluate(
		async ({ step, length }) => {
			const find = (root: Document | ShadowRoot): HTMLElement | undefined => {
				for (const element of root.querySelectorAll<HTMLElement>('*')) {
					if (element.localName === 'mw-virtual-list' && element.getAttribute('role') === 'grid') return element;
					const found = element.shadowRoot && find(element.shadowRoot);
					if (found) return found;
				}
				return undefined;
			};
			const list = find(document);
			if (!list && step !== 'nothing') throw new Error('The page has no log.');
			const times: number[] = [];
			let last = await new Promise(requestAnimationFrame);
			const end = last + length;
			let turn = 0;
			while (last < end) {
				turn++;
				if (list && step === 'scroll') list.scrollTop += turn % 200 < 100 ? -40 : 37;
				if (list && step === 'jump' && turn % 6 === 0)
					list.scrollTop = (((turn * 7919) % 1000) / 1000) * list.scrollHeight;
				const now = await new Promise<number>(requestAnimationFrame);
				times.push(now - last);
				last = now;
			}
			return times.sort((a, b) => a - b);
		},
		{ step, length },
	);
}

const at = (sorted: readonly number[], part: number) =>
	sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

/** Scrolling the log over a million messages against a page that draws nothing, in the same run. */
export async function bench(): Promise<Row[]> {
	const harness = await startHarness();
	try {
		const empty = await harness.open('empty');
		const still = await frames(empty, 'nothing');
		const page = await harness.open('?rows=1000000&topics=100000');
		await page.locator('mw-log [data-position="999999"]').waitFor();
		// The page's own start is not what is measured.
		await frames(page, 'nothing');
		const lines: Row[] = [];
		for (const step of ['scroll', 'jump'] as const) {
			const moving = await frames(page, step);
			const what = step === 'scroll' ? 'scrolling the log of 1,000,000' : 'jumping in the log of 1,000,000';
			for (const part of [0.5, 0.99]) {
				const [own, other] = [at(moving, part), at(still, part)];
				lines.push({
					name: `${what}: frame time p${part * 100}`,
					value: `${own.toFixed(1)} ms`,
					reference: `${other.toFixed(1)} ms, empty page`,
					ratio: own / other,
				});
			}
		}
		return lines;
	} finally {
		await harness.close();
	}
}
