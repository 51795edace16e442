import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Page } from 'playwright-core';
import { type Harness, startHarness } from './serve';

let started: Promise<Harness> | undefined;

/** The page of this process, which the files of tests in it share. It starts with the first document. */
export const harness: Pick<Harness, 'open'> = {
	async open(...document) {
		started ??= startHarness();
		return (await started).open(...document);
	},
};
after(async () => (await started)?.close());

/** Saves a screenshot in .cache/shots. */
export async function shot(page: Page, name: string): Promise<void> {
	await mkdir('.cache/shots', { recursive: true });
	await page.screenshot({ path: join('.cache/shots', `${name}.png`) });
}
