import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { ConnectionImport, FoundConnection } from '../../protocols/connection-import';
import { descriptions } from '../../protocols/descriptions';
import { environmentVariable, isTrusted, readFile, readFolder, statFile } from '../trust';

/** A tool whose connections are on this machine. */
export interface Tool {
	protocol: string;
	label: string;
	source: ConnectionImport;
}

export interface ReadFile {
	name: string;
	/** `problem`: one sentence, for a file that cannot be read. */
	found: FoundConnection | { problem: string };
}

/** Bytes of a file, and files of a tool, that are read at most. */
const maxBytes = 256 * 1024;
const maxFiles = 500;

/** The user's folder of configurations (XDG Base Directory Specification); tools use it on every system. */
function configurationFolder(): vscode.Uri {
	const given = environmentVariable('XDG_CONFIG_HOME');
	return given ? vscode.Uri.file(given) : vscode.Uri.joinPath(vscode.Uri.file(homedir()), '.config');
}

const placeOf = ({ place }: ConnectionImport): vscode.Uri =>
	vscode.Uri.joinPath(configurationFolder(), 'file' in place ? place.file : place.folder);

/** Tools whose place exists. Nothing is read yet; none before the workspace is trusted. */
export async function toolsHere(): Promise<Tool[]> {
	if (!isTrusted()) return [];
	const all = descriptions.flatMap(({ id, label, imports = [] }) =>
		imports.map((source): Tool => ({ protocol: id, label, source })),
	);
	const here = await Promise.all(
		all.map(({ source }) =>
			statFile(placeOf(source)).then(
				() => true,
				() => false,
			),
		),
	);
	return all.filter((_, at) => here[at]);
}

/** Reads the files of a tool, in the order of their names. */
export async function readTool({ source }: Tool): Promise<ReadFile[]> {
	const { place } = source;
	const uri = placeOf(source);
	const files =
		'file' in place
			? [{ name: place.file, uri }]
			: (await readFolder(uri))
					.map(([name]) => name)
					.filter((name) => name.endsWith(place.end))
					.sort()
					.slice(0, maxFiles)
					.map((name) => ({ name, uri: vscode.Uri.joinPath(uri, name) }));
	const read = await source.load();
	return Promise.all(
		files.map(async ({ name, uri }): Promise<ReadFile> => {
			try {
				if ((await statFile(uri)).size > maxBytes) throw new Error(`${name} is too large.`);
				const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(uri));
				return { name, found: read({ name, text, home: homedir() }) };
			} catch (error) {
				return { name, found: { problem: error instanceof Error ? error.message : `${name} cannot be read.` } };
			}
		}),
	);
}
