import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { pagePolicy } from '../../../src/host/panel/policy';
import { findBrowser } from '../../support/editor/browser';
import { listen } from '../../support/net/listen';

const nonce = 'bm9uY2U';
const types: Record<string, string> = { js: 'text/javascript', css: 'text/css', ttf: 'font/ttf' };

export interface Harness {
	/** Loads a fresh document with empty storage in the one page of this harness; the document of an earlier call is gone. */
	open(query?: string, size?: { width: number; height: number }): Promise<Page>;
	close(): Promise<void>;
}

/** Bundles both pages and the fake host, serves them on loopback and starts a browser. */
export async function startHarness(): Promise<Harness> {
	const common = { bundle: true, write: false, platform: 'browser', target: 'es2022', logLevel: 'warning' } as const;
	const pages = await build({
		...common,
		plugins: [withFakeProtocol],
		format: 'esm',
		entryPoints: ['webview/panel.ts', 'webview/form.ts'],
		outdir: 'out',
		tsconfig: 'webview/tsconfig.json',
		loader: { '.ttf': 'file' },
		assetNames: '[name]',
		minify: true,
	});
	const host = await build({ ...common, format: 'iife', entryPoints: ['test/webview/harness/page.ts'], outdir: 'out' });
	const files = new Map(
		[...pages.outputFiles, ...host.outputFiles].map((file) => [file.path.split('/').at(-1) ?? '', file.contents]),
	);
	const server = createServer((request, response) => {
		const url = new URL(request.url ?? '/', 'http://localhost');
		const name = url.pathname.slice(1);
		const file = files.get(name);
		const type = types[name.split('.').at(-1) ?? ''];
		if (file && type) return response.writeHead(200, { 'content-type': type }).end(file);
		if (url.pathname === '/empty')
			return response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><body>');
		if (url.pathname !== '/') return response.writeHead(204).end();
		const kind = url.searchParams.get('page') === 'form' ? 'form' : 'panel';
		response.writeHead(200, {
			'content-type': 'text/html; charset=utf-8',
			'content-security-policy': pagePolicy(nonce, "'self'"),
		});
		response.end(`<!doctype html><html lang="en"><head><title>harness</title><link rel="stylesheet" href="/${kind}.css"></head><body><script nonce="${nonce}" src="/page.js"></script>
			<mw-${kind}></mw-${kind}><script type="module" nonce="${nonce}" src="/${kind}.js"></script></body></html>`);
	});
	const port = await listen(server);
	const browser: Browser = await chromium.launch({
		executablePath: findBrowser(),
		args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
	});
	const address = `http://127.0.0.1:${port}`;
	const context = await browser.newContext();
	const page = await context.newPage();
	// Only ends a wait that would never end: a shared machine may stall for a while.
	page.setDefaultTimeout(60_000);
	return {
		async open(query = '', size = { width: 1280, height: 800 }) {
			await page.setViewportSize(size);
			// The previous document stores its state when it is left, so storage is cleared from an empty page of the same origin.
			await page.goto(`${address}/empty`);
			await page.evaluate(() => localStorage.clear());
			await page.mouse.move(0, 0);
			await page.goto(`${address}/${query}`);
			return page;
		},
		async close() {
			await context.close();
			await browser.close();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Adds a protocol that uses every part of a description to the real ones. */
const withFakeProtocol: Plugin = {
	name: 'fake-protocol',
	setup(bundle) {
		const fake = resolve('test/webview/harness/descriptions.ts');
		bundle.onResolve({ filter: /\/protocols\/descriptions$/ }, ({ importer }) =>
			importer === fake ? undefined : { path: fake },
		);
	},
};
