import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { tools } from '../../../../src/protocols/nats/files/tools';
import { readCommands } from '../../../../src/protocols/shared/commands/shell-reader';
import type { Sketch, SketchHeader } from '../../../../src/protocols/shared/commands/sketch';
import { hostilePayloads, hostileTexts, wire } from '../../../support/texts/evil-texts';

const read = (text: string): Sketch[] =>
	readCommands(text).flatMap(({ words, input }) => tools.read?.(words, input) ?? []);
const copied = (sketch: Sketch, id: string): string | undefined =>
	tools.copies.flatMap((way) => (way.id === id ? [way.write(sketch)] : [])).find((text) => text !== undefined);
const texts = ({ messages }: Sketch) =>
	messages.map((one) => ('bytes' in one ? Buffer.from(one.bytes).toString() : `< ${one.file}`));

const reads: [command: string, expected: Partial<Omit<Sketch, 'messages'>> & { messages?: string[] }][] = [
	[
		'nats -s a:4222,b:4222 publish x hello world --reply back -H A:1 -H "B: {{Count}}" --trace',
		{
			verb: 'PUBLISH',
			url: 'nats://a:4222',
			target: 'x',
			headers: [
				['Reply', 'back'],
				['A', '1', 'message'],
				['B', '{{Count}}', 'message'],
			],
			messages: ['hello world'],
			dropped: ['-s b:4222'],
		},
	],
	[
		'nats pub -J x y --count 5 --sleep 1s',
		{
			headers: [['Verb', 'stream']],
			metadata: [
				['loop', 'for 5'],
				['every', '1s'],
			],
		},
	],
	[
		'nats pub x "{{ Count }} of {{Random 1 9}}" --sleep 1s --jitter 5ms',
		{
			messages: ['{{ Count }} of {{Random 1 9}}'],
			dropped: ['--jitter 5ms', 'the replacement of {{ Count }}', 'the replacement of {{Random 1 9}}'],
		},
	],
	[
		"printf 'a\\nb\\n' | nats pub --atomic --send-on=newline x",
		{ headers: [['Verb', 'stream']], messages: ['a', 'b'], dropped: ['--atomic'] },
	],
	[
		'nats sub "orders.*" --stream ORDERS --last-per-subject --count 3',
		{
			verb: 'SUBSCRIBE',
			target: 'ORDERS',
			headers: [
				['Mode', 'stream'],
				['From', 'last'],
				['Filter', 'orders.*'],
			],
			metadata: [['maxMessages', '3']],
		},
	],
	[
		'nats sub --stream ORDERS --start-sequence 7 -T',
		{
			target: 'ORDERS',
			headers: [
				['Mode', 'stream'],
				['From', 'sequence'],
				['Sequence', '7'],
				['Follow', 'false'],
			],
		},
	],
	[
		'nats stream view ORDERS',
		{
			headers: [
				['Mode', 'stream'],
				['From', 'first'],
				['Count', '10'],
				['Follow', 'false'],
			],
		},
	],
	['nats pub x --force-stdin < ./body.json', { messages: ['< ./body.json'] }],
	["printf 'a\\000' | nats pub x", { messages: ['a\0'] }],
	[
		'nats req x y --timeout 1m30s --replies 3 --raw --reply-timeout 1s',
		{
			verb: 'REQUEST',
			headers: [
				['Timeout', '90'],
				['Max-Answers', '3'],
			],
			dropped: ['--reply-timeout 1s'],
		},
	],
	[
		'nats sub --queue workers "jobs.>" --wait 5s',
		{
			verb: 'SUBSCRIBE',
			target: 'jobs.>',
			headers: [
				['Mode', 'queue'],
				['Queue', 'workers'],
			],
			metadata: [['timeout', '5s']],
		},
	],
	[
		'nats pub x y --token hunter2 --seed hunter2 --jwt hunter2 --creds my.creds --nkey n.nk --js-domain hub',
		{ dropped: ['--token', '--seed', '--jwt', '--creds my.creds', '--nkey n.nk', '--js-domain hub'] },
	],
	['nats --context prod pub x y', { url: undefined, metadata: [['connection', 'prod']] }],
	['nats pub x y --tlsca ca.pem', { url: 'tls://localhost:4222', dropped: ['--tlsca ca.pem'] }],
	['nats pub x y -s nats://u:hunter2@h', { url: 'nats://h', username: 'u' }],
	['nats kv put b a.b v', { verb: 'PUBLISH', target: '$KV.b.a.b', headers: [['Verb', 'stream']], messages: ['v'] }],
	["printf 'v' | nats kv put b k", { target: '$KV.b.k', messages: ['v'] }],
	[
		'nats kv create b k v',
		{
			headers: [
				['Verb', 'stream'],
				['Expected-Subject-Sequence', '0'],
			],
			messages: ['v'],
		},
	],
	[
		'nats kv update b k v 7',
		{
			headers: [
				['Verb', 'stream'],
				['Expected-Subject-Sequence', '7'],
			],
			messages: ['v'],
		},
	],
	[
		'nats kv del b k -f',
		{
			headers: [
				['Verb', 'stream'],
				['KV-Operation', 'DEL', 'message'],
			],
			messages: [],
		},
	],
	[
		'nats kv purge b k',
		{
			headers: [
				['Verb', 'stream'],
				['KV-Operation', 'PURGE', 'message'],
				['Nats-Rollup', 'sub', 'message'],
			],
		},
	],
	[
		'nats stream view ORDERS 5 --id 18446744073709551615 --subject a.b',
		{
			verb: 'SUBSCRIBE',
			target: 'ORDERS',
			headers: [
				['Mode', 'stream'],
				['From', 'sequence'],
				['Sequence', '18446744073709551615'],
				['Filter', 'a.b'],
				['Count', '5'],
				['Follow', 'false'],
			],
		},
	],
	[
		'nats s get ORDERS -S a.b',
		{
			headers: [
				['Mode', 'stream'],
				['From', 'last'],
				['Filter', 'a.b'],
				['Count', '1'],
				['Follow', 'false'],
			],
		},
	],
	[
		'nats kv get b k --raw',
		{
			target: 'b',
			headers: [
				['Mode', 'kv'],
				['Key', 'k'],
				['Count', '1'],
				['Follow', 'false'],
			],
		},
	],
	[
		'nats kv watch b --history',
		{
			target: 'b',
			headers: [
				['Mode', 'kv'],
				['History', 'all'],
			],
		},
	],
];
for (const [command, { messages, ...expected }] of reads)
	test(`reads: ${command}`, () => {
		const [sketch, ...others] = read(command);
		assert.ok(sketch && others.length === 0);
		for (const [name, value] of Object.entries(expected)) assert.deepEqual(sketch[name as keyof Sketch], value, name);
		if (messages) assert.deepEqual(texts(sketch), messages);
		const { password: _, ...written } = sketch;
		assert.ok(!JSON.stringify(written).includes('hunter2'), 'a password stays out of everything but its place');
	});

test('several subjects are several requests', () => {
	assert.deepEqual(
		read('nats sub a b.* --count 2').map(({ target, metadata }) => [target, metadata]),
		[
			['a', [['maxMessages', '2']]],
			['b.*', [['maxMessages', '2']]],
		],
	);
});

test('a command that neither sends nor receives, or lacks its subject, is one sentence', () => {
	for (const command of [
		'nats',
		'nats context ls',
		'nats constructor x',
		'nats pub',
		'nats sub',
		'nats stream ls',
		'nats stream get',
		'nats kv ls',
		'nats kv put b',
		'nats kv update b k v',
		'nats kv __proto__ b k',
	])
		assert.throws(() => read(command), /\.$/, command);
});

const base = (sketch: Partial<Sketch>): Sketch => ({
	...{
		verb: 'PUBLISH',
		url: 'nats://h',
		target: 'x',
		headers: [],
		messages: [{ bytes: Buffer.from('x') }],
		dropped: [],
	},
	...sketch,
});
const writes: [Partial<Sketch>, id: string, string | undefined][] = [
	[{}, 'nats', 'nats pub -s nats://h x x'],
	[{ target: '{{x' }, 'nats', undefined],
	[{ messages: [{ bytes: Buffer.of(255) }] }, 'nats', "printf '\\377' | nats pub --force-stdin -s nats://h x"],
	[
		{
			headers: [
				['Verb', 'stream'],
				['Message-Id', '7'],
				['a:b', 'c', 'message'],
			],
		},
		'nats',
		": 'Left out: a:b: c, which nats cannot send.'\nnats pub -s nats://h --jetstream -H Nats-Msg-Id:7 x x",
	],
	[
		{
			verb: 'REQUEST',
			headers: [
				['Timeout', '2'],
				['Max-Answers', '3'],
			],
		},
		'nats',
		'nats request -s nats://h --timeout 2s --replies 3 x x',
	],
	[
		{
			verb: 'SUBSCRIBE',
			headers: [
				['Mode', 'queue'],
				['Queue', '@g'],
			],
			messages: [],
		},
		'nats',
		'nats sub -s nats://h --queue=@g x',
	],
	[{ verb: 'SUBSCRIBE', headers: [['Mode', 'stream']] }, 'nats', undefined],
	[{ target: '$KV.b.k' }, 'kv', 'nats kv put -s nats://h b k x'],
	[{ target: '$KV.b.k', headers: [['Expected-Subject-Sequence', '0']] }, 'kv', 'nats kv create -s nats://h b k x'],
	[{ target: '$KV.b.k', headers: [['Expected-Subject-Sequence', '5']] }, 'kv', 'nats kv update -s nats://h b k x 5'],
	[{ target: '$KV.b.k', messages: [{ bytes: Buffer.of(0) }] }, 'kv', "printf '\\000' | nats kv put -s nats://h b k"],
	[{ target: 'KV.b.k' }, 'kv', undefined],
];
for (const [sketch, id, expected] of writes)
	test(`writes ${id}: ${JSON.stringify(sketch).slice(0, 80)}`, () => assert.equal(copied(base(sketch), id), expected));

/** What is copied is, pasted, the same message, or a sentence in the copy says what it lacks. */
function check(text: string, payload: Uint8Array): void {
	const headers: SketchHeader[] = [
		['Reply', text],
		[text, text, 'message'],
		['Reply', text, 'message'],
		['__proto__', text, 'message'],
	];
	const sketch = base({ target: text, username: text, headers, messages: [{ bytes: payload }] });
	const command = copied(sketch, 'nats');
	if (command === undefined) {
		assert.ok(/\0|\{\{|^-?-?$/.test(text), text);
		return;
	}
	assert.doesNotMatch(command, /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u);
	const [again, ...others] = read(command);
	assert.ok(again && others.length === 0);
	assert.deepEqual([again.target, again.username], [wire(text), wire(text)]);
	const [first] = again.messages;
	assert.ok(first && 'bytes' in first);
	assert.equal(Buffer.from(first.bytes).toString('hex'), Buffer.from(payload).toString('hex'), command.slice(0, 300));
	const plain = ([name, value, kind]: SketchHeader) => `${kind ?? ''} ${wire(name)}: ${wire(value)}`;
	const got = again.headers.map(plain);
	const lost = command.split('\n').filter((line) => line.startsWith(": 'Left out: ")).length;
	assert.equal(got.length + lost, headers.length, command.slice(0, 500));
	for (const one of got) assert.ok(headers.map(plain).includes(one), one);
}

test('every hostile text and payload survives copying and pasting', () => {
	for (const text of hostileTexts) check(text, Buffer.from(text));
	for (const payload of hostilePayloads) check('x', Buffer.from(payload));
});

test('the same for texts and payloads made up', () => {
	const pieces = fc.constantFrom('\\', "'", '"', '\n', '{{', '}}', '$(', '-', '@', ':', '=', ' ', 'x');
	const text = fc.oneof(
		fc.string({ unit: 'binary', minLength: 1 }),
		fc.array(pieces, { minLength: 1, maxLength: 8 }).map((list) => list.join('')),
	);
	const payload = fc.oneof(
		fc.uint8Array(),
		text.map((one) => Buffer.from(one)),
	);
	fc.assert(fc.property(text, payload, check), { numRuns: 300 });
});

test('what reads a stream or a bucket is, copied, pasted and copied again, the same command', () => {
	for (const [id, command] of [
		['stream', "nats stream view -s nats://h --id 7 --subject 'a.>' ORDERS 5"],
		['stream', "nats stream view -s nats://h --id 1 --subject 'a.>' ORDERS 25"],
		['stream', 'nats stream get -s nats://h ORDERS 42'],
		['stream', 'nats stream get -s nats://h --last-for a.b ORDERS'],
		['kv', 'nats kv get -s nats://h b k.x'],
		['kv', 'nats kv history -s nats://h b k.x'],
		['kv', "nats kv watch -s nats://h --updates b 'k.*'"],
	] as const) {
		const [sketch] = read(command);
		assert.ok(sketch);
		assert.equal(copied(sketch, id), command);
	}
});

test('the newest messages of a stream, which the command does not show, are left out with a word', () => {
	const sketch: Sketch = {
		...{ verb: 'SUBSCRIBE', url: 'nats://h', target: 'ORDERS', messages: [], dropped: [] },
		headers: [
			['Mode', 'stream'],
			['Follow', 'false'],
		],
	};
	assert.match(copied(sketch, 'stream') ?? '', /Left out: From newest/);
});
