import assert from 'node:assert/strict';
import test from 'node:test';
import { toFailure } from '../../../src/base/failure';
import { originOf, parseUrl, urlWithLookupName, withoutCredentials } from '../../../src/model/profile/url';
import { mqtt } from '../../../src/protocols/mqtt/describe/describe';

const good: [string, { origin: string; rest?: string; user?: string; password?: string }][] = [
	['mqtt://localhost', { origin: 'mqtt://localhost:1883' }],
	['mqtts://Broker.Example.com', { origin: 'mqtts://broker.example.com:8883' }],
	['MQTT://h:1884', { origin: 'mqtt://h:1884' }],
	['  mqtt://h  ', { origin: 'mqtt://h:1883' }],
	['wss://h/mqtt?x=1#y', { origin: 'wss://h:443', rest: '/mqtt?x=1#y' }],
	['mqtt://[::1]:1883', { origin: 'mqtt://[::1]:1883' }],
	['mqtt://[fe80::1%25eth0]', { origin: 'mqtt://[fe80::1%eth0]:1883' }],
	['mqtt://[FE80::1%eth0]:1884/x', { origin: 'mqtt://[fe80::1%eth0]:1884', rest: '/x' }],
	['mqtt://[fe80::1%25Wi-Fi%202]', { origin: 'mqtt://[fe80::1%Wi-Fi 2]:1883' }],
	['mqtt://[fe80::1%br-lan.5]', { origin: 'mqtt://[fe80::1%br-lan.5]:1883' }],
	['mqtt://[fe80::1%25]', { origin: 'mqtt://[fe80::1%25]:1883' }],
	['mqtt://[fe80::1%254]', { origin: 'mqtt://[fe80::1%4]:1883' }],
	['mqtt://u:p%40@[fe80::1%eth0]', { origin: 'mqtt://[fe80::1%eth0]:1883', user: 'u', password: 'p@' }],
	['mqtt://[0:0:0:0:0:0:0:1]', { origin: 'mqtt://[::1]:1883' }],
	['mqtt://BÜCHER.example', { origin: 'mqtt://xn--bcher-kva.example:1883' }],
	['mqtt://b%C3%BCcher.example', { origin: 'mqtt://xn--bcher-kva.example:1883' }],
	['mqtt://xn--bcher-kva.example', { origin: 'mqtt://xn--bcher-kva.example:1883' }],
	['mqtt://ex%61mple.com', { origin: 'mqtt://example.com:1883' }],
	['mqtt://example.com.', { origin: 'mqtt://example.com.:1883' }],
	['mqtt://under_score', { origin: 'mqtt://under_score:1883' }],
	['mqtt://0x7f.1', { origin: 'mqtt://127.0.0.1:1883' }],
	['mqtt://u@h', { origin: 'mqtt://h:1883', user: 'u' }],
	['mqtt://u:p%40ss@h:1', { origin: 'mqtt://h:1', user: 'u', password: 'p@ss' }],
	['mqtt://u:a@b@h', { origin: 'mqtt://h:1883', user: 'u', password: 'a@b' }],
	['mqtt://u:p%zz@h', { origin: 'mqtt://h:1883', user: 'u', password: 'p%zz' }],
	['ws://h/path@x:y', { origin: 'ws://h:80', rest: '/path@x:y' }],
	['mqtt://h:', { origin: 'mqtt://h:1883' }],
];

for (const [url, { origin, rest = '', user, password }] of good)
	test(`${url} goes to ${origin}`, () => {
		const target = parseUrl(url, mqtt.schemes);
		assert.equal(originOf(target), origin);
		assert.equal(target.rest, rest);
		assert.equal(target.credentials?.username, user);
		assert.equal(target.credentials?.password, password);
	});

const bad: [string, RegExp][] = [
	['', /^Enter a URL/],
	['localhost', /must start with mqtt:\/\//],
	['http://localhost', /must start with mqtt:\/\//],
	['mqtt:localhost', /must start with mqtt:\/\//],
	['mqtt://', /no host/],
	['mqtt://:1883', /no host/],
	['mqtt://h:70000', /^The port of the URL is not between 1 and 65535\.$/],
	['mqtt://h:0', /of the URL is not between/],
	['mqtt://h:port', /not a number/],
	['mqtt://h:99999999999999999999', /not a number/],
	['mqtt://h h', /not allowed in a host/],
	['mqtt://[::1', /cannot be recognized/],
	['mqtt://[fe80::1%]', /cannot be recognized/],
	['mqtt://[fe80::1%eth0', /cannot be recognized/],
	['mqtt://[fe80::1%a%2500]', /neither a valid name nor/],
	['mqtt://[fe80::1%25a%zz]', /neither a valid name nor/],
	['mqtt://[fe80::1%25a%5Db]', /neither a valid name nor/],
	['mqtt://[fe80:::1%eth0]', /neither a valid name nor/],
	['mqtt://a\u200bb', /not allowed in a host/],
	['mqtt://canary%2fx', /neither a valid name nor/],
	['mqtt://canary%00', /neither a valid name nor/],
	['mqtt://1.2.3.256', /neither a valid name nor/],
	['mqtt://.', /neither a valid name nor/],
	['mqtt://xn--a', /neither a valid name nor/],
	['ws://h/a b', /space/],
	['mqtt://user:canary-secret@', /no host/],
	['mqtt://user:canary-secret@h:70000', /70000/],
];

for (const [url, message] of bad)
	test(`${JSON.stringify(url)} is refused, and no password is told`, () => {
		assert.throws(
			() => parseUrl(url, mqtt.schemes),
			(error) => {
				const failure = toFailure(error);
				assert.equal(failure.code, 'bad-url');
				assert.match(failure.message, message);
				assert.doesNotMatch(JSON.stringify(failure), /canary/);
				return true;
			},
		);
	});

for (const [url, bare] of [
	['mqtt://u:p@h:1/x@y', 'mqtt://h:1/x@y'],
	['mqtt://u:a@b@h', 'mqtt://h'],
	['mqtt://h/a@b', 'mqtt://h/a@b'],
	['not a url', 'not a url'],
] as const)
	test(`${url} without credentials is ${bare}`, () => assert.equal(withoutCredentials(url), bare));

for (const [url, shown] of [
	['mqtt://example.com:1/bücher', 'mqtt://example.com:1/bücher'],
	['mqtt://bücher.example:1883', 'mqtt://bücher.example:1883 (xn--bcher-kva.example)'],
	// Cyrillic letters that look like Latin ones.
	['mqtt://раураl.com', 'mqtt://раураl.com (xn--l-7sba6dbr.com)'],
	['mqtt://u@раураl.com/', 'mqtt://u@раураl.com/ (xn--l-7sba6dbr.com)'],
	['mqtt://[fe80::1%eth0]', 'mqtt://[fe80::1%eth0]'],
	['not a url', 'not a url'],
] as const)
	test(`${url} is shown as ${shown}`, () => assert.equal(urlWithLookupName(url), shown));
