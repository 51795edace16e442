import { statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { type GlobOptions, globSync, isDynamicPattern } from 'tinyglobby';
import { shownName } from '../../model/profile/shown-url';
import { UsageError } from '../commands/usage';

/** Links to folders are not followed, because they may lead in circles. Paths are relative to `cwd`. */
const options: GlobOptions = { dot: true, expandDirectories: false, followSymbolicLinks: false };

/**
 * The message files that the arguments name, without duplicates: a path as it is, a folder as the message files in and
 * below it, a pattern (`*`, `**`, `?`, `{a,b}`, `[ab]`) as the files that it matches. Each folder and pattern is sorted.
 * Throws a UsageError for an argument without a file.
 */
export function findFiles(patterns: readonly string[], cwd: string): string[] {
	return [...new Set(patterns.flatMap((pattern) => filesOf(pattern, cwd)))];
}

function filesOf(pattern: string, cwd: string): string[] {
	const stats = statSync(resolve(cwd, pattern), { throwIfNoEntry: false });
	if (stats?.isDirectory()) {
		const ignore = ['**/{node_modules,.git,dist}/**'];
		const files = globSync('**/*.messages', { ...options, cwd: resolve(cwd, pattern), ignore });
		if (files.length > 0) return files.map((file) => join(pattern, file)).sort();
		throw new UsageError(`The folder "${shownName(pattern)}" has no message files (*.messages).`);
	}
	if (stats) return [pattern];
	const slashed = pattern.split(sep).join('/');
	if (!isDynamicPattern(slashed)) throw new UsageError(`There is no file "${shownName(pattern)}".`);
	const files = globSync(slashed, { ...options, cwd, ignore: ['**/{node_modules,.git}/**'] });
	if (files.length > 0) return files.sort();
	throw new UsageError(`No file matches "${shownName(pattern)}".`);
}
