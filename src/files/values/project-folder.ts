export interface Folders<Folder> {
	/** Undefined for the topmost folder. */
	parent(folder: Folder): Folder | undefined;
	has(folder: Folder, name: string): Promise<boolean>;
	/** Settings in a home folder do not make it a project. */
	isHome(folder: Folder): boolean;
}

/**
 * The folder that a message file may read bodies from: the nearest one at or above its own that contains ".vscode" or
 * ".git", otherwise its own. It depends on the file only, so that the editor and the command line read the same files.
 */
export async function projectFolder<Folder>(own: Folder, { parent, has, isHome }: Folders<Folder>): Promise<Folder> {
	let folder = own;
	for (let above = parent(folder); above !== undefined && !isHome(folder); above = parent(folder)) {
		if ((await has(folder, '.vscode')) || (await has(folder, '.git'))) return folder;
		folder = above;
	}
	return own;
}
