// Writes package.json from package.template.jsonc, the protocols' descriptions, and the version and dependencies that
// package.json already has: npm edits those. Usage: node scripts/manifest.mjs [--check]
import { readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { parse } from 'jsonc-parser';

const outfile = `.cache/manifest-${process.pid}.mjs`;
await build({
	stdin: {
		contents: `
			import { descriptions } from './src/protocols/descriptions';
			import { configurationProperties } from './src/host/profiles/schema';
			import { actionMenus } from './src/host/commands/action-menus';
			export const actions = actionMenus(descriptions);
			export const properties = configurationProperties(descriptions);
		`,
		resolveDir: '.',
	},
	outfile,
	bundle: true,
	platform: 'node',
	format: 'esm',
	logLevel: 'warning',
});
const { properties, actions } = await import(new URL(`../${outfile}`, import.meta.url).href);
await rm(outfile);

const current = await readFile('package.json', 'utf8');
const { version, dependencies, devDependencies } = JSON.parse(current);
const { name, displayName, description, contributes, ...rest } = parse(
	await readFile('package.template.jsonc', 'utf8'),
);
const { configuration, commands, menus } = contributes;
const manifest = {
	...{ name, displayName, description, version, ...rest },
	contributes: {
		...contributes,
		configuration: { ...configuration, properties },
		commands: [
			...commands.map(({ palette: _, ...command }) => ({ ...command, category: 'Messaging' })),
			...actions.commands,
		],
		menus: {
			...menus,
			'view/item/context': [...menus['view/item/context'], ...actions.context],
			commandPalette: [
				...commands.flatMap(({ command, palette }) => (palette ? [{ command, when: palette }] : [])),
				...actions.palette,
			],
		},
	},
	...{ dependencies, devDependencies },
};
const expected = `${JSON.stringify(manifest, undefined, '\t')}\n`;
if (!process.argv.includes('--check')) await writeFile('package.json', expected);
else if (current !== expected) {
	console.error('package.json differs from its template and the descriptions. Run node scripts/manifest.mjs.');
	process.exitCode = 1;
}
