import * as vscode from 'vscode';
import type { Remote } from '../../base/rpc';
import { csvHead, toCsvRecord, toLine } from '../../lines/write';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { LogFilter } from '../../model/contracts/message';
import type { MessageCount } from '../../model/contracts/panel-api';
import type { Profile } from '../../model/profile/profile';
import { fileName } from '../../model/text/file-name';
import { formatCount } from '../../model/text/words';
import { describe } from '../../protocols/descriptions';
import { selectionTooLarge, unknownProtocol } from '../failures';
import { notify, withNotification } from '../ui/notify';
import { copiedText } from './copied-text';
import { type LogSource, linesOf, readMessages, viewOf } from './log-source';
import { openTextFile } from './text-file';

/** The end of the name of a recording. */
const recordingEnd = /(?:\.recording)?\.jsonl(?:\.gz)?$/i;

/** What the log belongs to. */
type Shown = Pick<Profile, 'name' | 'protocol'>;

/** Maximum characters of a copied text. */
const maxCopied = 32 * 1024 * 1024;

/** Copies messages of the log to the clipboard. */
export async function copyMessages(
	engine: Remote<EngineApi>,
	profile: Shown,
	messages: number[],
	as: 'json-lines' | 'payloads',
): Promise<MessageCount> {
	const { text, count } = await copiedText(engine, descriptionOf(profile), messages, as, maxCopied);
	if (text === undefined) throw selectionTooLarge(maxCopied);
	await vscode.env.clipboard.writeText(text);
	return count;
}

/** Asks for a file and writes messages of the log into it: these, or all that match the filter. */
export async function saveMessages(
	engine: Remote<EngineApi>,
	profile: Shown,
	messages: number[] | undefined,
	filter: LogFilter,
): Promise<MessageCount | undefined> {
	const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
	const name = fileName(profile.name.replace(recordingEnd, ''), '-log.jsonl', 'connection');
	const uri = await vscode.window.showSaveDialog({
		title: messages
			? `Save ${formatCount(messages.length)} ${messages.length === 1 ? 'Message' : 'Messages'}`
			: 'Save Log',
		filters: { 'JSON Lines': ['jsonl', 'ndjson'], CSV: ['csv'] },
		...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
	});
	if (!uri) return undefined;
	const source = messages ? linesOf(messages) : viewOf(engine, filter);
	const count = await withNotification('Saving messages', (report, token) =>
		write(engine, descriptionOf(profile), source, uri, (done) => report('', done), token),
	);
	if (!count) return undefined;
	const { written, removed } = count;
	const gone = removed > 0 ? ` ${messageCount(removed)} no longer in the log.` : '';
	void offerToOpen(`Saved ${messageCount(written)} to ${uri.path.split('/').at(-1)}.${gone}`, uri);
	return count;
}

const messageCount = (count: number) => `${formatCount(count)} ${count === 1 ? 'message' : 'messages'}`;

async function offerToOpen(text: string, uri: vscode.Uri): Promise<void> {
	if (await notify('information', text, 'Open')) await vscode.window.showTextDocument(uri);
}

/** Returns undefined, and leaves an existing file as it was, if the user cancels. */
async function write(
	engine: Remote<EngineApi>,
	description: ReturnType<typeof descriptionOf>,
	source: LogSource,
	uri: vscode.Uri,
	report: (percent: number) => void,
	token: vscode.CancellationToken,
): Promise<MessageCount | undefined> {
	const csv = /\.csv$/i.test(uri.path);
	const toText = csv ? toCsvRecord : toLine;
	const file = await openTextFile(uri);
	try {
		if (csv) await file.write(csvHead);
		const count = await readMessages(engine, source, async (messages, share) => {
			if (token.isCancellationRequested) return false;
			await file.write(messages.map((message) => toText(description, message, message.time)).join(''));
			report(share * 100);
			return true;
		});
		if (count) await file.commit();
		return count;
	} finally {
		await file.dispose();
	}
}

function descriptionOf({ protocol }: Shown) {
	const description = describe(protocol);
	if (!description) throw unknownProtocol(protocol);
	return description;
}
