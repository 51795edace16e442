import assert from 'node:assert/strict';
import test from 'node:test';
import type { Values } from '../../../../src/model/profile/field';
import { xmpp } from '../../../../src/protocols/xmpp/describe/describe';

const cases: [title: string, values: Values, key: string | undefined][] = [
	['an address alone', { username: 'alice@example.org', mechanism: 'auto' }, 'password'],
	['a mechanism with a password', { mechanism: 'SCRAM-SHA-1' }, 'password'],
	['EXTERNAL', { mechanism: 'EXTERNAL' }, undefined],
	['a client certificate', { mechanism: 'auto', 'tls.cert': '/alice.pem' }, undefined],
	['a PKCS #12 file', { mechanism: 'auto', 'tls.pfx': '/alice.p12' }, undefined],
	['no fields', {}, 'password'],
];
for (const [title, values, key] of cases)
	test(`with ${title}, ${key ? `the ${key} is needed` : 'no secret is needed'}`, () => {
		assert.equal(xmpp.secretNeeded?.({ url: 'xmpp://example.org', values }), key);
	});
