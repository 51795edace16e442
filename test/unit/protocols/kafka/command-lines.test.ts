import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { keyHeaders, recordOptions } from '../../../../src/protocols/kafka/files/record';
import { tools } from '../../../../src/protocols/kafka/files/tools';
import { readCommands } from '../../../../src/protocols/shared/commands/shell-reader';
import type { Sketch, SketchHeader } from '../../../../src/protocols/shared/commands/sketch';
import { hostilePayloads, hostileTexts, wire } from '../../../support/texts/evil-texts';

const read = (text: string): Sketch[] =>
	readCommands(text).flatMap(({ words, input }) => tools.read?.(words, input) ?? []);
const copied = (sketch: Sketch, id: string): string | undefined =>
	tools.copies.flatMap((way) => (way.id === id ? [way.write(sketch)] : [])).find((text) => text !== undefined);
const texts = ({ messages }: Sketch) =>
	messages.map((one) => ('bytes' in one ? Buffer.from(one.bytes).toString() : `< ${one.file}`));

interface Expected {
	verb?: string;
	url?: string;
	target?: string;
	headers?: SketchHeader[];
	messages?: string[];
	dropped?: string[];
	metadata?: [string, string][];
}
const reads: [string, ...Expected[]][] = [
	[
		"printf 'hello' | kcat -P -b h:9092 -t orders -k k1 -H 'a=b=c' -p 3 -z lz4 -X acks=all",
		{
			verb: 'PRODUCE',
			url: 'kafka://h:9092',
			target: 'orders',
			headers: [
				['Key', 'k1', 'bytes'],
				['Partition', '3'],
				['Compression', 'lz4'],
				['Acks', 'all'],
				['a', 'b=c', 'message'],
			],
			messages: ['hello'],
		},
	],
	// Each line is a record; what has the same key is one request.
	[
		"printf 'a:1\\na:2\\n\\nb:3\\nnone\\nc:' | kafkacat -b h -t t -K : -Z",
		{ headers: [['Key', 'a', 'bytes']], messages: ['1', '2'] },
		{ headers: [['Key', 'b', 'bytes']], messages: ['3'] },
		{ headers: [], messages: ['none'] },
		{
			headers: [
				['Key', 'c', 'bytes'],
				['Tombstone', 'true'],
			],
			messages: [''],
		},
	],
	["printf '1;2;3' | kcat -P -b h -t t -D ';' -c 2", { messages: ['1', '2'] }],
	["printf '1\\0362' | kcat -Pb h -tt -D '\\x1e'", { messages: ['1', '2'] }],
	['kcat -P -b h -t t a.json b.json', { messages: ['< a.json', '< b.json'] }],
	['kcat -P -b h -t t -l rows.txt', { messages: [], dropped: ['the records in the lines of rows.txt'] }],
	[
		'kcat -b a:1,b:2 -t t -C -o -10 -e -c 5 -J',
		{
			verb: 'CONSUME',
			url: 'kafka://a:1',
			headers: [
				['Until', 'end'],
				['From', '-10'],
			],
			metadata: [['maxMessages', '5']],
			dropped: ['-b b:2'],
		},
	],
	['kcat -C -b h -t t', { headers: [['From', 'earliest']] }],
	[
		'kcat -C -b h -t t -o s@1700000000000 -o e@1700000001000 -p 2',
		{
			headers: [
				['Partitions', '2'],
				['From', '2023-11-14T22:13:20.000Z'],
				['Until', '2023-11-14T22:13:21.000Z'],
			],
		},
	],
	['kcat -C -b h -t t -o 9223372036854775807', { headers: [['From', '9223372036854775807']] }],
	[
		'kcat -b h -G readers -X auto.offset.reset=earliest one two',
		{
			target: 'one',
			headers: [
				['Mode', 'group'],
				['Group', 'readers'],
				['Initial', 'earliest'],
			],
		},
		{ target: 'two' },
	],
	[
		"kcat -C -b h:9093 -t t -X security.protocol=SASL_SSL -X sasl.mechanisms=SCRAM-SHA-512 -X sasl.username=me -X sasl.password=hunter2 -X ssl.key.password=hunter2 -X 'ssl.key.pem=hunter2' -F my.conf",
		{
			url: 'kafka+ssl://h:9093',
			dropped: [
				'-X sasl.mechanisms=SCRAM-SHA-512',
				'-X ssl.key.password=PASSWORD',
				'-X ssl.key.pem=PASSWORD',
				'-F my.conf',
			],
		},
	],
	[
		"printf 'k1|v1\\nk2|v2\\n' | kafka-console-producer.sh --bootstrap-server h:9092 --topic t --property parse.key=true --property key.separator='|' --compression-codec --request-required-acks -1",
		{
			verb: 'PRODUCE',
			headers: [
				['Key', 'k1', 'bytes'],
				['Compression', 'gzip'],
				['Acks', 'all'],
			],
			messages: ['v1'],
		},
		{ messages: ['v2'] },
	],
	[
		"printf 'a:1,b:x:y\\tk\\tv\\r\\na:1,b:x:y\\tk\\t\\n' | bin/kafka-console-producer --broker-list h:1,i:2 --topic t --property parse.key=true --property parse.headers=true",
		{
			headers: [
				['Key', 'k', 'bytes'],
				['a', '1', 'message'],
				['b', 'x:y', 'message'],
			],
			messages: ['v', ''],
			dropped: ['--bootstrap-server i:2'],
		},
	],
	[
		"printf 'k\\tNULL\\n' | kafka-console-producer --bootstrap-server h --topic t --property parse.key=true --property null.marker=NULL",
		{
			headers: [
				['Key', 'k', 'bytes'],
				['Tombstone', 'true'],
			],
		},
	],
	[
		'kafka-console-producer --bootstrap-server h --topic t --producer-property security.protocol=SASL_SSL --producer-property \'sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="a\\"b" password="hunter2";\'',
		{ url: 'kafka+ssl://h', dropped: [] },
	],
	[
		'kafka-console-consumer.sh --bootstrap-server h:9092 --topic t --from-beginning --max-messages 3 --timeout-ms 5000 --property print.key=true --isolation-level read_committed --formatter X',
		{
			verb: 'CONSUME',
			headers: [
				['Isolation', 'read_committed'],
				['From', 'earliest'],
			],
			metadata: [
				['maxMessages', '3'],
				['timeout', '5000ms'],
			],
			dropped: [],
		},
	],
	[
		'kafka-console-consumer --bootstrap-server h --topic t --consumer-property group.id=g --consumer-property auto.offset.reset=earliest',
		{
			headers: [
				['Mode', 'group'],
				['Group', 'g'],
				['Initial', 'earliest'],
			],
		},
	],
	['kafka-console-consumer --bootstrap-server h --topic t', { headers: [['From', 'latest']] }],
	[
		'kafka-console-consumer --bootstrap-server=h --topic=t --partition 1 --offset 42 --consumer-property isolation.level=read_uncommitted',
		{
			headers: [
				['Partitions', '1'],
				['Isolation', 'read_uncommitted'],
				['From', '42'],
			],
		},
	],
	[
		'kafka-console-consumer --bootstrap-server h --topic t --group g',
		{
			headers: [
				['Mode', 'group'],
				['Group', 'g'],
			],
		},
	],
];
for (const [command, ...expected] of reads)
	test(`reads: ${command}`, () => {
		const sketches = read(command);
		assert.equal(sketches.length, expected.length);
		for (const [at, one] of expected.entries()) {
			const sketch = sketches[at] as Sketch;
			const { messages, ...others } = one;
			for (const [name, value] of Object.entries(others)) assert.deepEqual(sketch[name as keyof Sketch], value, name);
			if (messages) assert.deepEqual(texts(sketch), messages);
			const { password: _, ...written } = sketch;
			assert.ok(!JSON.stringify(written).includes('hunter2'), 'a password stays out of everything but its place');
		}
	});

test('a command that neither sends nor reads, or lacks its topic, is one sentence', () => {
	for (const command of [
		'kcat -L -b h',
		'kcat -Q -b h -t t:0:1',
		'kcat -M 3',
		'kcat -P -b h',
		'kcat -b h -G g',
		'kafka-console-producer --bootstrap-server h',
		'kafka-console-consumer --bootstrap-server h --include t.*',
	])
		assert.throws(() => read(command), /\.$/, command);
});

const base = (sketch: Partial<Sketch>): Sketch => ({
	verb: 'PRODUCE',
	url: 'kafka://h:9092',
	target: 't',
	headers: [],
	messages: [{ bytes: Buffer.from('x') }],
	dropped: [],
	...sketch,
});

const writes: [Partial<Sketch>, id: string, string | undefined][] = [
	[{}, 'kcat', "printf 'x' | kcat -P -b h:9092 -t t"],
	[{ url: 'kafka+ssl://h' }, 'kcat', "printf 'x' | kcat -P -b h:9093 -X security.protocol=ssl -t t"],
	[{ url: 'kafka://[::1]' }, 'kcat', "printf 'x' | kcat -P -b '[::1]:9092' -t t"],
	[{ messages: [{ file: '-a b' }] }, 'kcat', "kcat -P -b h:9092 -t t -- '-a b'"],
	[{ messages: [{ bytes: Buffer.from('a\nb') }] }, 'kcat', "printf 'a\\012b' | kcat -P -b h:9092 -t t -D '\\x1e'"],
	[
		{
			headers: [
				['Key', '00 ff', 'bytes'],
				['Key-format', 'hex'],
			],
		},
		'kcat',
		"printf '\\000\\377\\011x' | kcat -P -b h:9092 -t t -K '\\t'",
	],
	[
		{
			headers: [
				['Key', 'k', 'bytes'],
				['Tombstone', 'true'],
			],
		},
		'kcat',
		"printf 'k\\011' | kcat -P -b h:9092 -t t -Z -K '\\t'",
	],
	[{ messages: [{ bytes: new Uint8Array() }] }, 'kcat', undefined],
	[
		{
			headers: [
				['Timestamp', '1700000000000'],
				['a=b', 'c', 'message'],
				['Partition', 'x'],
			],
		},
		'kcat',
		": 'Left out: Partition x, which is not valid.'\n: 'Left out: Timestamp 1700000000000, which kcat cannot set.'\n: 'Left out: a=b: c, which kcat cannot send.'\nprintf 'x' | kcat -P -b h:9092 -t t",
	],
	[
		{
			verb: 'CONSUME',
			headers: [
				['From', '-100'],
				['Until', 'end'],
			],
		},
		'kcat',
		'kcat -C -b h:9092 -t t -o -100 -e -J',
	],
	[
		{
			verb: 'CONSUME',
			headers: [
				['Mode', 'group'],
				['Group', 'g'],
				['Initial', 'earliest'],
			],
		},
		'kcat',
		'kcat -G g -b h:9092 -X auto.offset.reset=earliest -J t',
	],
	[
		{
			headers: [
				['Key', 'k', 'bytes'],
				['a', '1', 'message'],
			],
		},
		'console',
		"printf 'a:1\\011k\\011x\\012' | kafka-console-producer.sh --bootstrap-server h:9092 --topic t --property parse.key=true --property parse.headers=true",
	],
	[{ messages: [{ bytes: Buffer.from('a\nb') }] }, 'console', undefined],
	[{ messages: [{ bytes: Buffer.of(255) }] }, 'console', undefined],
	[
		{
			verb: 'CONSUME',
			headers: [
				['From', '42'],
				['Partitions', '1'],
			],
			metadata: [['maxMessages', '3']],
		},
		'console',
		'kafka-console-consumer.sh --bootstrap-server h:9092 --topic t --partition 1 --offset 42 --max-messages 3 --property print.key=true --property print.headers=true --property print.timestamp=true',
	],
	[
		{ username: 'a"b\\' },
		'console',
		`printf 'x\\012' | kafka-console-producer.sh --bootstrap-server h:9092 --topic t --producer-property security.protocol=SASL_PLAINTEXT --producer-property sasl.mechanism=PLAIN --producer-property 'sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="a\\"b\\\\" password="PASSWORD";'`,
	],
	[{ username: 'a\nb' }, 'console', undefined],
];
for (const [sketch, id, expected] of writes)
	test(`writes ${id}: ${JSON.stringify(sketch).slice(0, 80)}`, () => assert.equal(copied(base(sketch), id), expected));

const logins: [mechanism: string | undefined, says: Record<string, RegExp>][] = [
	[undefined, { kcat: /mechanisms=PLAIN .*username=me/, javascript: /mechanism: "plain", username: "me"/ }],
	['none', { kcat: /-b h:9092 -t/, console: /9092 --topic t$/, python: /9092"}\)/, javascript: /9092"\] \}/ }],
	[
		'SCRAM-SHA-512',
		{
			kcat: /sasl\.mechanisms=SCRAM-SHA-512 -X sasl\.username=me/,
			console: /mechanism=SCRAM-SHA-512 .*scram\.ScramLoginModule required username="me"/,
			python: /"sasl\.mechanisms": "SCRAM-SHA-512", "sasl\.username": "me"/,
			javascript: /mechanism: "scram-sha-512", username: "me", password: 'PASSWORD'/,
		},
	],
	[
		'OAUTHBEARER',
		{
			kcat: /^: 'Left out: Token[\s\S]*mechanisms=OAUTHBEARER -t/,
			console: /^: 'Left out: Token[\s\S]*sasl\.mechanism=OAUTHBEARER'?$/,
			python: /"OAUTHBEARER", "oauth_cb": lambda _: \("TOKEN"/,
			javascript: /oauthBearerProvider: async \(\) => \(\{ value: 'TOKEN' \}\)/,
		},
	],
];
for (const [mechanism, says] of logins)
	for (const [id, expected] of Object.entries(says))
		test(`${id} signs in as the connection does: ${mechanism}`, () => {
			const profile = mechanism === undefined ? {} : { mechanism };
			const text = copied(base({ username: 'me', profile }), id) ?? '';
			assert.match(id === 'console' ? text.replace(/^printf.*\| /m, '') : text, expected);
		});

/** A record with a text in every place that takes one. */
const hostile = (text: string, key: Uint8Array, payload: Uint8Array): Sketch =>
	base({
		target: text,
		username: text,
		headers: [
			...keyHeaders(key),
			['Acks', '1'],
			[text, text, 'message'],
			['Key', text, 'message'],
			['__proto__', text, 'message'],
		],
		messages: [{ bytes: payload }],
	});

/** What is copied is, pasted, the same record, or a sentence in the copy says what it lacks. */
function check(text: string, payload: Uint8Array): void {
	const key = Buffer.from(text);
	const sketch = hostile(text, key, payload);
	for (const id of ['kcat', 'console']) {
		const command = copied(sketch, id);
		if (command === undefined) {
			const isLine = Buffer.from(payload.toString()).equals(payload) && !/[\r\n]/.test(`${text}${payload}`);
			assert.ok(text.includes('\0') || (id === 'console' && (!isLine || /\p{Cc}/u.test(text))), `${id}: ${text}`);
			continue;
		}
		assert.doesNotMatch(command, /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u);
		const [again, ...others] = read(command);
		assert.equal(others.length, 0);
		assert.ok(again);
		assert.equal(again.target, wire(text));
		assert.equal(again.username, wire(text));
		const [first] = again.messages;
		assert.ok(first && 'bytes' in first);
		assert.equal(Buffer.from(first.bytes).toString('hex'), Buffer.from(payload).toString('hex'), command.slice(0, 300));
		const [wanted, got] = [recordOptions(sketch), recordOptions(again)];
		assert.deepEqual([...(got.key ?? [])], [...key], command.slice(0, 300));
		assert.equal(got.acks, '1');
		const lost = command.split('\n').filter((line) => line.startsWith(": 'Left out: ")).length;
		assert.equal(got.headers.length + lost, wanted.headers.length + wanted.left.length, command.slice(0, 500));
		const shown = ([name, value]: (typeof got.headers)[number]) =>
			`${wire(name)}: ${value && Buffer.from(value).toString('hex')}`;
		for (const one of got.headers) assert.ok(wanted.headers.map(shown).includes(shown(one)), shown(one));
	}
}

test('every hostile text and payload survives copying and pasting', () => {
	for (const text of hostileTexts) check(text, Buffer.from(text));
	for (const payload of hostilePayloads) check('x', Buffer.from(payload));
});

test('the same for texts and payloads made up', () => {
	const pieces = fc.constantFrom('\\', "'", '"', '\n', '\r', '$(', '-', '=', ':', ',', '\t', '|', '\\x', '\\n', 'x');
	const text = fc.oneof(
		fc.string({ unit: 'binary', minLength: 1 }),
		fc.array(pieces, { minLength: 1, maxLength: 8 }).map((list) => list.join('')),
	);
	fc.assert(
		fc.property(
			text,
			fc.oneof(
				fc.uint8Array({ minLength: 1 }),
				text.map((one) => Buffer.from(one)),
			),
			(one, payload) => check(one, Buffer.from(payload)),
		),
		{ numRuns: 300 },
	);
});

test('keys, values and nulls of every kind survive kcat', () => {
	const bytes = fc.option(fc.uint8Array({ maxLength: 20 }), { nil: undefined });
	fc.assert(
		fc.property(bytes, bytes, (key, value) => {
			const sketch = base({
				headers: [...(key ? keyHeaders(key) : []), ...(value ? [] : [['Tombstone', 'true'] satisfies SketchHeader])],
				messages: [{ bytes: value ?? new Uint8Array() }],
			});
			const command = copied(sketch, 'kcat');
			if (command === undefined) {
				assert.ok(key === undefined && value?.length === 0, 'only an empty value without a key cannot be written');
				return;
			}
			const [again, ...others] = read(command);
			assert.equal(others.length, 0);
			assert.deepEqual(recordOptions(again as Sketch), recordOptions(sketch), command);
			assert.deepEqual(
				again?.messages.map((one) => 'bytes' in one && [...one.bytes]),
				[[...(value ?? [])]],
			);
		}),
		{ numRuns: 500 },
	);
});

test('what reads is, copied and pasted, the same', () => {
	for (const id of ['kcat', 'console'])
		for (const headers of [
			[['From', 'earliest']],
			[
				['From', '42'],
				['Partitions', '0'],
			],
			[
				['Partitions', '7'],
				['From', 'earliest'],
				['Isolation', 'read_committed'],
			],
			[
				['Mode', 'group'],
				['Group', 'g'],
			],
		] as SketchHeader[][]) {
			const sketch = base({ verb: 'CONSUME', headers, messages: [], metadata: [['maxMessages', '3']] });
			const [again] = read(copied(sketch, id) ?? '');
			assert.deepEqual([...(again?.headers ?? [])].sort(), [...headers].sort(), `${id} ${copied(sketch, id)}`);
			assert.deepEqual([again?.metadata, again?.target, again?.url], [sketch.metadata, 't', sketch.url]);
		}
});
