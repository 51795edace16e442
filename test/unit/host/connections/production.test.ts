import assert from 'node:assert/strict';
import test from 'node:test';
import type { createPanelApi, panelProfile } from '../../../../src/host/panel/api';
import type { itemOf, productionColors } from '../../../../src/host/sidebar/items';
import type { Profile } from '../../../../src/model/profile/profile';
import { loadHost } from '../../../support/host/load-host';

class Color {
	constructor(readonly id: string) {}
}
class Item {
	description?: string;
	resourceUri?: unknown;
	accessibilityInformation?: { label: string };
	constructor(readonly label: string) {}
}
const asked: string[] = [];
let answer: string | undefined;
const vscode = {
	ThemeColor: Color,
	ThemeIcon: class {},
	TreeItem: Item,
	TreeItemCollapsibleState: {},
	MarkdownString: class {
		appendText() {}
	},
	Uri: { from: (parts: object) => parts },
	workspace: { isTrusted: true, fs: {} },
	window: {
		async showWarningMessage(text: string, { detail = '' }: { detail?: string }) {
			asked.push(`${text} ${detail}`);
			return answer;
		},
	},
};

const profile = (more: Partial<Profile> = {}): Profile => ({
	id: 'p',
	name: 'Plant',
	protocol: 'mqtt',
	url: 'mqtt://plant.example',
	...more,
});

test('labels and colors only production connections in the sidebar', async () => {
	const { itemOf: item, productionColors: colors } = await loadHost<{
		itemOf: typeof itemOf;
		productionColors: typeof productionColors;
	}>('src/host/sidebar/items.ts', vscode);
	const services = { sessions: { get: () => undefined }, log: { redact: (text: string) => text } };
	const draw = (one: Profile) =>
		item(
			{ kind: 'connection', stored: { profile: one, source: { scope: 'user', label: 'user’s settings' } } } as never,
			services as never,
			false,
		) as unknown as Item;
	const marked = draw(profile({ production: true }));
	assert.equal(marked.description, 'production · mqtt://plant.example');
	assert.equal(marked.accessibilityInformation?.label, 'Plant, production, not connected');
	const decoration = (uri: unknown) => colors.provideFileDecoration(uri as never, {} as never) as { color: Color };
	assert.equal(decoration(marked.resourceUri).color.id, 'messagingWorkbench.productionForeground');
	const other = draw(profile());
	assert.equal(other.description, 'mqtt://plant.example');
	assert.equal(other.resourceUri, undefined);
	assert.equal(decoration({ scheme: 'file', path: '/p' }), undefined);
});

test('asks before each way to send from a panel to production, and sends nothing if the user declines', async () => {
	const host = await loadHost<{ createPanelApi: typeof createPanelApi; panelProfile: typeof panelProfile }>(
		'src/host/panel/api.ts',
		vscode,
	);
	const redact = (text: string) => text;
	assert.equal(host.panelProfile(profile({ production: true }), redact).production, true);
	assert.equal('production' in host.panelProfile(profile({ production: false }), redact), false);
	const sent: string[] = [];
	const panel = (one: Profile) => {
		const engine = new Proxy({}, { get: (_, name) => async () => sent.push(String(name)) });
		const session = { engine: () => engine };
		const services = {
			profiles: { find: () => ({ profile: one }) },
			sessions: { get: () => session, of: () => session },
		};
		return host.createPanelApi(services as never, {} as never, one.id, () => {});
	};
	const draft = { verb: 'publish', target: 'a', values: {}, payload: new Uint8Array() };
	const live = panel(profile({ production: true }));
	const no = /Nothing was sent to “Plant”/;
	await assert.rejects(async () => live.send(draft), no);
	await assert.rejects(async () => live.repeat(draft, 1000), no);
	await assert.rejects(async () => live.sendFile(draft, 'file-1'), no);
	assert.deepEqual(sent, []);
	assert.deepEqual(
		asked,
		['Publish · a · 0 bytes', 'Publish · a · 0 bytes · again every 1000 ms', 'Publish · a'].map(
			(what) => `“Plant” is marked as production. Send to it? ${what}`,
		),
	);
	answer = 'Send';
	await live.send(draft);
	assert.equal(asked.length, 4);
	await panel(profile()).send(draft);
	assert.deepEqual([sent, asked.length], [['send', 'send'], 4]);
});
