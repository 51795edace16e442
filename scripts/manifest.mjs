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
const manifest = JSON.parse(await readFile('package.json', 'utf8'));
manifest.contributes.configuration.properties = properties;
await writeFile('package.json', `${JSON.stringify(manifest, undefined, '\t')}\n`);
