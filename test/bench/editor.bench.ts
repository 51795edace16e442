import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/lib/editor.mjs';
import { run } from '../../scripts/lib/process.mjs';
import { type Editor, openEditor } from '../support/editor/editor';
import { connectAndOpen, settingsWith } from '../support/editor/panel-page';
import type { Probe } from '../support/editor/probe';
import { eventually } from '../support/run/eventually';
import { startFlood, yieldTo } from './flood-process';
import { delayRow, hostDelay } from './host-delay';
import type { Row } from './rows';

/** Long enough for the measurement; the flood stops when the editor closes. */
const messages = 50_000_000;
const measureMs = 10_000;
const windows = 5;
const extension = 'messaging-workbench.messaging-workbench';

/** The host's event loop and a trivial command: idle, then during a flood with sidebar and panel open. */
export async function bench(): Promise<Row[]> {
	const options = { messages, topics: 1000, payload: 100, properties: 0 };
	const { server, port } = await startFlood('test/bench/floods/flood-broker.mjs', options);
	yieldTo(server);
	const editor = await openEditor({
		files: settingsWith({
			id: 'flood',
			name: 'Flood',
			protocol: 'mqtt',
			url: `mqtt://127.0.0.1:${port}`,
			mqttVersion: '3.1.1',
			subscriptions: [{ target: '#' }],
		}),
	});
	try {
		const activation = await activations(editor);
		await editor.sidebar();
		await editor.row('Flood').waitFor();
		await editor.page.waitForTimeout(3000);
		const idle = await hostDelay(editor, measureMs);
		await connectAndOpen(editor, 'Flood');
		await eventually('flood', async () => {
			if (!/\d\/s/.test((await editor.statusBar()).join(' '))) throw new Error('nothing arrives');
		});
		const flood = await hostDelay(editor, measureMs);
		const rate = (await editor.statusBar()).find((text) => text.includes('/s')) ?? '';
		return [
			...activation,
			delayRow(`host loop delay p99 during the flood (${rate})`, flood.p99, idle.p99, '≤ 20 ms'),
			delayRow('host loop delay, longest', flood.max, idle.max),
			delayRow('trivial command, median', flood.command.median, idle.command.median, '≤ 50 ms'),
			delayRow('trivial command, p95', flood.command.p95, idle.command.p95, '≤ 50 ms'),
			delayRow('trivial command, p99', flood.command.p99, idle.command.p99),
			...(await packageSize()),
		];
	} finally {
		await editor.close();
		server.kill();
	}
}

/** Medians of several windows: of each, what the editor waits for until the extension is there, and the extension's part. */
async function activations({ page, probe, reload }: Editor): Promise<Row[]> {
	const found: NonNullable<Awaited<ReturnType<Probe['activate']>>>[] = [];
	while (found.length < windows) {
		// A window that is still starting has other things to do.
		await page.waitForTimeout(4000);
		// After a reload the host of the window before may still answer.
		found.push(await eventually('a fresh host', async () => must(await probe.activate(extension))));
		if (found.length < windows) await reload();
	}
	const row = (name: string, part: 'total' | 'load' | 'call', goal?: string): Row => {
		const values = found.map((one) => one[part]).sort((a, b) => a - b);
		const [min, middle, max] = [values[0], values[values.length >> 1], values.at(-1)].map((one) =>
			(one ?? 0).toFixed(0),
		);
		return { name, value: `${middle} ms`, reference: `${min}–${max} ms in ${windows} windows`, ...(goal && { goal }) };
	};
	return [
		row('activation, nothing connected', 'total', '≤ 100 ms'),
		row('of it, loading the code', 'load'),
		row('of it, activate()', 'call'),
	];
}

function must<T>(value: T | null | undefined): T {
	if (value === undefined || value === null) throw new Error('active already');
	return value;
}

async function packageSize(): Promise<Row[]> {
	const folder = await mkdtemp(join(tmpdir(), 'messaging-workbench-'));
	const out = join(folder, 'package.vsix');
	const made = await run(process.execPath, ['scripts/package.mjs', '--out', out], { cwd: root, timeoutMs: 120_000 });
	if (made.code !== 0) throw new Error(made.text);
	const { size } = await stat(out);
	await rm(folder, { recursive: true });
	return [{ name: 'package', value: `${(size / 1e6).toFixed(2)} MB`, goal: '< 3 MB' }];
}
