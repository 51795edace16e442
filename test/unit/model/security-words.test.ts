import assert from 'node:assert/strict';
import test from 'node:test';
import { securityWords } from '../../../src/model/contracts/security';
import type { Security } from '../../../src/model/contracts/session';

test('says in words that there is no sign-in', () => {
	const plain: Security = { encrypted: false, verified: false, authentication: 'none' };
	const tls: Security = { encrypted: true, verified: true, version: 'TLSv1.3', cipher: 'X', authentication: 'none' };
	const cases: [Security, string][] = [
		[plain, 'Not encrypted, no sign-in'],
		[{ ...plain, authentication: 'user name and password' }, 'Not encrypted, user name and password'],
		[tls, 'TLSv1.3, X, no sign-in'],
		[{ ...tls, authentication: 'SASL', mechanisms: { offered: ['PLAIN'], used: 'PLAIN' } }, 'TLSv1.3, X, SASL (PLAIN)'],
	];
	for (const [security, words] of cases) assert.equal(securityWords(security, 0), words);
});
