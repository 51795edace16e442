import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Folders } from '../../files/values/project-folder';

/** Folders of this machine, by absolute path. */
export const localFolders: Folders<string> = {
	parent: (folder) => (dirname(folder) === folder ? undefined : dirname(folder)),
	has: async (folder, name) => existsSync(join(folder, name)),
	isHome: (folder) => folder === homedir(),
};
