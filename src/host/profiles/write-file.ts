import { open, realpath, rename, rm, stat } from 'node:fs/promises';

/**
 * Temporary file beside it, flushed, then renamed: whoever reads sees the old text or the new one, also after a kill.
 * A symbolic link is followed, so that it stays one.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
	const target = await realpath(path).catch(() => path);
	const mode = await stat(target).then(
		(found) => found.mode & 0o777,
		() => 0o644,
	);
	const temporary = `${target}.${process.pid}-${Date.now().toString(36)}.tmp`;
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
