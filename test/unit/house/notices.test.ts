import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { bundledPackages, noticesOf } from '../../../scripts/lib/notices.mjs';

test('the notices name every bundled library with its licence’s text', async (t) => {
	const outdir = resolve(`.cache/notices-${process.pid}`);
	t.after(() => rm(outdir, { recursive: true, force: true }));
	const { targets } = (await import(pathToFileURL('scripts/build.mjs').href)) as { targets: BuildOptions[] };
	const built = await Promise.all(
		targets.map((target, at) => build({ ...target, metafile: true, outdir: join(outdir, String(at)) })),
	);
	const folders = bundledPackages(built.flatMap(({ metafile }) => metafile ?? []));
	const text = await noticesOf(folders);
	for (const folder of folders) {
		const { name, version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
		const start = text.indexOf(`\n${name} ${version} (`);
		const section = text.slice(start, text.indexOf(`\n${'-'.repeat(80)}\n`, start));
		assert.ok(start > 0 && /Copyright|\(c\)/i.test(section) && section.length > 400, `${name} ${version}`);
	}
	const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
	for (const folder of folders)
		assert.ok(
			!(folder.replace(/^node_modules\//, '') in devDependencies),
			`${folder} ships and belongs to dependencies`,
		);
	for (const name of [
		'mqtt',
		'coap',
		'ws',
		'saxes',
		'diff',
		'uplot',
		'jsonc-parser',
		'node-dtls-client',
		'lit-html',
		'@vscode/codicons',
	])
		assert.ok(text.includes(`\n${name} `), name);
});

const mit = 'Copyright (c) A\n\nPermission is hereby granted, free of charge';
for (const [what, license, files, expected] of [
	['a licence file', 'MIT', { LICENSE: mit }, undefined],
	['a licence file of another name', 'MIT', { 'licence-mit.md': mit }, undefined],
	['a section of its README', 'MIT', { 'README.md': `# x\n## License\n${mit}\n## More\n` }, undefined],
	[
		'only the name of its licence',
		'MIT',
		{ LICENSE: 'MIT', 'README.md': '## License\nMIT' },
		/x 1\.2\.3 has no licence text/,
	],
	['no text at all', 'ISC', {}, /x 1\.2\.3 has no licence text/],
	['a licence that needs a decision', 'GPL-3.0', { LICENSE: mit }, /x 1\.2\.3 has the licence "GPL-3\.0"/],
	['no licence', undefined, { LICENSE: mit }, /x 1\.2\.3 has the licence undefined/],
] as [string, string | undefined, Record<string, string>, RegExp | undefined][])
	test(`a library with ${what} ${expected ? 'ends the build' : 'is listed'}`, async (t) => {
		const home = await mkdtemp(join(tmpdir(), 'notices-'));
		t.after(() => rm(home, { recursive: true }));
		const folder = join(home, 'node_modules', 'x');
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'x', version: '1.2.3', license }));
		for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
		if (expected) await assert.rejects(noticesOf([folder]), expected);
		else assert.match(await noticesOf([folder]), /x 1\.2\.3 \(MIT\)[\s\S]*Permission is hereby granted/);
	});

test('a package counts as bundled when a byte of it is in an output, the innermost of nested ones', () => {
	const output = (inputs: Record<string, number>) => ({
		inputs: Object.fromEntries(Object.entries(inputs).map(([path, bytesInOutput]) => [path, { bytesInOutput }])),
	});
	const metafile = {
		outputs: {
			a: output({
				'src/a.ts': 1,
				'node_modules/x/a.js': 5,
				'node_modules/@s/y/lib/b.js': 1,
				'node_modules/gone/a.js': 0,
			}),
			b: output({ 'node_modules/x/node_modules/z/c.js': 2, 'node_modules/x/b.js': 1 }),
		},
	};
	assert.deepEqual(bundledPackages([metafile]), [
		'node_modules/@s/y',
		'node_modules/x',
		'node_modules/x/node_modules/z',
	]);
});
