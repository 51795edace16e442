import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { UsageError } from './usage';

const skipped = new Set(['node_modules', '.git']);

/** Paths as they are, patterns (`*`, `**`, `?`, `{a,b}`) as what they match, sorted. Throws for what is not there. */
export function findFiles(patterns: readonly string[], cwd: string): string[] {
	const found = new Set<string>();
	for (const pattern of patterns) {
		if (existsSync(join(cwd, pattern)) || existsSync(pattern)) {
			found.add(pattern);
			continue;
		}
		if (!/[*?{]/.test(pattern)) throw new UsageError(`There is no file "${pattern}".`);
		const matches = matching(pattern, cwd);
		if (matches.length === 0) throw new UsageError(`No file fits "${pattern}".`);
		for (const match of matches) found.add(match);
	}
	return [...found];
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
	if (plain.startsWith('/')) throw new UsageError(`A pattern starts in the working folder: "${pattern}".`);
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
