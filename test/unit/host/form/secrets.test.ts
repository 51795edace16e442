import assert from 'node:assert/strict';
import test from 'node:test';
import { createFormSecrets } from '../../../../src/host/form/secrets';
import type { OpenRequest } from '../../../../src/model/contracts/session';

const profile = { id: 'x', name: 'n', protocol: 'mqtt', url: 'mqtt://h' };

/** Secrets of the profile `x` at `mqtt://h`, where a password is stored. */
function begin(stored: Record<string, string> = { password: 'old' }) {
	const values = new Map(Object.entries(stored));
	const hidden: string[] = [];
	const owners: unknown[] = [];
	const form = createFormSecrets(
		{
			connecting: { owner: ({ id, name, url }: typeof profile) => ({ id, name, origin: url }) },
			secrets: {
				stored: ({ id, origin }: { id: string; origin: string }) =>
					id === 'x' && origin === 'mqtt://h' ? [...values.keys()] : [],
				set: async (owner: unknown, key: string, value: string) => {
					owners.push(owner);
					values.set(key, value);
				},
				remove: async (_: unknown, key: string) => void values.delete(key),
			},
			log: { hide: (secret: string) => hidden.push(secret) },
		} as never,
		'x',
		undefined,
	);
	return { form, values, hidden, owners };
}
const request = (secrets: Record<string, string>) => ({ secrets }) as unknown as OpenRequest;

test('a typed secret is used for a test at once, hidden in the log, and stored only with the profile', async () => {
	const { form, values, hidden, owners } = begin();
	form.enter({ password: 'new', 'tls.passphrase': 'p' }, []);
	assert.deepEqual(hidden, ['new', 'p']);
	assert.deepEqual(form.typed(), ['password', 'tls.passphrase']);
	assert.deepEqual(form.into(request({ password: 'old' })).secrets, { password: 'new', 'tls.passphrase': 'p' });
	assert.deepEqual(Object.fromEntries(values), { password: 'old' });
	assert.deepEqual(form.mark(profile), { ...profile, secrets: ['password', 'tls.passphrase'] });
	await form.save(profile);
	assert.deepEqual(Object.fromEntries(values), { password: 'new', 'tls.passphrase': 'p' });
	assert.deepEqual(owners[0], { id: 'x', name: 'n', origin: 'mqtt://h' });
	assert.deepEqual(form.into(request({})).secrets, {});
});

test('a removed secret is neither tested nor needed, and deleted only with the profile', async () => {
	const { form, values } = begin();
	form.enter({}, ['password']);
	assert.deepEqual(form.into(request({ password: 'old' })).secrets, {});
	assert.deepEqual(form.mark({ ...profile, secrets: ['password'] }), profile);
	assert.equal(values.size, 1);
	await form.save(profile);
	assert.equal(values.size, 0);
});

test('the last call counts, and another address has other secrets', () => {
	const { form } = begin();
	form.enter({ password: 'first' }, []);
	form.enter({}, []);
	assert.deepEqual(form.into(request({ password: 'old' })).secrets, { password: 'old' });
	assert.deepEqual(form.stored({ ...profile, url: 'mqtt://other' }), []);
});

test('only fields of the protocol that are secrets are stored', async () => {
	const { form, values } = begin({});
	form.enter({ username: 'me' }, []);
	await assert.rejects(form.save(profile), /no secret named "username"/);
	assert.equal(values.size, 0);
});
