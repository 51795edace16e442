// Writes the settings' schema into package.json, drawn from the protocols' descriptions. Run it after changing one.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const outfile = `.cache/manifest-${process.pid}.mjs`;
await build({
	stdin: {
		contents: `
			import { descriptions } from './src/protocols/descriptions';
			import { configurationProperties } from './src/host/profiles/schema';
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
const { properties } = await import(new URL(`../${outfile}`, import.meta.url).href);
await rm(outfile);
const current = await readFile('package.json', 'utf8');
const manifest = JSON.parse(current);
manifest.contributes.configuration.properties = properties;
const wanted = `${JSON.stringify(manifest, undefined, '\t')}\n`;
if (!process.argv.includes('--check')) await writeFile('package.json', wanted);
else if (current !== wanted) {
	console.error('package.json does not agree with the descriptions: run node scripts/manifest.mjs.');
	process.exitCode = 1;
}
