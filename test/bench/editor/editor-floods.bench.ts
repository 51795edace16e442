import type { ChildProcess } from 'node:child_process';
import { type Editor, openEditor } from '../../support/editor/editor';
import { panelPage } from '../../support/editor/panel-page';
import { eventually } from '../../support/run/eventually';
import { type Flood, startFloods } from '../flood-servers';
import { delayRow, hostDelay } from '../host-delay';
import type { Row } from '../rows';

const measureMs = 5000;

/** The host's event loop and a trivial command during a flood of each protocol, one after another, with sidebar and panel open. */
export async function bench(): Promise<Row[]> {
	const { started, stop } = await startFloods();
	const editor = await openEditor({
		// The user's own: what a workspace's connections ask for would need approval.
		settings: {
			'messagingWorkbench.connections': started.map(({ flood: { name, profile }, port }) => ({
				id: name,
				name,
				...profile(port),
			})),
		},
	});
	try {
		await editor.sidebar();
		await editor.row('MQTT').waitFor();
		await editor.page.waitForTimeout(5000);
		const idle = await hostDelay(editor, measureMs);
		const rows: Row[] = [];
		for (const { flood, server } of started) rows.push(...(await during(editor, flood, server, idle)));
		return rows;
	} finally {
		await editor.close();
		await stop();
	}
}

async function during(
	editor: Editor,
	{ name, secret }: Flood,
	server: ChildProcess,
	idle: Awaited<ReturnType<typeof hostDelay>>,
): Promise<Row[]> {
	await editor.rowButton(name, 'Connect');
	if (secret !== undefined) await editor.answerHidden(secret);
	await editor.row(new RegExp(`^${name}.*open ·`)).waitFor();
	await editor.rowButton(name, 'Open Panel');
	await panelPage(editor);
	const rate = async () => (await editor.statusBar()).find((text) => text.includes('/s')) ?? '';
	await eventually(`${name} flood`, async () => {
		if (!/[1-9][^·]*\/s/.test(await rate())) throw new Error('nothing arrives');
	});
	const delay = await hostDelay(editor, measureMs);
	const arrived = (await rate()).replace(/^.*· /, '');
	if (arrived.startsWith('0/')) throw new Error(`The ${name} flood has dried up.`);
	await editor.rowButton(name, 'Disconnect');
	server.kill();
	return [
		delayRow(`host loop delay p99 during ${name} flood (${arrived})`, delay.p99, idle.p99, '≤ 20 ms'),
		delayRow(`trivial command p95 during ${name} flood`, delay.command.p95, idle.command.p95, '≤ 50 ms'),
	];
}
