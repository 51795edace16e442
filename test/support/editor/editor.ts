import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { linkExtension, quietSettings, root, startEditor } from '../../../scripts/lib/editor.mjs';
import { freePort } from '../net/listen';
import { findBrowser } from './browser';
import { createEditorPage, type EditorPage } from './editor-page';
import { createEditorProcess, type EditorProcess } from './editor-process';
import { createProbe, type Probe } from './probe';

export interface EditorOptions {
	/** Files of the workspace by relative path. Given `.vscode/settings.json` is what the workspace's settings are. */
	files?: Record<string, string>;
	/** A folder whose files are copied into the workspace first. */
	copy?: string;
	/** User settings beyond the quiet ones. */
	settings?: Record<string, unknown>;
	/** A folder with the extension; the working tree unless given. */
	extension?: string;
	/** No folder linked: the extensions folder is prepared by the test. */
	extensionsDir?: string;
	/** Leave workspace trust on; the folder then opens untrusted. */
	restricted?: boolean;
	env?: Record<string, string>;
	viewport?: { width: number; height: number };
}

/** A real VS Code in a real browser, with helpers that read like what a user does. */
export interface Editor extends EditorPage, EditorProcess {
	page: Page;
	context: BrowserContext;
	/** The open workspace folder: a fresh copy. */
	folder: string;
	/** Everything that editor and browser wrote is below this folder: `user`, `browser`, `extensions`. */
	home: string;
	probe: Probe;
	/** Shows a file of the workspace. Not by the editor's list of files, which a new window is still making. */
	openFile(path: string): Promise<void>;
	/** What the browser complained about: page errors and violations of a content security policy. */
	complaints: string[];
	close(): Promise<void>;
}

// The runner ends a test that takes too long with a signal: the editor must go with it.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));

/** Starts the editor on a free port with a fresh profile. A few seconds; share one per test file. */
export async function openEditor(options: EditorOptions = {}): Promise<Editor> {
	const home = await mkdtemp(join(tmpdir(), 'messaging-workbench-'));
	const folder = join(home, 'workspace');
	const userData = join(home, 'user');
	const extensionsDir = options.extensionsDir ?? join(home, 'extensions');
	await mkdir(folder);
	await mkdir(join(userData, 'User'), { recursive: true });
	if (options.copy) await cp(options.copy, folder, { recursive: true });
	for (const [path, text] of Object.entries(options.files ?? {})) {
		await mkdir(join(folder, path, '..'), { recursive: true });
		await writeFile(join(folder, path), text);
	}
	const settings = { ...quietSettings, 'security.workspace.trust.banner': 'never', ...options.settings };
	await writeFile(join(userData, 'User', 'settings.json'), JSON.stringify(settings, undefined, '\t'));
	if (!options.extensionsDir) await linkExtension(extensionsDir, options.extension ?? root);
	await linkExtension(extensionsDir, join(root, 'test', 'support', 'editor', 'extension'), 'test.probe-0.0.1');
	const probePort = await freePort();

	const server = await startEditor({
		port: await freePort(),
		userData,
		extensionsDir,
		folder,
		trustEverything: !options.restricted,
		env: { PROBE_PORT: String(probePort), ...options.env },
	});
	const complaints: string[] = [];
	// A persistent context: what the browser keeps is then in files, where the search for secrets sees it.
	const context = await chromium.launchPersistentContext(join(home, 'browser'), {
		executablePath: findBrowser(),
		headless: true,
		viewport: options.viewport ?? { width: 1400, height: 900 },
		args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
		permissions: ['clipboard-read', 'clipboard-write'],
	});
	context.setDefaultTimeout(90_000);
	const page = context.pages()[0] ?? (await context.newPage());
	page.on('console', (message) => {
		const text = message.text();
		if (/Content Security Policy|Refused to/i.test(text)) complaints.push(text);
	});
	page.on('pageerror', (error) => complaints.push(String(error)));

	const closed = new AbortController();
	const close = async () => {
		closed.abort();
		await context.close().catch(() => {});
		await server.end();
		await rm(home, { recursive: true, force: true, maxRetries: 5 });
	};
	try {
		await page.goto(server.url);
		const editorPage = createEditorPage(page);
		await editorPage.ready();
		const probe = createProbe(probePort, closed.signal);
		return {
			...editorPage,
			...createEditorProcess(server, home),
			page,
			context,
			probe,
			async openFile(path) {
				await probe.open(join(folder, path));
				await page
					.locator('.part.editor .tab', { hasText: basename(path) })
					.first()
					.waitFor();
			},
			folder,
			home,
			complaints,
			close,
		};
	} catch (error) {
		await page.screenshot({ path: join(root, '.cache', 'shots', 'failed-to-open.png') }).catch(() => {});
		await close();
		throw error;
	}
}
