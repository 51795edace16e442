import { closeSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A history is a folder of recordings, its parts, in the order of their names: time of its start, number, and id of the
 * process that writes it. A part that is complete and compressed ends in ".gz".
 */
export interface Part {
	name: string;
	path: string;
	bytes: number;
	/** Counted from 1 over the whole history, so that a missing first part shows that parts were deleted. */
	number: number;
	process: number;
	isCompressed: boolean;
}

const partName = /^\d{8}T\d{9}Z\.(\d{6,15})\.(\d{1,10})\.recording\.jsonl(\.gz)?$/;
/** End of the name of a file that is being compressed. */
export const unfinishedEnd = '.gz.tmp';

export const nameOfPart = (started: number, number: number): string =>
	`${new Date(started).toISOString().replace(/[-:.]/g, '')}.${String(number).padStart(6, '0')}.${process.pid}.recording.jsonl`;

/** The parts of a history, oldest first; none if the folder does not exist. */
export function partsIn(folder: string): Part[] {
	const parts: Part[] = [];
	const names = namesIn(folder).sort();
	for (const name of names) {
		const [, number, owner, compressed] = partName.exec(name) ?? [];
		// The process ended before it deleted the part that it had compressed.
		if (number === undefined || (compressed === undefined && names.includes(`${name}.gz`))) continue;
		const path = join(folder, name);
		const stat = statSync(path, { throwIfNoEntry: false });
		if (!stat?.isFile()) continue;
		const isCompressed = compressed !== undefined;
		parts.push({ name, path, bytes: stat.size, number: Number(number), process: Number(owner), isCompressed });
	}
	return parts;
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
}

/** Whether another process may still write this part: an editor window that has the same connection open. */
export function isWrittenElsewhere({ process: owner, isCompressed }: Part): boolean {
	if (isCompressed || owner === process.pid || owner === 0) return false;
	try {
		process.kill(owner, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** Deletes what a process has left that ended while it compressed a part. */
export function tidy(folder: string): void {
	const names = namesIn(folder);
	const isPlain = (name: string) => partName.test(name) && !name.endsWith('.gz');
	for (const name of names) {
		const part = name.endsWith(unfinishedEnd) ? name.slice(0, -unfinishedEnd.length) : undefined;
		const [, , owner] = partName.exec(part ?? '') ?? [];
		const elsewhere = { name, path: '', bytes: 0, number: 0, process: Number(owner), isCompressed: false };
		const isLeft = owner !== undefined && !isWrittenElsewhere(elsewhere);
		if (isLeft || (isPlain(name) && names.includes(`${name}.gz`))) rmSync(join(folder, name), { force: true });
	}
}

/** The first line of a part, if it is short; without its end. */
export function firstLine(path: string): string | undefined {
	const file = openSync(path, 'r');
	try {
		const start = Buffer.alloc(16 * 1024);
		const end = start.subarray(0, readSync(file, start, 0, start.length, 0)).indexOf(10);
		return end < 0 ? undefined : start.toString('utf8', 0, end);
	} finally {
		closeSync(file);
	}
}
