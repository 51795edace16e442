import assert from 'node:assert/strict';
import {
	mkdirSync,
	mkdtempSync,
	readFileSync,
	realpathSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import test from 'node:test';
import type * as Module from '../../../../src/host/message-files/body-files';
import { loadHost } from '../../../support/host/load-host';

class Uri {
	readonly scheme = 'file';
	readonly authority = '';
	constructor(readonly path: string) {}
	get fsPath() {
		return this.path;
	}
	with = ({ path }: { path: string }) => new Uri(path);
	toString = () => `file://${this.path}`;
	static file = (path: string) => new Uri(path);
	static joinPath = ({ path }: Uri, ...parts: string[]) => new Uri(posix.join(path, ...parts));
}

test('a body is read from the project folder of the file, and asked about outside of it, links followed', async (t) => {
	const root = realpathSync(mkdtempSync(join(tmpdir(), 'bodies-')));
	t.after(() => rmSync(root, { recursive: true }));
	const write = (path: string) => {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), path);
	};
	for (const path of ['project/.git/HEAD', 'project/data.txt', 'project/deep/own.txt', 'loose/a.txt', 'secret.txt'])
		write(path);
	symlinkSync(join(root, 'secret.txt'), join(root, 'project/link.txt'));
	let asked = 0;
	const { createBodyFiles } = await loadHost<typeof Module>('src/host/message-files/body-files.ts', {
		Uri,
		FileType: { Directory: 2 },
		FileSystemError: class extends Error {},
		window: {
			async showWarningMessage() {
				asked++;
				return undefined;
			},
		},
		workspace: {
			isTrusted: true,
			// All of it is open in the editor, which makes no difference.
			workspaceFolders: [{ uri: new Uri(root) }],
			fs: {
				async stat({ path }: Uri) {
					return { type: statSync(path).isDirectory() ? 2 : 1, size: statSync(path).size };
				},
				readFile: async ({ path }: Uri) => readFileSync(path),
			},
		},
	});
	const bodies = createBodyFiles();
	const read = async (file: string, path: string) =>
		Buffer.from(await bodies.read(new Uri(join(root, file)) as never, path)).toString();
	assert.equal(await read('project/deep/a.messages', './own.txt'), 'project/deep/own.txt');
	assert.equal(await read('project/deep/a.messages', '../data.txt'), 'project/data.txt');
	assert.equal(await read('loose/a.messages', 'a.txt'), 'loose/a.txt');
	assert.equal(asked, 0);
	for (const [file, path] of [
		['loose/a.messages', '../project/data.txt'],
		['project/a.messages', '../secret.txt'],
		['project/a.messages', 'link.txt'],
	] as const)
		await assert.rejects(read(file, path), /outside of the project folder/);
	assert.equal(asked, 3);
});
