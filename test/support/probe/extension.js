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
	/** Milliseconds that the activation took, with loading the code. */
	async activate([id]) {
		const start = performance.now();
		await vscode.extensions.getExtension(id).activate();
		return performance.now() - start;
	},
	commands: () => vscode.commands.getCommands(true),
	diagnostics: () =>
		vscode.languages
			.getDiagnostics()
			.flatMap(([uri, list]) =>
				list.map(({ message, range }) => ({ path: uri.path, message, line: range.start.line })),
			),
};

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
	server.listen(Number(process.env.PROBE_PORT), '127.0.0.1');
	context.subscriptions.push({ dispose: () => server.close() });
};
