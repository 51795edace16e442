import type { Frame, Locator } from 'playwright-core';
import type { Editor } from './editor';

/** What a user does and sees in the panel of one connection. */
export interface PanelPage {
	frame: Frame;
	/** Rows of the message log that are drawn, oldest first. */
	log: Locator;
	/** Rows of the topic tree that are drawn. */
	topics: Locator;
	/** Rows of what the peer has. */
	nodes: Locator;
	detail: Locator;
	receipt: Locator;
	state: Locator;
	subscribe(target: string): Promise<void>;
	/** Filters the log by what a target and what a message contains. */
	filter(target: string, text?: string): Promise<void>;
	/** Chooses what to do, where a protocol has several ways to send. */
	verb(label: string): Promise<void>;
	/** Fills the compose form; nothing is sent. */
	compose(target: string, payload: string): Promise<void>;
	/** Fills the compose form and sends with the keyboard. */
	send(target: string, payload: string): Promise<void>;
	draft(): Promise<{ target: string; payload: string }>;
}

/**
 * The panel of a connection that is open already; the frame changes with every reload. With part of its `name`, not
 * that of another one that is about to be hidden.
 */
export async function panelPage(editor: Editor, name?: string): Promise<PanelPage> {
	const frame = await editor.webview(name === undefined ? 'mw-header h1' : `mw-header h1:has-text("${name}")`);
	const target = frame.locator('mw-compose mw-target-input input');
	const payload = frame.locator('mw-payload-editor textarea');
	const type = async (label: string, text: string) => {
		const input = frame.getByLabel(label);
		if ((await input.inputValue()) === text) return;
		await input.fill(text);
		// It is heard when the typing pauses.
		await editor.page.waitForTimeout(400);
	};
	const compose = async (to: string, text: string) => {
		await frame.locator('mw-payload-editor [role=tab]', { hasText: 'Text' }).click();
		await target.fill(to);
		await payload.fill(text);
	};
	return {
		frame,
		log: frame.locator('mw-log [role=row]'),
		topics: frame.locator('mw-topics [role=treeitem]'),
		nodes: frame.locator('mw-browse-tree [role=treeitem]'),
		detail: frame.locator('mw-detail'),
		receipt: frame.locator('mw-compose mw-receipt'),
		state: frame.locator('mw-header [role=status]'),
		compose,
		verb: async (label) => void (await frame.getByLabel('Operation').selectOption({ label })),
		async subscribe(to) {
			await frame.locator('mw-subscriptions button', { hasText: 'Subscribe' }).first().click();
			const input = frame.locator('mw-subscriptions form input:not([type=radio])').first();
			await input.fill(to);
			await input.press('Enter');
			await frame.locator('mw-subscriptions .chip', { hasText: to }).waitFor();
		},
		async filter(to, text = '') {
			await type('Filter by text', text);
			await type('Filter by topic', to);
		},
		async send(to, text) {
			if ((await payload.count()) > 0) {
				await compose(to, text);
				return await payload.press('Control+Enter');
			}
			// A verb without a payload, such as GET.
			await target.fill(to);
			await target.press('Control+Enter');
		},
		draft: async () => ({ target: await target.inputValue(), payload: await payload.inputValue() }),
	};
}

/** Back to the tab of a panel: the page in it is a new one. */
export async function showPanel(editor: Editor, name: string): Promise<PanelPage> {
	await editor.showTab(name);
	return await panelPage(editor, name);
}

/** Connects in the sidebar and opens the panel. */
export async function connectAndOpen(editor: Editor, name: string): Promise<PanelPage> {
	await editor.sidebar();
	await editor.row(name).waitFor();
	await editor.rowButton(name, 'Connect');
	await editor
		.row(new RegExp(`^${name}.*open ·`))
		.waitFor()
		.catch(async (error) => {
			throw new Error(`${error}\nSidebar: ${await editor.rows()}\nNotifications: ${await editor.notifications()}`);
		});
	await editor.rowButton(name, 'Open Panel');
	return await panelPage(editor, name);
}

/** The settings of a workspace with these connections. */
export function settingsWith(...connections: object[]): Record<string, string> {
	return {
		'.vscode/settings.json': JSON.stringify({ 'messagingWorkbench.connections': connections }, undefined, '\t'),
	};
}
