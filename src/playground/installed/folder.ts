import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'messaging-playground-';

/**
 * Creates a folder for the servers of this playground, readable by its user only: in the wanted one, or in that for temporary
 * files if the path has a space, with which the script of ejabberd does not start. Removes those of earlier playgrounds whose
 * process has ended, which a killed editor leaves behind.
 */
export function createInstanceFolder(wanted: string): string {
	const parent = /\s/.test(wanted) ? tmpdir() : wanted;
	mkdirSync(parent, { recursive: true, mode: 0o700 });
	for (const name of readdirSync(parent)) {
		const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : 0;
		if (pid > 0 && !isAlive(pid)) removeInstanceFolder(join(parent, name));
	}
	return mkdtempSync(join(parent, `${prefix}${process.pid}-`));
}

/** A server that is just ending may still write into it; then the next playground removes the rest. */
export function removeInstanceFolder(folder: string): void {
	try {
		rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	} catch {
		// Removed by the next start.
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
