import * as vscode from 'vscode';
import type { Remote } from '../../base/rpc';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { ChartField, Series } from '../../model/contracts/message';
import { fileName } from '../../model/text/file-name';
import { notPicture } from '../failures';
import { notify } from '../ui/notify';
import { chartCsv } from './chart-csv';

/** Bytes. */
const maxPicture = 32 * 1024 * 1024;
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Maximum number of points of a field in a file. */
const maxPoints = 10_000;

/** Asks for a file and writes the numbers of the fields that the log still has, the latest 10,000 of each. */
export async function saveNumbers(engine: Remote<EngineApi>, name: string, fields: ChartField[]): Promise<void> {
	const uri = await chooseFile(name, 'csv', 'Save Numbers as CSV', { CSV: ['csv'] });
	if (!uri) return;
	const all: Series[] = [];
	// One after another: each may take a moment of the session's thread.
	for (const { target, way, path } of fields)
		all.push(await engine.series({ target, way, path, most: maxPoints, exact: true }));
	await vscode.workspace.fs.writeFile(uri, Buffer.from(chartCsv(fields, all)));
	const missing = all.flatMap(
		({ cut, seqs }) => cut ?? (seqs.length === maxPoints ? `only the latest ${maxPoints} of a field` : []),
	);
	if (missing.length > 0)
		await notify('warning', `The file does not have all numbers: ${[...new Set(missing)].join('; ')}.`);
}

/** Asks for a file and writes a picture that the page has drawn. Throws `not-a-picture`. */
export async function savePicture(name: string, png: Uint8Array): Promise<void> {
	if (png.length > maxPicture || signature.some((byte, at) => png[at] !== byte)) throw notPicture();
	const uri = await chooseFile(name, 'png', 'Save Chart as PNG', { PNG: ['png'] });
	if (uri) await vscode.workspace.fs.writeFile(uri, png);
}

async function chooseFile(name: string, extension: string, title: string, filters: Record<string, string[]>) {
	const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
	const file = fileName(name, `-chart.${extension}`);
	return vscode.window.showSaveDialog({
		title,
		filters,
		...(folder ? { defaultUri: vscode.Uri.joinPath(folder, file) } : {}),
	});
}
