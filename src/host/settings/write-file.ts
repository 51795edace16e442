import { createHash, randomBytes } from 'node:crypto';
import { lstat, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Identifies temporary files of this machine. On a shared disk, process ids of other machines have no meaning here. */
const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
/** Milliseconds after which a temporary file is removed even if its process id is in use again. */
const leftOverAfter = 60 * 60 * 1000;

/** `settings.json.messaging-workbench-<machine>-<process>-<random>.tmp` */
const mark = '.messaging-workbench-';
const form = /^([0-9a-f]{8})-([1-9]\d{0,9})-[0-9a-f]{8}\.tmp$/;

/**
 * Writes a temporary file beside the target, flushes it and renames it, so that a reader sees either the old or the new
 * text, also after a kill. A symbolic link stays a link. Temporary files of killed processes are removed first.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
	const target = await realpath(path).catch(() => path);
	await removeLeftOvers(path);
	const mode = await stat(target).then(
		(found) => found.mode & 0o777,
		() => 0o644,
	);
	const temporary = `${target}${mark}${machine}-${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
	try {
		const file = await open(temporary, 'wx', mode);
		try {
			await file.writeFile(text, 'utf8');
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(temporary, target);
	} catch (error) {
		await rm(temporary, { force: true });
		throw error;
	}
}

/** Removes temporary files of `writeWhole` whose process was killed while it wrote this file. Never throws. */
export async function removeLeftOvers(path: string): Promise<void> {
	try {
		const target = await realpath(path).catch(() => path);
		const folder = dirname(target);
		const start = `${basename(target)}${mark}`;
		for (const name of await readdir(folder)) {
			if (!name.startsWith(start)) continue;
			const [, where, pid] = form.exec(name.slice(start.length)) ?? [];
			if (pid === undefined) continue;
			const found = join(folder, name);
			const entry = await lstat(found);
			const old = Date.now() - entry.mtimeMs > leftOverAfter;
			const orphan = where === machine && !isRunning(Number(pid));
			if (entry.isFile() && (old || orphan)) await rm(found, { force: true });
		}
	} catch {
		// If the folder cannot be listed, its files stay.
	}
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code !== 'ESRCH';
	}
}
