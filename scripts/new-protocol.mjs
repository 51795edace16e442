// Makes a protocol that compiles, connects and passes the contract suite, as the start of a new one.
// Usage: node scripts/new-protocol.mjs <name> [<label>], for example: node scripts/new-protocol.mjs nats NATS
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { build } from 'esbuild';
import { run } from './lib/process.mjs';
import { root } from './lib/root.mjs';

const templates = 'scripts/new-protocol';
process.chdir(root);
const [name = '', label = name.charAt(0).toUpperCase() + name.slice(1)] = process.argv.slice(2);
const type = name.charAt(0).toUpperCase() + name.slice(1);

/** Where each template goes, by its path below `templates`. */
const files = new Map([
	...(await readdir(join(templates, 'protocol'), { recursive: true, withFileTypes: true }))
		.filter((entry) => entry.isFile())
		.map((entry) =>
			join(entry.parentPath, entry.name)
				.slice(templates.length + 1)
				.replaceAll('\\', '/'),
		)
		.map((path) => [path, path.replace('protocol/', `src/protocols/${name}/`)]),
	['test/sample.test.ts', `test/contract/${name}/${name}.test.ts`],
	['test/hostile-sample.test.ts', `test/contract/${name}/hostile-${name}.test.ts`],
	['test/sample-server.mjs', `test/support/servers/${name}/${name}-server.mjs`],
	['test/sample-dialogue.ts', `test/support/hostile/${name}.ts`],
]);
const texts = new Map();
for (const path of files.keys()) texts.set(path, await readFile(join(templates, path), 'utf8'));

const refusal = await reasonAgainst();
if (refusal) {
	console.error(refusal);
	process.exit(1);
}
const edits = [
	await edited('src/protocols/index.ts', [
		/\};\n$/,
		`\t${name}: async () => (await import('./${name}/adapter')).adapter,\n};\n`,
	]),
	await edited(
		'src/protocols/descriptions.ts',
		[/^/, `import { ${name} } from './${name}/describe/describe';\n`],
		[/,?\s*\];\n/, `, ${name}];\n`],
	),
	await edited(
		'package.template.jsonc',
		[/("description": ".*) and ([^",:]*):/, `$1, $2 and ${label}:`],
		[/("keywords": \[)/, `$1"${name}", `],
	),
];
const made = [...files].map(([path, target]) => [target, named(texts.get(path))]);
for (const [path, text] of [...made, ...edits]) {
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, text);
}
// The length of the name decides where lines break and how imports are sorted.
const formatted = [...made, ...edits].map(([path]) => path).filter((path) => !path.endsWith('.md'));
await step(['node_modules/@biomejs/biome/bin/biome', 'check', '--write', ...formatted]);
await step(['scripts/manifest.mjs']);
console.log(`${label} is in src/protocols/${name}: a small protocol that publishes and subscribes over TCP and TLS.

Run the contract suite and the hostile server against it:  node scripts/unit.mjs contract ${name}/
Check the imports and the manifest:                        node scripts/unit.mjs unit house/

Next, with "Adding a protocol" in CONTRIBUTING.md:
1. describe/describe.ts: words, ports, fields and verbs of the protocol.
2. wire/: its frames, or its library; the fixture needs a real server in place of test/support/servers/${name}.
3. README.md (table of protocols) and ARCHITECTURE.md ("Whose library does what"): a row each.`);

/** One sentence, or undefined. */
async function reasonAgainst() {
	if (!/^[a-z][a-z0-9]{1,19}$/.test(name))
		return `"${name}" cannot be the name of a protocol: it takes 2 to 20 lowercase letters and digits, and begins with a letter.`;
	if (!/^[A-Za-z][\w .+-]{0,39}$/.test(label))
		return `"${label}" cannot be the label of a protocol: it takes 1 to 40 letters, digits, spaces, dots, plus and minus signs.`;
	const existing = [`src/protocols/${name}`, ...files.values()].find((path) => existsSync(path));
	if (existing) return `${existing} exists already, so nothing was changed.`;
	if (isTaken()) return `"${name}" is a word of the code that would be made; choose another name.`;
	const schemes = await schemesOf();
	const scheme = [name, `${name}s`].find((one) => schemes.includes(one));
	if (scheme) return `The scheme ${scheme}:// belongs to another protocol already.`;
	return undefined;
}

/** The name becomes an identifier beside those of the templates. */
function isTaken() {
	try {
		new Script(`'use strict'; async () => { const ${name} = 0; }`);
	} catch {
		return true;
	}
	const word = new RegExp(`\\b${name}\\b`);
	return [...texts].some(([path, text]) => !path.endsWith('.md') && word.test(text));
}

async function schemesOf() {
	const { outputFiles } = await build({
		stdin: { contents: "export { descriptions } from './src/protocols/descriptions';", resolveDir: '.' },
		...{ bundle: true, write: false, format: 'esm', platform: 'node', logLevel: 'warning' },
	});
	const { descriptions } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
	return descriptions.flatMap(({ schemes }) => schemes.map(({ scheme }) => scheme));
}

/** A template with the names of the new protocol. */
function named(text) {
	return text
		.replace(/\ba Sample\b/g, /^[AEIOU]/i.test(label) ? `an ${label}` : `a ${label}`)
		.replace(/\bSample\b/g, label)
		.replaceAll('Sample', type)
		.replaceAll('sample', name);
}

/** A file's path and its text with these replacements. Ends the script before anything is written where one does not fit. */
async function edited(path, ...replacements) {
	let text = await readFile(path, 'utf8');
	for (const [pattern, replacement] of replacements) {
		if (!pattern.test(text)) {
			console.error(`${path} has no ${pattern}, so nothing was changed. Adapt scripts/new-protocol.mjs to the file.`);
			process.exit(1);
		}
		text = text.replace(pattern, replacement);
	}
	return [path, text];
}

async function step(args) {
	const { code, text } = await run(process.execPath, args);
	if (code === 0) return;
	console.error(`node ${args.join(' ')} failed:\n${text}`);
	process.exit(1);
}
