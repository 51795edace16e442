export interface Folders<Folder> {
	/** Undefined above the uppermost one. */
	parent(folder: Folder): Folder | undefined;
	has(folder: Folder, name: string): Promise<boolean>;
	/** Many keep settings of their own here, which make no project of everything below. */
	isHome(folder: Folder): boolean;
}

/**
 * The folder that a message file may read bodies from: the nearest one from its own upwards that holds ".vscode" or
 * ".git"; its own if none does. It depends on the file alone, so that the editor and the command line read the same.
 */
export async function projectFolder<Folder>(own: Folder, { parent, has, isHome }: Folders<Folder>): Promise<Folder> {
	let folder = own;
	for (let above = parent(folder); above !== undefined && !isHome(folder); above = parent(folder)) {
		if ((await has(folder, '.vscode')) || (await has(folder, '.git'))) return folder;
		folder = above;
	}
	return own;
}
