import { join } from 'node:path';
import { root } from '../../../scripts/lib/editor.mjs';
import { type Editor, openEditor } from '../editor/editor';

export const themes = [
	{ name: 'dark', theme: 'Default Dark Modern' },
	{ name: 'light', theme: 'Default Light Modern' },
] as const;

export interface Stage {
	theme?: string;
	connections: object[];
	viewport?: { width: number; height: number };
	files?: Record<string, string>;
}

/** The playground's broker at this port. */
export const farm = (port: number) => ({
	id: 'farm',
	name: 'Farm',
	protocol: 'mqtt',
	url: `mqtt://127.0.0.1:${port}`,
	subscriptions: [{ target: 'farm/#', qos: 1 }],
});

/** Opens the editor with these connections, runs the scene, and closes it. */
export async function onStage(stage: Stage, scene: (editor: Editor) => Promise<void>): Promise<void> {
	const theme = stage.theme ?? themes[0].theme;
	const editor = await openEditor({
		// In the user's settings, where a connection needs no approval.
		settings: {
			'workbench.colorTheme': theme,
			'workbench.preferredDarkColorTheme': theme,
			'messagingWorkbench.connections': stage.connections,
		},
		viewport: stage.viewport ?? { width: 1400, height: 860 },
		files: stage.files,
	});
	try {
		await editor.sidebar();
		await scene(editor);
	} catch (error) {
		await editor.page.screenshot({ path: join(root, '.cache', 'shot-failed.png') });
		throw error;
	} finally {
		await editor.close();
	}
}

/** Takes the picture; `path` is relative to the repository. The pointer is moved to where it shows nothing. */
export async function shoot(editor: Editor, path: string): Promise<void> {
	await editor.page.mouse.move(700, 5);
	await editor.page.addStyleTag({ content: '.notifications-toasts { display: none !important; }' });
	await editor.page.waitForTimeout(700);
	await editor.page.screenshot({ path: join(root, path) });
	process.stdout.write(`${path}\n`);
}
