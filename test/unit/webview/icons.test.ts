import assert from 'node:assert/strict';
import test from 'node:test';
import { descriptions } from '../../../src/protocols/descriptions';
import { isDrawn } from '../../../webview/controls/codicons';

test('every icon that a description names is drawn in the page too', () => {
	const named = descriptions.flatMap(({ id, browse, actions = [], subscription }) =>
		[
			...Object.values(browse?.kinds ?? {}).map(({ icon }) => icon),
			...actions.flatMap(({ icon }) => icon ?? []),
			...(subscription?.modes ?? []).map(({ icon }) => icon),
		].map((icon) => `${id}: ${icon}`),
	);
	assert.deepEqual(
		named.filter((one) => !isDrawn(one.split(': ')[1] ?? '')),
		[],
	);
	assert.ok(named.length > 0);
});

test('a name that is no icon is not drawn, whatever objects inherit', () => {
	for (const name of ['', 'toString', '__proto__', 'no-such-icon']) assert.equal(isDrawn(name), false, name);
});
