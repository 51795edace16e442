import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { EditorServer } from '../../../scripts/lib/editor.mjs';

export interface EditorProcess {
	/** Process ids of the running extension hosts. */
	extensionHosts(): number[];
	/** SIGKILL, as the system does when memory is short. The editor offers to start a new one. */
	killExtensionHost(): void;
	/** Files below the editor's home whose bytes contain the text in UTF-8 or UTF-16, as relative paths. */
	filesContaining(text: string): Promise<string[]>;
	serverLog(): string;
}

export function createEditorProcess(server: EditorServer, home: string): EditorProcess {
	const extensionHosts = () =>
		execFileSync('ps', ['-eo', 'pid=,pgid=,args='], { encoding: 'utf8' })
			.split('\n')
			.map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
			.filter((found) => found?.[2] === String(server.child.pid) && found[3]?.includes('--type=extensionHost'))
			.map((found) => Number(found?.[1]));
	return {
		extensionHosts,
		killExtensionHost() {
			for (const pid of extensionHosts()) process.kill(pid, 'SIGKILL');
		},
		async filesContaining(text) {
			const wanted = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')];
			const found: string[] = [];
			// The extension itself is a link in `extensions`, and links are not followed.
			for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
				if (!entry.isFile()) continue;
				const path = join(entry.parentPath, entry.name);
				const bytes = await readFile(path).catch(() => Buffer.alloc(0));
				if (wanted.some((pattern) => bytes.includes(pattern))) found.push(relative(home, path));
			}
			return found;
		},
		serverLog: () => server.log(),
	};
}
