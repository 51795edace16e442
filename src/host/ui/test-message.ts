import * as vscode from 'vscode';
import { visibleLines } from './visible-text';

/** What a test says at a line. `diff` is shown as two documents, so it stays as it is. */
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

/** Lines for the terminal in which the output of tests is shown: control sequences would draw there. */
export const testOutput = (text: string): string => `${visibleLines(text).replaceAll('\n', '\r\n')}\r\n`;
