import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { shownName } from '../../model/profile/shown-url';
import { UsageError } from '../commands/usage';

const skipped = new Set(['node_modules', '.git']);
const skippedInFolders = new Set([...skipped, 'dist']);

/**
 * Paths of files as they are, folders as the message files in and below them, patterns (`*`, `**`, `?`, `{a,b}`) as what
 * they match, sorted. Throws for what is not there.
 */
export function findFiles(patterns: readonly string[], cwd: string): string[] {
	const found = new Set<string>();
	for (const pattern of patterns) {
		const stats = statSync(resolve(cwd, pattern), { throwIfNoEntry: false });
		if (stats) {
			const files = stats.isDirectory() ? messageFilesIn(pattern, cwd) : [pattern];
			if (files.length === 0)
				throw new UsageError(`The folder "${shownName(pattern)}" has no message files (*.messages).`);
			for (const file of files) found.add(file);
			continue;
		}
		if (!/[*?{]/.test(pattern)) throw new UsageError(`There is no file "${shownName(pattern)}".`);
		const matches = matching(pattern, cwd);
		if (matches.length === 0) throw new UsageError(`No file fits "${shownName(pattern)}".`);
		for (const match of matches) found.add(match);
	}
	return [...found];
}

/** Links to folders are not followed: they may lead in circles. */
function messageFilesIn(folder: string, cwd: string): string[] {
	return readdirSync(resolve(cwd, folder), { withFileTypes: true })
		.flatMap((entry) => {
			const path = join(folder, entry.name);
			if (entry.isDirectory()) return skippedInFolders.has(entry.name) ? [] : messageFilesIn(path, cwd);
			return entry.name.endsWith('.messages') ? [path] : [];
		})
		.sort();
}

function matching(pattern: string, cwd: string): string[] {
	const plain = pattern.split(sep).join('/').replace(/^\.\//, '');
	const fixed = /^(?:[^*?{]*\/)?/.exec(plain)?.[0] ?? '';
	const test = globTest(plain);
	const files: string[] = [];
	const visit = (folder: string) => {
		for (const entry of readdirSync(join(cwd, folder) || '.', { withFileTypes: true })) {
			const path = folder === '' ? entry.name : `${folder.replace(/\/$/, '')}/${entry.name}`;
			if (entry.isDirectory()) {
				if (!skipped.has(entry.name)) visit(path);
			} else if (test(path)) files.push(path);
		}
	};
	const start = plain.startsWith('/') ? relative(cwd, fixed) || '.' : fixed;
	if (plain.startsWith('/')) throw new UsageError(`A pattern starts in the working folder: "${shownName(pattern)}".`);
	if (start === '' || existsSync(join(cwd, start))) visit(start.replace(/\/$/, ''));
	return files.sort();
}

/** A segment's `*` never crosses a slash; none of it can be slow, since it becomes one alternative per segment. */
export function globTest(pattern: string): (path: string) => boolean {
	const source = pattern.replace(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[\\^$.+()[\]|{}]/g, (part) => {
		if (part === '**/') return '(?:[^/]+/)*';
		if (part === '**') return '.*';
		if (part === '*') return '[^/]*';
		if (part === '?') return '[^/]';
		if (part.startsWith('{') && part.length > 1)
			return `(?:${part
				.slice(1, -1)
				.split(',')
				.map((one) => one.replace(/[\\^$.+()[\]|*?]/g, '\\$&'))
				.join('|')})`;
		return `\\${part}`;
	});
	const regex = new RegExp(`^${source}$`, 's');
	return (path) => regex.test(path);
}
