// Writes the settings' schema and the menus of the protocols' actions into package.json, drawn from their descriptions. Run it after changing one.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const outfile = `.cache/manifest-${process.pid}.mjs`;
await build({
	stdin: {
		contents: `
			import { descriptions } from './src/protocols/descriptions';
			import { configurationProperties } from './src/host/profiles/schema';
			import { actionMenus, actionPrefix } from './src/host/commands/action-menus';
			export { actionPrefix };
			export const menus = actionMenus(descriptions);
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
const { properties, menus, actionPrefix } = await import(new URL(`../${outfile}`, import.meta.url).href);
await rm(outfile);
const current = await readFile('package.json', 'utf8');
const manifest = JSON.parse(current);
manifest.contributes.configuration.properties = properties;
/** What is written by hand, then what is drawn. */
const redrawn = (items, drawn) => [...items.filter(({ command }) => !command.startsWith(actionPrefix)), ...drawn];
const { contributes } = manifest;
contributes.commands = redrawn(contributes.commands, menus.commands);
contributes.menus['view/item/context'] = redrawn(contributes.menus['view/item/context'], menus.context);
contributes.menus.commandPalette = redrawn(contributes.menus.commandPalette, menus.palette);
const wanted = `${JSON.stringify(manifest, undefined, '\t')}\n`;
if (!process.argv.includes('--check')) await writeFile('package.json', wanted);
else if (current !== wanted) {
	console.error('package.json does not agree with the descriptions: run node scripts/manifest.mjs.');
	process.exitCode = 1;
}
