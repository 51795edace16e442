import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import type * as Changed from '../../../../src/host/connections/changed-checks';
import type * as Additions from '../../../../src/host/profiles/additions';
import type { CheckRule } from '../../../../src/model/checks/rule';
import { loadHost } from '../../../support/host/load-host';

const profile = { id: 'x', name: 'Barn', protocol: 'mqtt', url: 'mqtt://h', color: 'red' };
const nonce = { target: 'commands/#', nonce: 'n' };

async function add(check: CheckRule, present?: CheckRule[]) {
	const { addCheck } = await loadHost<typeof Additions>('src/host/profiles/additions.ts', {});
	const saved: unknown[] = [];
	const profiles = {
		find: () => ({ profile: present ? { ...profile, checks: present } : profile }),
		update: async (...call: unknown[]) => void saved.push(call),
	};
	const refused = await addCheck(profiles as never, 'x', check).then(
		() => undefined,
		(error) => (error as FailureError).failure,
	);
	return { saved, refused };
}

test('a check is added behind those of the profile, once', async () => {
	assert.deepEqual((await add(nonce)).saved, [['x', { ...profile, checks: [nonce] }]]);
	const other = { sequence: 'seq' };
	assert.deepEqual((await add(nonce, [other])).saved, [['x', { ...profile, checks: [other, nonce] }]]);
	assert.deepEqual((await add(nonce, [nonce])).saved, []);
});

test('a check that cannot be used is refused at its field', async () => {
	for (const [check, field, message] of [
		[{ target: 'a/#/b', nonce: 'n' }, 'target', /#/],
		[{ nonce: 'n', window: '30' }, 'window', /needs a unit/],
		[{ target: 'a' }, undefined, /^Name the field/],
	] as const) {
		const { saved, refused } = await add(check);
		assert.deepEqual([saved, refused?.code, refused?.field], [[], 'bad-field', field]);
		assert.match(refused?.message ?? '', message);
	}
});

test('edited checks reach the session while it is open', async () => {
	const { applyChangedChecks } = await loadHost<typeof Changed>('src/host/connections/changed-checks.ts', {});
	const given: unknown[] = [];
	let changed = () => {};
	const session = (id: string, kind: string) => ({
		...{ id, status: { state: { kind } } },
		engine: () => ({ setChecks: async (checks: unknown) => void given.push([id, checks]) }),
	});
	applyChangedChecks({
		sessions: {
			all: [session('open', 'open'), session('closed', 'closed'), session('bad', 'open'), session('gone', 'open')],
		},
		profiles: {
			onChanged(listener: () => void) {
				changed = listener;
				return { dispose() {} };
			},
			find: (id: string) => (id === 'gone' ? undefined : { profile: { ...profile, id }, source: {} }),
		},
		connecting: {
			resolve({ id }: { id: string }) {
				if (id === 'bad') throw new FailureError({ code: 'bad-field', message: 'It is wrong.' });
				return { resolved: { profile: { checks: [nonce] } } };
			},
		},
	} as never);
	changed();
	assert.deepEqual(given, [['open', [nonce]]]);
});
