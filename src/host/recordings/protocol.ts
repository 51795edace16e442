import type * as vscode from 'vscode';
import { fail } from '../../base/failure';
import type { RecordingHead } from '../../lines/recording';
import { describe, descriptions } from '../../protocols/descriptions';
import { pickOne } from '../ui/prompt';

const key = (uri: vscode.Uri) => `recorded-protocol:${uri}`;

/**
 * The protocol of a recording. For a file without a head the user chooses it once, and the choice is kept. Throws
 * `bad-recording`, or `cancelled`.
 */
export async function protocolOf(
	uri: vscode.Uri,
	head: RecordingHead | undefined,
	choices: vscode.Memento,
): Promise<string> {
	if (head && !describe(head.protocol))
		throw fail(
			'bad-recording',
			`The recording is of the protocol "${head.protocol.slice(0, 40)}", which this version does not support.`,
		);
	const chosen = head?.protocol ?? choices.get<string>(key(uri));
	if (chosen !== undefined && describe(chosen)) return chosen;
	const choice = await pickOne(
		descriptions.map(({ id, label, summary }) => ({ id, label, detail: summary })),
		{
			title: 'Protocol of the Recording',
			placeHolder: 'The file does not say which protocol its messages were recorded from.',
		},
	);
	if (!choice)
		throw fail('no-protocol', 'No protocol was chosen. Close the editor and open the file again to choose one.');
	await choices.update(key(uri), choice.id);
	return choice.id;
}
