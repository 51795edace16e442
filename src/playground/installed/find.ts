import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Folders of servers that are often not in the PATH of an editor. */
const usualFolders = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/sbin', '/opt/homebrew/bin'];

/** The path of the first of these programs that is installed. A name is looked up, a path is taken as it is. */
export function findProgram(candidates: readonly string[], path = process.env.PATH ?? ''): string | undefined {
	const folders = [...path.split(delimiter).filter(isAbsolute), ...usualFolders];
	return candidates
		.flatMap((name) => (isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name))))
		.find(isExecutable);
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
}
