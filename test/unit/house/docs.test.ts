import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { descriptions } from '../../../src/protocols/descriptions';

const pages = [
	'README.md',
	'CONTRIBUTING.md',
	...readdirSync('docs')
		.filter((name) => name.endsWith('.md'))
		.map((name) => `docs/${name}`),
];

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string) =>
	heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.trim()
		.replace(/\s/g, '-');

const anchors = (path: string) =>
	[...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));

test('every link and picture of the documentation leads somewhere', () => {
	for (const page of pages) {
		for (const [, target = ''] of readFileSync(page, 'utf8').matchAll(/(?:\]\(|src(?:set)?=")([^)\s"]+)/g)) {
			if (/^[a-z]+:/.test(target)) continue;
			const [file = '', anchor] = target.split('#');
			const path = file === '' ? page : join(dirname(page), file);
			assert.ok(existsSync(path), `${page}: ${target}`);
			if (anchor !== undefined) assert.ok(anchors(path).includes(anchor), `${page}: ${target}`);
		}
	}
});

test('every protocol has a page that names its ways to receive, its verbs and its schemes', () => {
	for (const { id, label, verbs, subscription, schemes } of descriptions) {
		const text = readFileSync(`docs/${id}.md`, 'utf8');
		const names = [...verbs, ...(subscription?.modes ?? [])].map((one) => `**${one.label}**`);
		const urls = schemes.map(({ scheme }) => `\`${scheme}://`);
		for (const name of [...names, ...urls]) assert.ok(text.includes(name), `docs/${id}.md does not name ${name}`);
		assert.ok(readFileSync('docs/README.md', 'utf8').includes(`[${label}](${id}.md)`), label);
	}
});
