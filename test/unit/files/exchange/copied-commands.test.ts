import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { isCommand, readCommand } from '../../../../src/files/exchange/paste';
import { printf, quote } from '../../../../src/protocols/shared/commands/shell';
import { readCommands } from '../../../../src/protocols/shared/commands/shell-reader';
import type { Sketch, SketchHeader } from '../../../../src/protocols/shared/commands/sketch';
import {
	copied,
	hostileDrafts,
	hostilePayloads,
	hostileSketch,
	hostileTexts,
	wire,
} from '../../../support/texts/evil-texts';

const tools: Record<string, string[]> = {
	mqtt: ['mosquitto', 'nats'],
	amqp: ['amqp'],
	websocket: ['wscat', 'websocat'],
	coap: ['coap'],
	// Kafka and NATS: test/unit/protocols/<name>/command-lines.test.ts.
	nats: ['nats'],
};
/** Sentences of a copy that say what it lacks. */
const leftOut = (text: string) => text.split('\n').filter((line) => line.startsWith(": 'Left out: ")).length;
const bytesOf = (sketches: Sketch[]) =>
	sketches.flatMap(({ messages }) =>
		messages.map((one) => ('bytes' in one ? Buffer.from(one.bytes).toString('hex') : one)),
	);

/** What is copied as a command is, pasted, the same message: or a sentence in the copy says what it lacks. */
async function check(text: string, payload: Uint8Array): Promise<void> {
	const t = wire(text);
	for (const [protocol, draft] of hostileDrafts(text, payload))
		for (const id of tools[protocol] ?? []) {
			const sketch = hostileSketch(protocol, draft, text);
			const command = copied(sketch, id);
			if (command === undefined) {
				// What no argument can hold, and what the tool has no way to say.
				const empty = payload.length === 0 && protocol === 'websocket';
				const isText = Buffer.from(Buffer.from(payload).toString()).equals(payload);
				const unsaid = text.includes('\0') || id === 'nats' || text.includes('!#:+') || /^\.\.?$/.test(t) || empty;
				assert.ok(
					unsaid || (id === 'wscat' && (!isText || payload.length > 20_000 || payload.includes(0))),
					`${id} ${text}`,
				);
				continue;
			}
			assert.doesNotMatch(command, /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u);
			assert.ok(isCommand(command), command.slice(0, 200));
			const back = await readCommand(command);
			assert.ok(Array.isArray(back), `${JSON.stringify(back)} ${command.slice(0, 500)}`);
			assert.equal(back.length, 1);
			const [again] = back as [Sketch];
			assert.equal(bytesOf(back).join(), bytesOf([sketch]).join(), command.slice(0, 500));
			if (id === 'nats') continue;
			// Queries of a header and of the target are one to coap-client.
			const target = protocol === 'coap' ? `${sketch.target}&${encodeURIComponent(t)}` : wire(sketch.target);
			const decoded = (one: string) => (protocol === 'coap' ? decodeURIComponent(one) : one);
			assert.equal(decoded(again.target), protocol === 'websocket' ? '' : decoded(target), command);
			if (protocol === 'websocket') assert.equal(again.url, sketch.url);
			const named = ['mqtt', 'websocket'].includes(protocol) && !(protocol === 'websocket' && t.includes(':'));
			if (protocol !== 'amqp') assert.equal(again.username, named ? t : undefined);
			// Options are numbers to coap-client; HTTP has no spaces around a value.
			if (protocol === 'coap') continue;
			const same = ([name, value]: SketchHeader) =>
				`${wire(name)}: ${protocol === 'websocket' ? wire(value).trim() : wire(value)}`;
			const given = sketch.headers.filter(([name, value]) => !(name === 'QoS' && value === '1')).map(same);
			const got = again.headers.filter(([name, value]) => !(name === 'QoS' && value === '1')).map(same);
			const lost = given.filter((one) => !got.includes(one));
			const isTyped = protocol === 'amqp' && /^\(\w+\)/.test(text);
			const user = protocol === 'websocket' && t.includes(':') ? 1 : 0;
			if (!isTyped) assert.equal(lost.length + user, leftOut(command), `${lost.join('\n')}\n${command}`);
		}
}

test('what is copied as a command and pasted is the same message, for every hostile text and payload', async () => {
	for (const text of hostileTexts) await check(text, Buffer.from(text));
	for (const payload of hostilePayloads) await check('x', payload);
});

test('the same for texts and payloads made up', async () => {
	const pieces = fc.constantFrom(
		'\\',
		"'",
		'"',
		'`',
		'\n',
		'\r',
		'$(',
		'-',
		'!',
		'%',
		'\0',
		'\x1b',
		' ',
		':',
		'x',
		'\\\n',
	);
	const text = fc.oneof(
		fc.string({ unit: 'binary', minLength: 1 }),
		fc.array(pieces, { minLength: 1, maxLength: 8 }).map((list) => list.join('')),
	);
	await fc.assert(
		fc.asyncProperty(
			text,
			fc.oneof(
				fc.uint8Array(),
				text.map((one) => Buffer.from(one)),
			),
			check,
		),
		{ numRuns: 150 },
	);
});

test('words and bytes are read back as they were written', () => {
	const word = fc.string({ unit: 'binary' }).filter((one) => !one.includes('\0'));
	fc.assert(
		fc.property(fc.array(word, { minLength: 1 }), fc.uint8Array(), (words, input) => {
			const line = `${printf(input)} | cmd ${words.map(quote).join(' ')}`;
			assert.deepEqual(readCommands(line), [
				{ words: ['cmd', ...words.map(wire)], input: { bytes: Uint8Array.from(input) } },
			]);
		}),
	);
});

test('a shell is not played: what only it can do is a sentence, and the rest is text', async () => {
	for (const text of [
		'mosquitto_pub -t a -m $(id)',
		'mosquitto_pub -t a -m "$(id)"',
		'mosquitto_pub -t a -m "`id`"',
		'mosquitto_pub -t a -m `id`',
		`mosquitto_pub -t a -m "$(printf '%s' x)"`,
		`mosquitto_pub -t a -m "$(printf '\\377')"`,
		`mosquitto_pub -t a -m "$(printf 'x'; id)"`,
		"mosquitto_pub -t a -m $'a\\0b'",
		"mosquitto_pub -t a -m $'\\xff'",
		"mosquitto_pub -t a -m $'open",
		'mosquitto_pub -t a -m "open',
		"mosquitto_pub -t a -m 'open",
		'mosquitto_pub -t a -m x\nrm -rf /',
		'mosquitto_pub -t a -m x || id',
		'mosquitto_pub -t a -m x && id',
		'mosquitto_pub -t a -m x > >(id)',
		'mosquitto_pub -t a -s <(id)',
		'mosquitto_pub -t a -s << EOF\nx',
		"printf '%d' 1 | mosquitto_pub -t a -s",
		'mosquitto_pub -t a -s <',
		'(mosquitto_pub -t a -m x)',
	])
		assert.ok('problem' in (await readCommand(text)), text);
	const literal: [string, string][] = [
		['"$HOME $1 !x"', '$HOME $1 !x'],
		['$HOME', '$HOME'],
		['~/x*?[a]', '~/x*?[a]'],
		['a\\\nb', 'ab'],
		["'a\\\nb'", 'a\\\nb'],
		['"a\\\nb\\c\\"d\\\\"', 'ab\\c"d\\'],
		["$'\\xc3\\xa9\\u00e9\\U0001F600\\'\\101'", "éé😀'A"],
		['$"x"', 'x'],
		['a\'b\'"c"d', 'abcd'],
	];
	for (const [word, expected] of literal) {
		const [sketch] = (await readCommand(`mosquitto_pub -t a -m ${word}`)) as [Sketch];
		assert.deepEqual(bytesOf([sketch]), [Buffer.from(expected).toString('hex')], word);
		assert.deepEqual(
			sketch.dropped,
			(word.match(/\$\w+/g) ?? []).map((name) => `the value of ${name}`),
		);
	}
});

test('several lines are several commands, and what only says something is none', async () => {
	const sketches = (await readCommand(
		"# a comment\n: 'Left out: x; y.'\n$ mosquitto_pub -t a -m 1\nprintf '\\000' | mosquitto_pub -t b -s\nmosquitto_pub -t c\n  -m 3 \\\n -q 1",
	)) as Sketch[];
	assert.deepEqual(
		sketches.map(({ target }) => target),
		['a', 'b', 'c'],
	);
	assert.deepEqual(bytesOf(sketches), ['31', '00', '33']);
});

test('numbers, times and methods of a pasted command are of their form, or left out', async () => {
	for (const [command, option] of [
		["mosquitto_sub -t a -W $'5\\n# @x'", '-W'],
		["mosquitto_sub -t a -C $'5\\nHost: x'", '-C'],
		["mosquitto_pub -t a -m x --repeat '{{x}}'", '--repeat'],
		["nats request s x --timeout $'2s\\n###'", '--timeout'],
		["nats pub s x --sleep '1s; x'", '--sleep'],
		["wscat -c ws://h -x x -w $'1\\n'", '-w'],
		["coap-client -B $'1\\n###' coap://h/x", '-B'],
	] as const) {
		const [sketch] = (await readCommand(command)) as [Sketch];
		assert.deepEqual(sketch.metadata, [], command);
		assert.equal(sketch.dropped.length, 1);
		assert.ok(sketch.dropped[0]?.startsWith(`${option} `), command);
	}
	assert.ok('problem' in (await readCommand("coap-client -m $'get\\nHost: x' coap://h/x")));
	assert.ok('problem' in (await readCommand('nats constructor x')));
});

test('amqp-publish: a header with a NUL is left out, and the rest is sent', () => {
	const draft = { verb: 'publish', target: 'queue/q', values: { headers: [['a', 'x\0y']] as [string, string][] } };
	const command = copied(hostileSketch('amqp', { ...draft, payload: Buffer.from('x') }, 'me'), 'amqp');
	assert.equal(
		command,
		": 'Left out: a: x y, which amqp-publish cannot set.'\namqp-publish -u amqp://me:PASSWORD@h -r q -p -b x",
	);
});
