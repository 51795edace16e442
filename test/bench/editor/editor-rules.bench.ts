import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type Editor, openEditor } from '../../support/editor/editor';
import { messagePage } from '../../support/editor/message-page';
import { eventually } from '../../support/run/eventually';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import { yieldTo } from '../flood-process';
import { delayRow, hostDelay } from '../host-delay';
import type { Row } from '../rows';

const measureMs = 5000;
/** Messages per second, and the QoS with which they come and go. */
const loads = [
	{ perSecond: 1000, qos: 0 },
	{ perSecond: 5000, qos: 0 },
	{ perSecond: 1000, qos: 1 },
];

const file = `# @connection Farm
${loads.map(({ perSecond, qos }) => rule(perSecond, qos)).join('\n')}`;

function rule(perSecond: number, qos: number): string {
	return `### ${perSecond} at QoS ${qos}
ON in/${perSecond}/${qos}
QoS: ${qos}

=== PUBLISH out/${perSecond}/${qos}
QoS: ${qos}

{{message.body}}
`;
}

/** The host's event loop and a trivial command while a rule forwards messages, with its file and the sidebar open. */
export async function bench(): Promise<Row[]> {
	const broker = await startMosquitto();
	const url = `mqtt://127.0.0.1:${broker.port}`;
	const editor = await openEditor({
		// The user's own: what a workspace's connections ask for would need approval.
		settings: { 'messagingWorkbench.connections': [{ id: 'farm', name: 'Farm', protocol: 'mqtt', url }] },
		files: { 'rules.messages': file },
	});
	try {
		await editor.sidebar();
		await editor.openFile('rules.messages');
		const pane = editor.page.locator('.pane-header', { hasText: 'Rules' });
		await pane.waitFor();
		await pane.click();
		await editor.page.waitForTimeout(5000);
		const idle = await hostDelay(editor, measureMs);
		const rows: Row[] = [];
		for (const load of loads) rows.push(...(await during(editor, broker, load, idle)));
		return rows;
	} finally {
		await editor.close();
		await broker.stop();
	}
}

async function during(
	editor: Editor,
	{ port }: Mosquitto,
	{ perSecond, qos }: (typeof loads)[number],
	idle: Awaited<ReturnType<typeof hostDelay>>,
): Promise<Row[]> {
	const name = `${perSecond} at QoS ${qos}`;
	await editor.rowButton(name, 'Run Rule');
	const page = messagePage(editor);
	await eventually('the rule runs', async () => {
		if (!(await page.lenses()).includes('Stop Rule')) throw new Error('not yet');
	});
	const options = { port, topic: `in/${perSecond}/${qos}`, count: 60 * perSecond, qos, perSecond };
	const publisher = fork('test/support/servers/numbered-publisher.mjs', [JSON.stringify(options)]);
	yieldTo(publisher);
	const described = async () => (await editor.row(name).innerText()).replace(/\s+/g, ' ');
	await eventually(`${name} arrives`, async () => {
		if (!/[1-9][^·]*\/s/.test(await described())) throw new Error('nothing arrives');
	});
	const delay = await hostDelay(editor, measureMs);
	const state = (await described()).replace(name, '').trim();
	publisher.kill();
	await once(publisher, 'exit');
	await editor.rowButton(name, 'Stop Rule');
	await eventually('the rule has stopped', async () => {
		if (!/stopped/.test(await described())) throw new Error('not yet');
	});
	return [
		delayRow(`host loop delay p99 with a rule at ${name} (${state})`, delay.p99, idle.p99, '≤ 20 ms'),
		delayRow(`trivial command p95 with a rule at ${name}`, delay.command.p95, idle.command.p95, '≤ 50 ms'),
	];
}
