import assert from 'node:assert/strict';
import test from 'node:test';
import { checkProfile } from '../../../src/model/profile/check';
import { descriptions } from '../../../src/protocols/descriptions';

const good = { id: 'a', name: 'A', protocol: 'mqtt', url: 'mqtt://h' };

const cases: [name: string, entry: object, severity: string, secret: string | undefined][] = [
	['a password', { ...good, password: 'canary' }, 'error', 'password'],
	['a misspelt password', { ...good, pasword: 'canary' }, 'warning', 'password'],
	['a password in another language', { ...good, passwort: 'canary' }, 'warning', 'password'],
	['a token', { ...good, token: 'canary' }, 'warning', 'password'],
	['a nested passphrase', { ...good, tls: { passphrase: 'canary' } }, 'error', 'tls.passphrase'],
	['a password beside an unknown protocol', { ...good, protocol: 'mqtts', password: 'canary' }, 'error', undefined],
];
for (const [name, entry, severity, secret] of cases)
	test(`${name} is a secret in the settings, and never a suggested field`, () => {
		const problems = checkProfile(entry, descriptions);
		const found = problems.find(({ code }) => code === 'secret-in-settings');
		assert.equal(found?.severity, severity);
		assert.equal(found?.secret, secret);
		for (const { meant, message } of problems) {
			assert.doesNotMatch(meant ?? '', /pass/);
			assert.doesNotMatch(message, /canary/);
		}
	});

test('no secret is suggested for another name either', () => {
	for (const key of ['passwords', 'passphrases', 'paswd', 'userpassword']) {
		const [problem] = checkProfile({ ...good, [key]: true }, descriptions);
		assert.doesNotMatch(problem?.meant ?? '', /pass/, key);
	}
});
