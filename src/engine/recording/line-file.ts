import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { fail } from '../../base/failure';

/** A file that consists of whole lines, whenever its process ends. */
export interface LineFile {
	readonly bytes: number;
	/**
	 * Writes lines with their ends. When this returns, the operating system has them: a killed process loses nothing. Throws
	 * the error of the system; the file then ends with the last whole line before.
	 */
	write(lines: Uint8Array): void;
	/** Whether the file has been deleted, so that what is written is lost. */
	isRemoved(): boolean;
	close(): void;
}

/** What is used of the file system; replaced in tests. */
export const lineFileSystem = { writeSync };

/** Creates the file, which must not exist. Throws `no-recording`. */
export function createLineFile(path: string): LineFile {
	try {
		return lineFileOf(openSync(path, 'wx'), 0);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		throw code === 'EEXIST'
			? fail('no-recording', `The file ${path} exists already. A recording replaces no file.`)
			: fail('no-recording', `The file ${path} cannot be written.`, { evidence: code });
	}
}

/** Continues a file. Undefined if its last line is incomplete. Throws the error of the system. */
export function continueLineFile(path: string): LineFile | undefined {
	const file = openSync(path, 'r+');
	const { size } = fstatSync(file);
	const last = Buffer.alloc(1);
	if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 10) return lineFileOf(file, size);
	closeSync(file);
	return undefined;
}

function lineFileOf(file: number, size: number): LineFile {
	let bytes = size;
	let isOpen = true;
	return {
		get bytes() {
			return bytes;
		},
		write(lines) {
			let at = 0;
			try {
				while (at < lines.length) at += lineFileSystem.writeSync(file, lines, at, lines.length - at, bytes + at);
			} catch (error) {
				try {
					if (at > 0) ftruncateSync(file, bytes);
				} catch {
					// The reader of the recording reports the incomplete line.
				}
				throw error;
			}
			bytes += lines.length;
		},
		isRemoved() {
			try {
				return isOpen && fstatSync(file).nlink === 0;
			} catch {
				return true;
			}
		},
		close() {
			if (!isOpen) return;
			isOpen = false;
			try {
				closeSync(file);
			} catch {
				// Everything was written before.
			}
		},
	};
}
