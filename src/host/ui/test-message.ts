import * as vscode from 'vscode';
import { visibleLines } from './visible-text';

/** A message of a test at a line. VS Code shows `diff` as two documents, so its texts are not changed. */
export function testMessage(
	text: string,
	location?: vscode.Location,
	diff?: { expected: string; actual: string },
): vscode.TestMessage {
	const message = new vscode.TestMessage(visibleLines(text));
	if (location) message.location = location;
	if (diff) {
		message.expectedOutput = diff.expected;
		message.actualOutput = diff.actual;
	}
	return message;
}

/** Test output for VS Code's terminal. Control sequences are escaped. */
export const testOutput = (text: string): string => `${visibleLines(text).replaceAll('\n', '\r\n')}\r\n`;
