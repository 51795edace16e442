import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import test, { type TestContext } from 'node:test';
import { run } from '../../../scripts/lib/process.mjs';

const generated = ['.git', '.cache', 'dist', 'node_modules', 'test-results'];

/** A copy of the repository without what is generated, with the same installed packages. */
async function copyOfTree(t: TestContext): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'new-protocol-'));
	t.after(() => rm(folder, { recursive: true, force: true }));
	await cp('.', folder, { recursive: true, filter: (path) => !generated.includes(relative('.', path)) });
	await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'junction');
	return folder;
}

/** Names that are refused, with the reason. */
const refused: readonly [args: string[], reason: RegExp][] = [
	[[], /^"" cannot be the name of a protocol: .*\.\n$/],
	[['../x'], /^"\.\.\/x" cannot be the name of a protocol: .*\.\n$/],
	[['Parrot'], /^"Parrot" cannot be the name of a protocol: .*\.\n$/],
	[['parrot', '"x"'], /cannot be the label of a protocol: .*\.\n$/],
	[['mqtt'], /^src\/protocols\/mqtt exists already, so nothing was changed\.\n$/],
	[['ws'], /^The scheme ws:\/\/ belongs to another protocol already\.\n$/],
	[['class'], /^"class" is a word of the code that would be made; choose another name\.\n$/],
	[['frame'], /^"frame" is a word of the code that would be made; choose another name\.\n$/],
];

test('a new protocol compiles, passes the contract suite, and keeps the rules of the house', async (t) => {
	const folder = await copyOfTree(t);
	const result = join(folder, 'result.json');
	const node = (...args: string[]) =>
		run(process.execPath, args, {
			cwd: folder,
			env: { ...process.env, TEST_RESULT: result },
			timeoutMs: 240_000,
		});
	const make = (...args: string[]) => node('scripts/new-protocol.mjs', ...args);
	const succeeds = async (...args: string[]) => {
		const { code, text } = await node(...args);
		assert.equal(code, 0, `${args.join(' ')}\n${text}`);
	};
	/** Every file of the copy that the script may write, with its text. */
	async function tree(): Promise<Map<string, string>> {
		const entries = await readdir(folder, { recursive: true, withFileTypes: true });
		const paths = entries
			.filter((entry) => entry.isFile())
			.map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
			.filter((path) => /^(?:src|test|package)\b/.test(path));
		return new Map(
			await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const)),
		);
	}

	await t.test('refuses other names in one sentence, and changes nothing', async () => {
		const before = await tree();
		await Promise.all(
			refused.map(async ([args, reason]) => {
				const { code, text } = await make(...args);
				assert.match(text, reason);
				assert.equal(code, 1);
			}),
		);
		assert.deepEqual(await tree(), before);
	});

	await t.test('is made once', async () => {
		await succeeds('scripts/new-protocol.mjs', 'parrot');
		const made = await tree();
		const { code, text } = await make('parrot');
		assert.equal(code, 1);
		assert.match(text, /^src\/protocols\/parrot exists already/);
		assert.deepEqual(await tree(), made);
	});

	await t.test('compiles, is formatted and keeps the rules of the house', async () => {
		const paths = [...(await tree()).keys()].filter((path) => /\bparrot\b.*\.m?ts$|protocols.\w+\.ts$/.test(path));
		assert.ok(paths.length > 15, paths.join());
		await Promise.all([
			succeeds('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'),
			succeeds('node_modules/typescript/bin/tsc', '-p', 'test/tsconfig.json'),
			succeeds('node_modules/@biomejs/biome/bin/biome', 'check', ...paths),
			succeeds('scripts/unit.mjs', 'unit', 'house/imports', 'house/manifest'),
		]);
	});

	await t.test('passes the contract suite and withstands a hostile server', async () => {
		await succeeds('scripts/unit.mjs', 'contract', 'parrot/');
		const { contract } = JSON.parse(await readFile(result, 'utf8'));
		const cases = new Map<string, number>(
			contract.contracts.map((one: { name: string; cases: unknown[] }) => [one.name, one.cases.length]),
		);
		assert.deepEqual([...cases.keys()].sort(), ['Parrot', 'Parrot over TLS']);
		assert.ok((cases.get('Parrot') ?? 0) > 15, `${cases.get('Parrot')} cases`);
		assert.ok(contract.passed > 100, `${contract.passed} passed`);
	});
});
