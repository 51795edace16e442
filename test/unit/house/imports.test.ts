import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';

/** Which folders may import which: each file as a path, each import as a path, a package or `node:…`. Types count too. */
const files = ['src', 'webview'].flatMap((folder) =>
	readdirSync(folder, { recursive: true })
		.map((file) => `${folder}/${String(file).replaceAll('\\', '/')}`)
		.filter((file) => file.endsWith('.ts')),
);
const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));

function importsOf(file: string): string[] {
	const found = (texts.get(file) ?? '').matchAll(
		/^(?:import |(?:import|export|\}) ?[^'\n]*\bfrom )'([^'\n]+)';|\bimport\('([^']+)'\)/gm,
	);
	return [...found]
		.map(([, fixed, later]) => fixed ?? later ?? '')
		.map((name) => (name.startsWith('.') ? resolve(file, name) : name));
}

function resolve(file: string, name: string): string {
	const path = join(dirname(file), name).replaceAll('\\', '/');
	return [`${path}.ts`, `${path}/index.ts`, path].find((one) => existsSync(one)) ?? path;
}

/** Everything that a file reaches, itself included. */
function closure(start: string): Set<string> {
	const reached = new Set<string>();
	const queue = [start];
	for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
		if (reached.has(file)) continue;
		reached.add(file);
		queue.push(...importsOf(file));
	}
	return reached;
}

/** Descriptions, what they are made of, and menus made from them: pure data that host, webview and files may see. */
const described = new Set([...closure('src/protocols/descriptions.ts'), ...closure('src/protocols/menus.ts')]);
const describes = [...described].filter((file) => file.startsWith('src/protocols/'));
const isPackage = (name: string) =>
	!name.startsWith('src/') && !name.startsWith('webview/') && !name.startsWith('node:');
const below =
	(...folders: string[]) =>
	(name: string) =>
		folders.some((folder) => name.startsWith(`src/${folder}/`));
const isDescription = (name: string) => describes.includes(name);
const isNode = (name: string) => name.startsWith('node:');
const one =
	(...names: string[]) =>
	(name: string) =>
		names.includes(name);
const ownProtocol = (file: string) => (name: string) => name.startsWith(`${file.split('/').slice(0, 3).join('/')}/`);

type Rule = (name: string, file: string) => boolean;
const any =
	(...rules: Rule[]): Rule =>
	(name, file) =>
		rules.some((rule) => rule(name, file));
const library: Rule = (name) => isPackage(name) && name !== 'vscode';

/** The first folder that fits a file says what it may import. */
const rules: [string, Rule][] = [
	['src/base/', any(below('base'), one('birpc'))],
	['src/model/', below('base', 'model')],
	['src/protocols/shared/commands/', below('base', 'model', 'protocols/shared/commands')],
	[
		'src/protocols/shared/',
		any(below('base', 'model', 'protocols/shared'), isNode, isDescription, one('src/protocols/adapter.ts', 'ws')),
	],
	[
		'src/protocols/',
		any(
			below('base', 'model', 'protocols/shared'),
			isNode,
			library,
			isDescription,
			one('src/protocols/adapter.ts'),
			(name, file) => (file.split('/').length > 3 ? ownProtocol(file)(name) : below('protocols')(name)),
		),
	],
	['src/engine/', any(below('base', 'model', 'lines', 'protocols', 'engine'), isNode, library)],
	['src/compare/report/', any(below('base', 'model', 'compare/report'), isDescription)],
	['src/compare/', any(below('base', 'model', 'protocols', 'engine', 'compare'), isNode)],
	['src/choose/', any(below('base', 'model', 'choose', 'compare/report', 'files'), isDescription)],
	['src/lines/', any(below('base', 'model', 'lines'), isDescription)],
	['src/files/syntax/', any(below('base', 'model', 'files/syntax'), isDescription)],
	['src/files/', any(below('base', 'model', 'lines', 'files', 'protocols/shared/commands'), isDescription)],
	['src/node/', any(below('base', 'model', 'lines', 'files'), isDescription, isNode)],
	['src/direct/', below('base', 'model', 'files', 'engine', 'protocols', 'direct')],
	['src/playground/', any(below('base', 'model', 'protocols', 'playground'), isNode, library)],
	[
		'src/host/',
		any(
			below('base', 'model', 'lines', 'files', 'node', 'host', 'choose', 'compare/report'),
			isDescription,
			isNode,
			one('vscode', 'jsonc-parser'),
		),
	],
	[
		'src/simulation/',
		any(below('base', 'model', 'files', 'direct', 'engine', 'node', 'simulation'), isDescription, isNode),
	],
	['src/extension.ts', any(below('base', 'model', 'host'), one('vscode'))],
	['src/cli', (name) => name !== 'vscode' && !below('host')(name) && !name.startsWith('webview/')],
	['webview/', any((name) => name.startsWith('webview/'), below('base', 'model'), isDescription, library)],
];

for (const [folder, rule] of rules)
	test(`${folder} imports only what it may`, () => {
		const own = files.filter(
			(file) => file.startsWith(folder) && rules.find(([first]) => file.startsWith(first))?.[0] === folder,
		);
		const wrong = own.flatMap((file) =>
			importsOf(file)
				.filter((name) => !(isDescription(file) ? describedRule(name) : rule(name, file)))
				.map((name) => `${file} imports ${name}`),
		);
		assert.deepEqual(wrong, []);
	});

/** A description is pure, whatever folder it lies in. */
const describedRule = (name: string) => below('base', 'model')(name) || isDescription(name);

test('every file falls under a rule', () => {
	assert.deepEqual(
		files.filter((file) => !rules.some(([folder]) => file.startsWith(folder))),
		[],
	);
});

test('descriptions reach no adapter, no Node and no library', () => {
	const wrong = [...described].filter(
		(name) => isNode(name) || (isPackage(name) && name !== 'birpc') || name.endsWith('/adapter.ts'),
	);
	assert.deepEqual(wrong, []);
	assert.ok(describes.length > 3, 'the descriptions were found');
});

test('the engine and the page never reach the editor', () => {
	for (const start of ['src/engine/worker.ts', 'webview/panel.ts'])
		assert.ok(![...closure(start)].some((name) => name === 'vscode' || below('host')(name)), start);
});

test('there are no import circles, types included', () => {
	const own = new Map(files.map((file) => [file, importsOf(file).filter((name) => texts.has(name))]));
	assert.deepEqual(circles(own), []);
});

/** Strongly connected components of more than one file (Tarjan's algorithm). */
function circles(own: ReadonlyMap<string, readonly string[]>): string[][] {
	const found: string[][] = [];
	const index = new Map<string, number>();
	const low = new Map<string, number>();
	const stack: string[] = [];
	const visit = (file: string): number => {
		const mine = index.size;
		index.set(file, mine);
		low.set(file, mine);
		stack.push(file);
		for (const next of own.get(file) ?? []) {
			if (!index.has(next)) low.set(file, Math.min(low.get(file) as number, visit(next)));
			else if (stack.includes(next)) low.set(file, Math.min(low.get(file) as number, index.get(next) as number));
		}
		if (low.get(file) === mine) {
			const circle = stack.splice(stack.indexOf(file));
			if (circle.length > 1) found.push(circle.sort());
		}
		return low.get(file) as number;
	};
	for (const file of own.keys()) if (!index.has(file)) visit(file);
	return found;
}

test('a circle is found, also through three files', () => {
	const own = new Map([
		['a', ['b']],
		['b', ['c']],
		['c', ['a', 'd']],
		['d', []],
	]);
	assert.deepEqual(circles(own), [['a', 'b', 'c']]);
});

/** Files directly in each folder that is under version control. */
const levels = new Map<string, string[]>();
for (const root of ['src', 'webview', 'test'])
	for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
		if (!entry.isFile()) continue;
		const folder = entry.parentPath.replaceAll('\\', '/');
		levels.set(folder, [...(levels.get(folder) ?? []), entry.name]);
	}

test('no folder holds more than 16 files', () => {
	const large = [...levels].filter(([, names]) => names.length > 16).map(([folder, names]) => [folder, names.length]);
	assert.deepEqual(large, []);
});

test('each folder of src says what it is', () => {
	const silent = [...levels.keys()].filter(
		(folder) => folder.startsWith('src/') && !levels.get(folder)?.includes('README.md'),
	);
	assert.deepEqual(silent, []);
});

test('comments and texts speak plainly', () => {
	const wrong = files.flatMap((file) =>
		(texts.get(file) ?? '')
			.split('\n')
			.filter((line) => /\b(nobody|whoever|somebody)\b/i.test(line))
			.map((line) => `${file}: ${line.trim()}`),
	);
	assert.deepEqual(wrong, []);
});

test('the extension reaches no protocol library and no engine', () => {
	const reached = [...closure('src/extension.ts')];
	assert.deepEqual(
		reached.filter(
			(name) => below('engine')(name) || (isPackage(name) && !['vscode', 'jsonc-parser', 'birpc'].includes(name)),
		),
		[],
	);
});

const protocols = readdirSync('src/protocols', { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && entry.name !== 'shared')
	.map(({ name }) => name);

test('a protocol is named by its own folder and the two lists of protocols only', () => {
	// Code has single quotes (biome.json): double ones quote a word within a text for users.
	const named = new RegExp(`(['\`])(?:${protocols.join('|')})\\1|^\\s*(?:${protocols.join('|')}):`);
	const own = /^src\/(?:protocols\/(?!shared\/)\w+\/|protocols\/(?:index|descriptions)\.ts$|playground\/)/;
	const wrong = files
		.filter((file) => !own.test(file))
		.flatMap((file) =>
			(texts.get(file) ?? '')
				.split('\n')
				.filter((line) => named.test(line))
				.map((line) => `${file}: ${line.trim()}`),
		);
	assert.ok(protocols.length > 4, 'the protocols were found');
	assert.deepEqual(wrong, []);
});

test('the message files of a protocol know only their own protocol and the shared commands', () => {
	const shared = any(below('base', 'model', 'protocols/shared/commands'), one('src/protocols/message-files.ts'));
	const wrong = files
		.filter((file) => /^src\/protocols\/\w+\/files\//.test(file))
		.flatMap((file) =>
			importsOf(file)
				.filter((name) => !shared(name, file) && !ownProtocol(file)(name))
				.map((name) => `${file} imports ${name}`),
		);
	assert.deepEqual(wrong, []);
});

test('nothing makes markup or code of a text', () => {
	const banned =
		/\b(innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|unsafeSVG|unsafeStatic|createContextualFragment|srcdoc|DOMParser|document\.write|new Function|eval)\b(?!['’])/;
	const wrong = files.flatMap((file) =>
		(texts.get(file) ?? '')
			.split('\n')
			.filter((line) => !/^\s*(\/\/|\*|\/\*)/.test(line) && banned.test(line))
			.map((line) => `${file}: ${line.trim()}`),
	);
	assert.deepEqual(wrong, []);
});
