// Lives in the same extension host as the product and tells a test how the host is. Needs no hook in the product.
const { createServer } = require('node:http');
const { monitorEventLoopDelay, performance } = require('node:perf_hooks');
const vscode = require('vscode');

let delay;

const operations = {
	command: ([id, ...args]) => vscode.commands.executeCommand(id, ...args),
	async open([path]) {
		await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: false });
	},
	/** Opens a file as a click in the explorer does. */
	show: ([path]) => vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path)),
	/** Starts to measure the delay of the host's event loop. */
	measure() {
		delay?.disable();
		delay = monitorEventLoopDelay({ resolution: 1 });
		delay.enable();
	},
	/** Delays since then, in milliseconds. */
	measured() {
		delay.disable();
		const ms = (ns) => ns / 1e6;
		return { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
	},
	/** Milliseconds of trivial requests to the editor and back, one after another. */
	async roundTrips([count]) {
		const times = [];
		for (let done = 0; done < count; done++) {
			const start = performance.now();
			await vscode.commands.executeCommand('setContext', 'probe', done);
			times.push(performance.now() - start);
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
		return times;
	},
	extension: ([id]) => {
		const extension = vscode.extensions.getExtension(id);
		return extension && { active: extension.isActive, version: extension.packageJSON.version };
	},
	/** Milliseconds that the activation took, with the parts of it that are the extension's own; undefined if it was active already. */
	async activate([id]) {
		const extension = vscode.extensions.getExtension(id);
		if (extension.isActive) return undefined;
		const start = performance.now();
		await extension.activate();
		return {
			total: performance.now() - start,
			load: between('willLoadExtensionCode', 'didLoadExtensionCode', id),
			call: between('willActivateExtension', 'didActivateExtension', id),
		};
	},
	commands: () => vscode.commands.getCommands(true),
	/** What hovers, completions and links show at a place, as one text. */
	async look([path, line, character]) {
		const uri = vscode.Uri.file(path);
		const at = new vscode.Position(line, character);
		const [hovers, list, links] = await Promise.all([
			vscode.commands.executeCommand('vscode.executeHoverProvider', uri, at),
			vscode.commands.executeCommand('vscode.executeCompletionItemProvider', uri, at),
			vscode.commands.executeCommand('vscode.executeLinkProvider', uri),
		]);
		return [
			...hovers.flatMap(({ contents }) => contents.map(({ value }) => `hover: ${value}`)),
			...list.items.map(({ label, detail }) => `completion: ${label.label ?? label} ${detail ?? ''}`),
			...links.map(({ target }) => `link: ${target}`),
		].join('\n');
	},
	text: () => vscode.window.activeTextEditor?.document.getText() ?? '',
	diagnostics: () =>
		vscode.languages
			.getDiagnostics()
			.flatMap(([uri, list]) =>
				list.map(({ message, range }) => ({ path: uri.path, message, line: range.start.line })),
			),
};

/** From the editor's own marks. */
function between(start, end, id) {
	const at = (mark) =>
		globalThis.MonacoPerformanceMarks?.getMarks().find(({ name }) => name === `code/extHost/${mark}/${id}`)?.startTime;
	return at(end) - at(start);
}

exports.activate = (context) => {
	const server = createServer(async (request, response) => {
		let text = '';
		for await (const chunk of request) text += chunk;
		try {
			const { operation, args } = JSON.parse(text);
			response.end(JSON.stringify({ result: (await operations[operation](args)) ?? null }));
		} catch (error) {
			response.end(JSON.stringify({ error: String(error) }));
		}
	});
	const listen = () => server.listen(Number(process.env.PROBE_PORT), '127.0.0.1');
	// The host of the window before a reload may still be there.
	server.on('error', () => setTimeout(listen, 100));
	listen();
	context.subscriptions.push({ dispose: () => server.close() });
};
