// The notice file of the product: names and licences of the libraries that esbuild bundled.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './root.mjs';

/**
 * Licences that allow distribution in a product that repeats their text; CC-BY-4.0 is that of the icon font. Adding one is a
 * decision for a person.
 */
const allowed = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC-BY-4.0', 'ISC', 'MIT', 'Unlicense']);

/** Libraries whose package has no licence text. The text of their repository is in scripts/licenses. */
const elsewhere = {
	'@microsoft/fast-element': 'microsoft-fast.txt',
	'@microsoft/fast-foundation': 'microsoft-fast.txt',
	'@microsoft/fast-web-utilities': 'microsoft-fast.txt',
	saxes: 'saxes.txt',
};

/** Folders of the packages with at least one byte in the outputs, relative to the working directory of esbuild. */
export function bundledPackages(metafiles) {
	const inputs = metafiles.flatMap(({ outputs }) =>
		Object.values(outputs).flatMap((one) => Object.entries(one.inputs)),
	);
	const folders = inputs.flatMap(([path, { bytesInOutput }]) => {
		const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
		return folder && bytesInOutput > 0 ? [folder] : [];
	});
	return [...new Set(folders)].sort();
}

/** The notice file's text. Throws for a library without a licence text or with a licence that is not allowed. */
export async function noticesOf(folders) {
	const notices = new Map();
	for (const folder of folders) {
		const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
		if (!allowed.has(license)) throw new Error(`${name} ${version} has the licence ${JSON.stringify(license)}.`);
		const text = await licenceText(folder, name);
		if (!text)
			throw new Error(`${name} ${version} has no licence text: add that of its repository to scripts/licenses.`);
		notices.set(`${name} ${version}`, `${name} ${version} (${license})\n\n${text.replaceAll('\r\n', '\n').trim()}\n`);
	}
	const about =
		'This product contains the following libraries. Each is used under its own licence, which is repeated here.\n';
	return [about, ...[...notices].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, notice]) => notice)].join(
		`\n${'-'.repeat(80)}\n\n`,
	);
}

async function licenceText(folder, name) {
	const names = await readdir(folder);
	const files = names.filter((one) => /^(?:licen[cs]e|copying|notices?)(?:[.-]|$)/i.test(one)).sort();
	const texts = await Promise.all(files.map((one) => readFile(join(folder, one), 'utf8')));
	if (texts.some(isLicence)) return texts.join('\n\n');
	const readme = names.find((one) => /^readme(?:\.|$)/i.test(one));
	const [, section] = readme ? (await readFile(join(folder, readme), 'utf8')).split(/^#+ licen[cs]e\s*$/im) : [];
	const own = section?.split(/^#/m)[0];
	if (own && isLicence(own)) return own;
	return elsewhere[name] && readFile(join(root, 'scripts', 'licenses', elsewhere[name]), 'utf8');
}

const isLicence = (text) =>
	/Apache License\s+Version 2\.0|Permission (?:is hereby granted|to use, copy)|Redistribution and use|released into the public domain/i.test(
		text,
	);
