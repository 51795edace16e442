import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { descriptions } from '../../../src/protocols/descriptions';
import { isIcon } from '../../../webview/controls/icons';

test('every icon that a description names exists in the icon font', () => {
	const named = descriptions.flatMap(({ id, browse, actions = [], subscription }) =>
		[
			...Object.values(browse?.kinds ?? {}).map(({ icon }) => icon),
			...actions.flatMap(({ icon }) => icon ?? []),
			...(subscription?.modes ?? []).map(({ icon }) => icon),
		].map((icon) => [id, icon] as const),
	);
	assert.deepEqual(
		named.filter(([, icon]) => !isIcon(icon)),
		[],
	);
	assert.ok(named.length > 0);
});

test('every icon that a page names exists in the icon font', () => {
	const files = readdirSync('webview', { recursive: true })
		.map((file) => join('webview', String(file)))
		.filter((file) => file.endsWith('.ts'));
	const named = files.flatMap((file) => {
		const calls = readFileSync(file, 'utf8').matchAll(/\b(?:icon|toolButton|step)\(([^)]*)/g);
		return [...calls].flatMap(([, argument = '']) =>
			// The first argument is a name or a choice between two; comparisons and titles are skipped.
			[...(argument.split(', ')[0] ?? '').matchAll(/(?<!=== )'([a-z-]+)'/g)].map(
				([, name = '']) => [file, name] as const,
			),
		);
	});
	assert.deepEqual(
		named.filter(([, name]) => !isIcon(name)),
		[],
	);
	assert.ok(named.length > 40, `${named.length} names were found`);
});

test('rejects names that are no icons, also those that objects inherit', () => {
	for (const name of ['', 'toString', '__proto__', 'no-such-icon']) assert.equal(isIcon(name), false, name);
});
