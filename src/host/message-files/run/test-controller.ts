import * as vscode from 'vscode';

/** The tests of message files for the Test Explorer. */
export interface FileTests {
	/** Finds the tests of a file; without an item, the files. */
	resolve(item: vscode.TestItem | undefined): Promise<void>;
	run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void>;
}

/** The controller of the tests. `load` is called when the Test Explorer needs them for the first time. */
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
