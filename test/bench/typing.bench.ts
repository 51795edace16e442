import { type Editor, openEditor } from '../support/editor/editor';
import { settingsWith } from '../support/editor/panel-page';
import { eventually } from '../support/run/eventually';
import type { Row } from './rows';

const requests = 5000;
const keys = 50;
/** Milliseconds between two keys: a quick typist. */
const pause = 120;

/** Typing in the middle of a large message file, against the same text as plain text in the same editor. */
export async function bench(): Promise<Row[]> {
	const text = `# @connection Farm\n@device = dev-7\n${Array.from({ length: requests }, (_, at) => request(at)).join('')}`;
	const editor = await openEditor({
		settings: { 'editor.minimap.enabled': false },
		files: {
			...settingsWith({ id: 'farm', name: 'Farm', protocol: 'mqtt', url: 'mqtt://127.0.0.1:1' }),
			'large.messages': text,
			'large.txt': text,
		},
	});
	try {
		await editor.page.waitForTimeout(4000);
		const plain = await typing(editor, 'large.txt');
		const own = await typing(editor, 'large.messages');
		return [
			row('key to changed text, median', own.median, plain.median, '≤ 1.3'),
			row('key to changed text, p95', own.p95, plain.p95, '≤ 1.5'),
			row('host loop delay p99 while typing', own.p99, plain.p99, '≤ 50 ms'),
			row('host loop delay, longest', own.max, plain.max),
			{
				name: 'a wrong value is marked',
				value: `${Math.round(await marked(editor))} ms after the key`,
				goal: '≤ 1,000 ms',
			},
			{
				name: 'a new request has its lens',
				value: `${Math.round(await lensed(editor))} ms after the key`,
				goal: '≤ 1,500 ms',
			},
		];
	} finally {
		await editor.close();
	}
}

const request = (n: number) =>
	`### Request ${n}\n# @name r${n}\nPUBLISH sensors/{{device}}/temp${n}\nQoS: 1\nContent-Type: application/json\n\n{ "t": {{$randomInt 15 30}}, "at": "{{$datetime iso8601}}" }\n\n?? duration < 200\n\n`;

async function typing(editor: Editor, file: string) {
	const { page, probe } = editor;
	await editor.openFile(file);
	await goTo(editor, 25_009);
	// What opening a file starts is not what typing costs.
	await page.waitForTimeout(6000);
	await page.keyboard.press('End');
	await page.evaluate(() => {
		const all: number[] = [];
		Object.assign(window, { latencies: all });
		window.addEventListener(
			'keydown',
			() => {
				const began = performance.now();
				const inText = ({ target }: MutationRecord) =>
					(target instanceof Element ? target : target.parentElement)?.closest('.view-lines') !== null;
				const watch = new MutationObserver((records) => {
					if (!records.some(inText)) return;
					watch.disconnect();
					requestAnimationFrame(() => all.push(performance.now() - began));
				});
				const part = document.querySelector('.part.editor');
				if (part) watch.observe(part, { subtree: true, childList: true, characterData: true });
			},
			true,
		);
	});
	await probe.measure();
	for (let at = 0; at < keys; at++) {
		await page.keyboard.press(at % 11 === 10 ? 'Space' : 'abcdefghij'.charAt(at % 11));
		await page.waitForTimeout(pause);
	}
	await page.waitForTimeout(2000);
	const { p99, max } = await probe.measured();
	const latencies = await page.evaluate(() =>
		(window as unknown as { latencies: number[] }).latencies.sort((a, b) => a - b),
	);
	await editor.shot(`typing-${file}`);
	if (latencies.length < keys * 0.9) throw new Error(`Only ${latencies.length} of ${keys} keys changed the text.`);
	const at = (part: number) => latencies[Math.floor(latencies.length * part)] ?? 0;
	return { median: at(0.5), p95: at(0.95), p99, max };
}

/** Milliseconds until what was typed last is marked as wrong. */
async function marked({ page }: Editor): Promise<number> {
	const line = page.locator('.part.editor .view-line').filter({ hasText: 'QoS: 1' }).first();
	await line.click();
	await page.keyboard.press('End');
	await page.waitForTimeout(2000);
	const marks = page.locator('.part.editor .squiggly-error');
	if ((await marks.count()) > 0) throw new Error('Something is wrong already.');
	const began = performance.now();
	await page.keyboard.press('9');
	await marks.first().waitFor();
	return performance.now() - began;
}

/** Milliseconds until a request that was typed has a lens above it. */
async function lensed({ page }: Editor): Promise<number> {
	const line = page.locator('.part.editor .view-line').filter({ hasText: '### Request' }).first();
	await line.click();
	await page.keyboard.press('Home');
	await page.waitForTimeout(2000);
	await page.keyboard.insertText('### New\nPUBLISH x\n');
	const began = performance.now();
	await page.keyboard.press('Enter');
	const lenses = page.locator('.part.editor .codelens-decoration').filter({ hasText: /Send/ });
	const request = page.locator('.part.editor .view-line').filter({ hasText: 'PUBLISH x' }).first();
	await eventually('lens', async () => {
		const below = (await request.boundingBox())?.y ?? 0;
		const boxes = await Promise.all((await lenses.all()).map((one) => one.boundingBox()));
		// On the line above, which is about 20 pixels high.
		if (!boxes.some((box) => box && box.y < below && box.y > below - 30)) throw new Error('not yet');
	});
	return performance.now() - began;
}

/** Accepted at once, the box of an editor that is still busy is not heard: then all keys would go there. */
async function goTo(editor: Editor, line: number): Promise<void> {
	const { page } = editor;
	const input = page.locator('.quick-input-widget .quick-input-box input');
	await eventually(`line ${line}`, async () => {
		if (!(await input.isVisible())) await page.keyboard.press('Control+G');
		await input.fill(`:${line}`, { timeout: 10_000 });
		await page.waitForTimeout(500);
		await input.press('Enter', { timeout: 10_000 });
		await input.waitFor({ state: 'hidden', timeout: 5000 });
		if (!(await editor.statusBar()).some((text) => text.includes(`Ln ${line},`))) throw new Error('is elsewhere');
	});
}

const row = (name: string, own: number, plain: number, goal?: string): Row => ({
	name,
	value: `${own.toFixed(1)} ms`,
	reference: `${plain.toFixed(1)} ms as plain text`,
	ratio: own / plain,
	...(goal ? { goal } : {}),
});
