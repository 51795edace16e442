import assert from 'node:assert/strict';
import test from 'node:test';
import { bucketConfig, editedConfig } from '../../../../src/protocols/nats/actions/configs';
import { purgeOf } from '../../../../src/protocols/nats/actions/purging';
import { userFacts } from '../../../../src/protocols/nats/browse/user';
import { duration, size } from '../../../../src/protocols/nats/browse/words';
import { natsFlag, statusFlags, statusOf } from '../../../../src/protocols/nats/describe/flags';
import {
	checkHeader,
	readHeaders,
	readMeta,
	writeHeaders,
	writeMeta,
} from '../../../../src/protocols/nats/describe/headers';
import { checkTarget, identity } from '../../../../src/protocols/nats/describe/modes';
import { placeOf } from '../../../../src/protocols/nats/describe/place';
import { natsProperties } from '../../../../src/protocols/nats/describe/properties';
import { checkFilter, checkSubject, compileFilter } from '../../../../src/protocols/nats/describe/subjects';
import { resend, values } from '../../../../src/protocols/nats/files/logged';
import { acknowledgement } from '../../../../src/protocols/nats/jetstream/acknowledgement';
import { jsonText } from '../../../../src/protocols/nats/jetstream/json-text';
import { messageFlags } from '../../../../src/protocols/nats/jetstream/message-flags';
import { deniedOf, fatalFailure } from '../../../../src/protocols/nats/wire/server-errors';
import { Receipts } from '../../../../src/protocols/shared/receipts';

test('subjects and filters', () => {
	for (const subject of ['a', 'a.b', '$JS.API', 'ä.😀', 'a*b.c>', '__proto__'])
		assert.equal(checkSubject(subject), undefined, subject);
	for (const subject of ['', '.a', 'a.', 'a..b', 'a b', 'a\tb', 'a\nb', 'a.*', '>', '*', 'a.\ud800', 'a\0b'])
		assert.match(checkSubject(subject) ?? '', /^.+\.$/, JSON.stringify(subject));
	assert.equal(checkSubject('ä'.repeat(2000)), undefined);
	assert.match(checkSubject('ä'.repeat(2001)) ?? '', /^The subject has 4,002 bytes\. Servers end the connection/);
	for (const filter of ['>', '*', 'a.*.b', 'a.>', '*.>']) assert.equal(checkFilter(filter), undefined, filter);
	for (const filter of ['>.a', 'a.>.b', 'a. ']) assert.match(checkFilter(filter) ?? '', /\.$/, filter);
});

test('filters match as the server matches', () => {
	const cases: [filter: string, fits: string[], others: string[]][] = [
		['>', ['a', 'a.b', '$SYS.x'], []],
		['a.>', ['a.b', 'a.b.c'], ['a', 'ab.c', 'b.a']],
		['*', ['a'], ['a.b']],
		['a.*.c', ['a.b.c', 'a.x.c'], ['a.c', 'a.b.d', 'a.b.c.d', 'a.b']],
		['*.*', ['a.b'], ['a', 'a.b.c']],
		['a.b', ['a.b'], ['a.b.c', 'a']],
		['*.>', ['a.b', 'a.b.c'], ['a']],
	];
	for (const [filter, fits, others] of cases) {
		const test = compileFilter(filter);
		for (const subject of fits) assert.ok(test(subject), `${filter} ${subject}`);
		for (const subject of others) assert.ok(!test(subject), `${filter} ${subject}`);
	}
});

test('targets of modes, and what replaces what', () => {
	assert.equal(checkTarget('a.*'), undefined);
	assert.equal(checkTarget('ORDERS', 'stream'), undefined);
	assert.match(checkTarget('orders.x', 'stream') ?? '', /cannot contain/);
	assert.equal(checkTarget('ORDERS/worker', 'consume'), undefined);
	for (const target of ['ORDERS', 'ORDERS/', '/x', 'A/b/c', 'A B/c'])
		assert.match(checkTarget(target, 'consume') ?? '', /stream and its consumer/, target);
	const ids = [
		{ target: 'a' },
		{ target: 'a', mode: 'queue', queue: 'g' },
		{ target: 'a', mode: 'queue', queue: 'h' },
		{ target: 'a', mode: 'stream' },
		{ target: 'a', mode: 'stream', filter: 'x' },
	].map(identity);
	assert.equal(new Set(ids).size, ids.length);
	assert.equal(identity({ target: 'a' }), identity({ target: 'a', mode: 'subscribe', internal: true }));
});

test('header blocks keep order and duplicates, and say whether they can be written again', () => {
	const pairs: [string, string][] = [
		['b', '1'],
		['a', ''],
		['b', '2'],
		['__proto__', 'ä😀'],
	];
	assert.deepEqual(readHeaders(writeHeaders(pairs)), { pairs, isExact: true });
	assert.deepEqual(readHeaders('NATS/1.0\r\nA:1\r\n\r\n'), { pairs: [['A', '1']], isExact: true });
	assert.deepEqual(readHeaders('NATS/1.0 503\r\n\r\n'), {
		status: { code: '503', text: '' },
		pairs: [],
		isExact: false,
	});
	assert.deepEqual(readHeaders('NATS/1.0 100 Idle Heartbeat\r\nNats-Last-Consumer: 1\r\n\r\n').status, {
		code: '100',
		text: 'Idle Heartbeat',
	});
	for (const block of ['NATS/1.0\r\nno colon\r\n\r\n', 'garbage', '', 'NATS/1.0\r\na b: 1\r\n\r\n'])
		assert.equal(readHeaders(block).isExact, false);
	for (const pair of [
		['', 'x'],
		['a b', 'x'],
		['a:b', 'x'],
		['a', 'x\ny'],
		['a', ' x'],
		['a', '\ud800'],
	] as const)
		assert.match(checkHeader(pair) ?? '', /\.$/, JSON.stringify(pair));
	assert.equal(checkHeader(['A-b', '']), undefined);
	assert.deepEqual(readMeta(writeMeta('', '')), {});
	assert.deepEqual(readMeta(writeMeta('r', '')), { reply: 'r' });
	assert.deepEqual(readMeta(writeMeta('1 2', writeHeaders(pairs))), { reply: '1 2', block: writeHeaders(pairs) });
	assert.deepEqual(readMeta(writeMeta('', writeHeaders(pairs))), { block: writeHeaders(pairs) });
	for (const code of ['', '100', '404', '503']) assert.equal(statusOf(statusFlags(code)), code);
	assert.equal(statusOf(statusFlags('499')), 'other');
});

test('a logged message is sent again without what the server has added', () => {
	const block =
		'NATS/1.0\r\nA: 1\r\nNats-Stream: S\r\nNats-Subject: s.a\r\nNats-Sequence: 18446744073709551615\r\nNats-Time-Stamp: t\r\n\r\n';
	const meta = writeMeta('', block);
	assert.deepEqual(values(natsFlag.stored, meta).values, {
		...{ headers: [['A', '1']], stream: 'S', sequence: '18446744073709551615' },
	});
	assert.deepEqual(resend({ target: 's.a', payload: Buffer.of(), flags: natsFlag.stored, meta: meta as Uint8Array }), {
		values: { headers: [['A', '1']] },
	});
	assert.equal(placeOf(natsFlag.stored, meta)?.sequence, '18446744073709551615');
	assert.deepEqual(values(natsFlag.reply, writeMeta('r.1', '')).values, { reply: 'r.1' });
	const delivered = writeMeta('$JS.ACK.S.c.2.9007199254740993.7.1732870000123456789.3', '');
	assert.deepEqual(values(natsFlag.consumed | natsFlag.reply, delivered).values, {
		...{ stream: 'S', sequence: '9007199254740993', consumer: 'c', delivered: '2' },
	});
	assert.equal(
		resend({
			target: 'a',
			payload: Buffer.of(),
			flags: 0,
			meta: writeMeta('', 'NATS/1.0\r\nbad\r\n\r\n') as Uint8Array,
		}).lost?.includes('headers'),
		true,
	);
});

test('the place of a delivered message is read exactly, with and without a domain', () => {
	const of = (reply: string) => placeOf(natsFlag.consumed, writeMeta(reply, ''));
	assert.deepEqual(of('$JS.ACK.S.c.2.9007199254740993.7.1732870000123456789.3'), {
		...{
			stream: 'S',
			consumer: 'c',
			delivered: '2',
			sequence: '9007199254740993',
			consumerSequence: '7',
			pending: '3',
		},
		time: '2024-11-29T08:46:40.123456789Z',
	});
	const long = of('$JS.ACK.hub.ACCHASH.S.c.1.5.6.1732870000000000000.0.token');
	assert.deepEqual([long?.domain, long?.stream, long?.sequence], ['hub', 'S', '5']);
	assert.equal(of('$JS.ACK._.ACCHASH.S.c.1.5.6.1732870000000000000.0.token')?.domain, undefined);
	assert.equal(of('$JS.ACK.x'), undefined);
});

test('errors of the server are attributed and worded', () => {
	assert.deepEqual(deniedOf('Permissions Violation for Publish to "a.b"'), { kind: 'publish', subject: 'a.b' });
	assert.deepEqual(deniedOf('Permissions Violation for Publish to "a\\"\\\\\\u00e4"'), {
		kind: 'publish',
		subject: 'a"\\ä',
	});
	assert.deepEqual(deniedOf('Permissions Violation for Publish with Reply of "r"'), { kind: 'reply', subject: 'r' });
	assert.deepEqual(deniedOf('Permissions Violation for Subscription to "a" using queue "q"'), {
		kind: 'subscribe',
		subject: 'a',
		queue: 'q',
	});
	assert.deepEqual(deniedOf('Permissions Violation for Subscription to "a" (sid "3")'), {
		kind: 'subscribe',
		subject: 'a',
	});
	assert.equal(deniedOf('Permissions Violation'), undefined);
	for (const [text, code, isFinal] of [
		['Authorization Violation', 'credentials-refused', true],
		['User Authentication Expired', 'credentials-expired', true],
		['Stale Connection', 'stale', undefined],
		['Slow Consumer', 'slow-consumer', undefined],
		['maximum connections exceeded', 'too-many-connections', undefined],
		['Secure Connection - TLS Required', 'tls-required', true],
	] as const)
		assert.deepEqual([fatalFailure(text)?.code, fatalFailure(text)?.final], [code, isFinal], text);
	for (const text of ['Permissions Violation for Publish to "a"', 'Invalid Subject', 'maximum subscriptions exceeded'])
		assert.equal(fatalFailure(text), undefined, text);
});

test('acknowledgements of streams with 64 bits', async () => {
	const settled = (json: string) => {
		const receipt = new Receipts().open();
		acknowledgement(json, receipt);
		return receipt.promise.then(({ proof, text }) => `${proof} ${text.replace(/[\d.]+ ms/, 'ms')}`);
	};
	assert.equal(
		await settled('{"stream":"S","seq":18446744073709551615}'),
		'acknowledged stored in "S" as 18446744073709551615 in ms',
	);
	assert.equal(
		await settled('{"stream":"S","seq":1,"domain":"hub","duplicate":true}'),
		'acknowledged duplicate: already stored in "S" as 1, domain hub (ms)',
	);
	assert.equal(
		await settled('{"error":{"code":400,"err_code":10071,"description":"wrong last sequence: 3"}}'),
		'refused refused by the stream: wrong last sequence: 3',
	);
	for (const other of ['pong', '{}', '[]', '']) assert.match(await settled(other), /^unknown answered, but not/, other);
});

test('a configuration keeps the digits and members that are not changed', () => {
	const source = '{"name":"S","max_age":9223372036854775807,"max_msgs":-1,"new_member":{"a":[1.50]}}';
	const { source: edited, changed } = editedConfig(source, {
		maxMessages: '18446744073709551615',
		config: '{"description":"ä","sealed":true}',
	});
	assert.equal(
		edited,
		'{"name":"S","max_age":9223372036854775807,"max_msgs":18446744073709551615,"new_member":{"a":[1.50]},"description":"ä","sealed":true}',
	);
	assert.deepEqual(changed, ['max_msgs', 'description', 'sealed']);
	assert.throws(() => editedConfig(source, { config: '[]' }), /not a JSON object/);
	assert.equal(jsonText(bucketConfig({ name: 'b', maxAge: '60' })).includes('"max_age":60000000000'), true);
	assert.equal(jsonText({ a: undefined, b: [1n, 'x"', false] }), '{"b":[1,"x\\"",false]}');
});

test('what a purge deletes', () => {
	assert.deepEqual(purgeOf({ node: 'stream:S', values: {} }), { stream: 'S' });
	assert.deepEqual(purgeOf({ node: 'stream:S', values: { subject: '>', keep: '9007199254740993' } }), {
		stream: 'S',
		keep: 9007199254740993n,
	});
	assert.deepEqual(purgeOf({ node: 'subject:S/a.b/c', values: { sequence: '5' } }), {
		stream: 'S',
		filter: 'a.b/c',
		before: 5n,
	});
	assert.throws(() => purgeOf({ node: 'stream:S', values: { keep: '1', sequence: '1' } }), /not both/);
	assert.throws(() => purgeOf({ node: 'stream:S', values: { subject: 'a..b' } }), /empty token/);
});

test('user, account and permissions as the server states them', () => {
	const permissions = { publish: { allow: ['a.>', 'b'], deny: ['a.x'] }, subscribe: { deny: ['$SYS.>'] } };
	const facts = userFacts({ data: { user: 'u', account: 'A', permissions } }).map(
		({ label, value }) => `${label}: ${value}`,
	);
	assert.deepEqual(facts, [
		'User: u',
		'Account: A',
		'May publish to: only a.>, b; not a.x',
		'May subscribe to: not $SYS.>',
	]);
	assert.deepEqual(userFacts(undefined), []);
	assert.deepEqual(userFacts({ data: [] as never }), []);
});

test('sizes and durations in words', () => {
	assert.deepEqual([0n, 1n, 999n, 1000n, 123_456n, 18_446_744_073_709_551_615n].map(size), [
		'0 bytes',
		'1 byte',
		'999 bytes',
		'1.0 kB',
		'123 kB',
		'18447 PB',
	]);
	assert.deepEqual([1n, 30_000_000_000n, 120_000_000_000n, 7_776_000_000_000_000n].map(duration), [
		'1 nanosecond',
		'30 seconds',
		'2 minutes',
		'90 days',
	]);
});

test('a key that is deleted by a client or whose time is over is marked', () => {
	for (const [header, word] of [
		['KV-Operation: DEL', 'deleted'],
		['KV-Operation: PURGE', 'purged with its history'],
		['Nats-Marker-Reason: MaxAge', 'expired'],
		['KV-Operation: PUT', undefined],
		['Nats-Msg-Id: 1', undefined],
	] as const) {
		const meta = writeMeta('', `NATS/1.0\r\n${header}\r\n\r\n`);
		const flags = messageFlags('$KV.b.k', meta, 0);
		assert.equal((flags & natsFlag.marker) !== 0, word !== undefined, header);
		assert.equal(natsProperties(flags, meta).find(({ label }) => label === 'Key')?.value, word, header);
	}
});
