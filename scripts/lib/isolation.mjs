// Decides whether a file of tests needs a process of its own.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Servers, threads and programs; globals of the process; an editor in place of the module `vscode`; measured memory. */
const isolated =
	/'node:(?:child_process|dgram|http|https|http2|net|tls|worker_threads)'|from '(?:ws|mqtt)'|process\.(?:chdir|env|on|once)\b|\b(?:globalThis|mock|registerHooks|memoryUsage|gc)\b/;
const verdicts = new Map();

/** Whether the file, or a file below test/ that it imports, matches. `path` is relative to the root. */
export function needsProcess(path) {
	const cached = verdicts.get(path);
	if (cached) return cached;
	const verdict = judge(path);
	verdicts.set(path, verdict);
	return verdict;
}

async function judge(path) {
	const text = await readFile(path, 'utf8').catch(() => '');
	if (isolated.test(text)) return true;
	const imported = [...text.matchAll(/^(?:import|export) (?!type ).*?from '(\.[^']+)'|^} from '(\.[^']+)'/gm)]
		.map((match) => `${join(dirname(path), match[1] ?? match[2])}.ts`)
		.filter((one) => one.startsWith('test'));
	const all = await Promise.all(imported.map(needsProcess));
	return all.includes(true);
}
