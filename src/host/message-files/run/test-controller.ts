import * as vscode from 'vscode';

/** What the Test Explorer asks for. */
export interface FileTests {
	/** Without an item: all files. */
	resolve(item: vscode.TestItem | undefined): Promise<void>;
	run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void>;
}

/** Where every request is a test; what answers is loaded with the first question. */
export function createTestController(load: () => Promise<FileTests>): vscode.TestController {
	const controller = vscode.tests.createTestController('messagingWorkbench.files', 'Message Files');
	controller.resolveHandler = async (item) => (await load()).resolve(item);
	controller.refreshHandler = async () => (await load()).resolve(undefined);
	controller.createRunProfile(
		'Run',
		vscode.TestRunProfileKind.Run,
		async (request, token) => (await load()).run(request, token),
		true,
	);
	return controller;
}
