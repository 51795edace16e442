import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { choicePage } from '../../../src/choose/page';
import { rank } from '../../../src/choose/rank';
import { toHtml } from '../../../src/compare/report/html';
import type { Cell, Report } from '../../../src/compare/report/types';
import { descriptions } from '../../../src/protocols/descriptions';
import { assertAccessible } from '../harness/accessibility';
import { harness, shot } from '../harness/harness';
import { themes } from '../harness/themes';

const compared = ['mqtt', 'coap', 'amqp', 'kafka'].flatMap((id) => descriptions.find((one) => one.id === id) ?? []);

/** One cell for each protocol and size, the last of them with a problem. */
const cells = [16, 1024].flatMap((size) =>
	compared.map(({ comparison }, subject): Cell => {
		const route = comparison?.routes('farm')['at-least-once'];
		const run = (factor: number): Cell['runs'][number] => ({
			latency: { p50: 0.31 * factor, p99: 1.2 * factor, p999: 4 * factor, max: 9 * factor },
			...{ sent: 1000, refused: 0, delivered: 1000 - subject, lost: subject, duplicated: 0, reordered: 0, delay: 2 },
			sender: { sent: size + 20 * factor, received: 4 },
			receiver: { sent: 4, received: subject === 1 ? 0 : size + 20 },
		});
		const isLast = subject === compared.length - 1;
		return {
			...{ subject, guarantee: 'at-least-once', size, label: route?.label ?? '', measures: route?.measures ?? '' },
			...{ runs: isLast ? [] : [1, 1.2, 1.1].map((factor) => run(factor * (subject + 1))), refusedRuns: 0 },
			...{ foreign: subject === 2 ? 12 : 0, hops: subject === 1 ? 1 : 2, capacity: { rate: 30_000 / (subject + 1) } },
			...(isLast && { problem: 'Nothing on 127.0.0.1 accepts connections at port 9092.' }),
		};
	}),
);
const report: Report = {
	...{ version: 1, made: Date.UTC(2026, 10, 29), product: 'Messaging Workbench', cells },
	machine: { cpu: 'A processor', cores: 2, memory: 2 ** 34, system: 'Linux 6', node: 'v20' },
	settings: { sizes: [16, 1024], rate: 200, seconds: 1, runs: 3, warmUp: 0.5, maxDelay: 20 },
	subjects: compared.map(({ id, label }, index) => ({
		...{ name: `Connection ${label} farm/soil`, protocol: id, label, target: 'farm/soil', where: 'loopback' },
		...{ facts: 'Server: one with a long name, Session: new', encrypted: index === 2 },
		connecting: { ms: 5, bytes: { sent: 34, received: 11 }, roundTrips: 2, sockets: 1 },
	})),
};
const needs = ['browser', 'low-latency', 'exactly-once'] as const;
const pages = {
	report: toHtml(report, 'n'),
	choice: choicePage({
		...{ needs, ranked: rank(needs, descriptions), figures: { mqtt: '0.3 ms and 76 bytes for 16 B' }, nonce: 'n' },
		...{ change: 'command:change', tryIt: (id) => `command:try?${id}`, starter: (id) => `command:starter?${id}` },
	}),
};

/** The page as the editor shows it in this theme; without one, as a file in a browser. */
async function show(html: string, width: number, theme?: string): Promise<Page> {
	const page = await harness.open('empty', { width, height: 900 });
	await page.setContent(html);
	const shown = theme === undefined ? undefined : themes[theme];
	await page.evaluate(({ kind, colors }) => {
		document.body.className = kind;
		for (const [key, color] of Object.entries(colors))
			document.documentElement.style.setProperty(`--vscode-${key}`, color);
	}, shown ?? { kind: '', colors: {} });
	return page;
}

for (const [name, html] of Object.entries(pages))
	for (const theme of Object.keys(themes))
		test(`the page ${name} has no axe violation in the theme ${theme}, and fits a narrow editor`, async () => {
			const page = await show(html, 400, theme);
			assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 400);
			await assertAccessible(page, `${name} in ${theme}`);
			await shot(page, `page-${name}-${theme}-narrow`);
		});

for (const colorScheme of ['light', 'dark'] as const)
	test(`the report has no axe violation as a file in a browser that is ${colorScheme}`, async () => {
		const page = await show(pages.report, 1000);
		await page.emulateMedia({ colorScheme });
		await assertAccessible(page, `the report in ${colorScheme}`);
		await shot(page, `page-report-browser-${colorScheme}`);
		await page.emulateMedia({ colorScheme: null });
	});

test('the keyboard reaches each link of the choice, and each table that scrolls', async () => {
	const focused = async (page: Page) => {
		await page.keyboard.press('Tab');
		return page.evaluate(
			() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent,
		);
	};
	const choice = await show(pages.choice, 400, 'dark');
	const links = [await focused(choice), await focused(choice), await focused(choice), await focused(choice)];
	assert.deepEqual(links, ['Change…', 'Try It', 'Starter Code…', 'Try It']);
	const page = await show(pages.report, 400, 'dark');
	assert.equal(await focused(page), 'At least once, 16 B');
	await page.keyboard.press('ArrowRight');
	await page.waitForFunction(() => (document.activeElement?.scrollLeft ?? 0) > 0);
});
