import assert from 'node:assert/strict';
import test from 'node:test';
import { checkProfile } from '../../../../src/model/profile/check';
import { descriptions } from '../../../../src/protocols/descriptions';
import { readContext } from '../../../../src/protocols/nats/import/contexts';

const read = (context: unknown, name = 'prod.json') =>
	readContext({ name, text: JSON.stringify(context), home: '/home/me' });

/** As the command writes one: every member is there, most of them empty. */
const empty = {
	...{ description: '', url: '', socks_proxy: '', token: '', user: '', password: '', creds: '', nkey: '', cert: '' },
	...{ key: '', ca: '', nsc: '', jetstream_domain: '', jetstream_api_prefix: '', jetstream_event_prefix: '' },
	...{
		inbox_prefix: '',
		user_jwt: '',
		user_seed: '',
		color_scheme: '',
		tls_first: false,
		windows_ca_certs_match: null,
	},
};

const cases: [name: string, context: object, expected: Partial<ReturnType<typeof readContext>>][] = [
	['an empty one', {}, { profile: { name: 'prod', url: 'nats://localhost:4222' }, secrets: {}, left: [] }],
	[
		'user and password',
		{ url: 'nats://h:4222', user: 'me', password: 'hunter2', description: 'Production' },
		{ profile: { name: 'prod', url: 'nats://h:4222', username: 'me' }, secrets: { password: 'hunter2' }, left: [] },
	],
	[
		'a token',
		{ url: 'h', token: 'hunter2' },
		{ profile: { name: 'prod', url: 'nats://h' }, secrets: { token: 'hunter2' } },
	],
	[
		'credentials in the URL',
		{ url: 'nats://me:hunter2@h:4222' },
		{ profile: { name: 'prod', url: 'nats://h:4222', username: 'me' }, secrets: { password: 'hunter2' } },
	],
	[
		'a token in the URL',
		{ url: 'nats://hunter2@h' },
		{ profile: { name: 'prod', url: 'nats://h' }, secrets: { token: 'hunter2' } },
	],
	[
		'several servers',
		{ url: 'nats://a, nats://u:hunter2@b' },
		{ profile: { name: 'prod', url: 'nats://a' }, left: ['nats://b, since a connection has one server'] },
	],
	[
		'files',
		{ creds: '~/my.creds', ca: 'file:///etc/ca.pem', cert: '/c.pem', key: '/k.pem', tls_first: true },
		{
			profile: {
				...{ name: 'prod', url: 'tls://localhost:4222', credentials: '/home/me/my.creds' },
				tls: { ca: '/etc/ca.pem', cert: '/c.pem', key: '/k.pem', first: true },
			},
			left: [],
		},
	],
	[
		'JetStream and inbox',
		{ jetstream_domain: 'hub', jetstream_api_prefix: 'JS.API', inbox_prefix: '_IN' },
		{
			profile: {
				...{ name: 'prod', url: 'nats://localhost:4222', inboxPrefix: '_IN' },
				jetstream: { domain: 'hub', prefix: 'JS.API' },
			},
		},
	],
	[
		'what a connection does not have',
		{
			nkey: '/s.nk',
			user_jwt: 'hunter2',
			nsc: 'nsc://O/A/U',
			socks_proxy: 'socks5://hunter2@p',
			creds: 'op://v/i/c',
			unknown: 'x',
		},
		{
			secrets: {},
			left: [
				'creds, which is not the path of a file',
				'nkey, which is the path of a seed: enter the seed as "Nkey seed", or use a credentials file',
				'nsc, which is looked up by nsc: enter the path of its credentials file',
				'socks_proxy, since connections do not use a SOCKS proxy',
				'unknown, which connections do not have',
				'user_jwt, which a connection takes from a credentials file',
			],
		},
	],
	[
		'a secret in another place',
		{ user: 'me', password: 'env://PASS' },
		{ secrets: {}, left: ['password, which is kept in another place'] },
	],
];
for (const [name, context, expected] of cases)
	test(`a context with ${name}`, () => {
		const found = read({ ...empty, ...context });
		found.left.sort();
		for (const [member, value] of Object.entries(expected))
			assert.deepEqual(found[member as keyof typeof found], value, member);
		const { secrets: _, ...others } = found;
		assert.ok(!JSON.stringify(others).includes('hunter2'), 'a secret is among the secrets only');
		const entry = { ...found.profile, id: 'x', protocol: 'nats' };
		assert.deepEqual(checkProfile(entry, descriptions), []);
	});

test('a file that is no context is one sentence', () => {
	for (const text of ['', '{', '[]', '"x"', 'null'])
		assert.throws(() => readContext({ name: 'x.json', text, home: '' }), /^Error: x\.json is not .*\.$/);
});

test('members such as __proto__ are data', () => {
	const { profile, left } = read(JSON.parse('{"__proto__": {"url": "x"}, "constructor": "y"}'));
	assert.equal(profile.url, 'nats://localhost:4222');
	assert.deepEqual(left.sort(), [
		'__proto__, which connections do not have',
		'constructor, which connections do not have',
	]);
});
