import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, found upwards: tests bundle this file into a folder below. */
export const root = find(dirname(fileURLToPath(import.meta.url)));

function find(folder) {
	if (existsSync(join(folder, 'package-lock.json')) || dirname(folder) === folder) return folder;
	return find(dirname(folder));
}
