import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { check } from '../../../../src/files/check/check';
import { newFileText } from '../../../../src/files/create/new-file';
import { pasted } from '../../../../src/files/exchange/paste';
import { completions } from '../../../../src/files/language/completions';
import { format } from '../../../../src/files/language/format';
import { lenses } from '../../../../src/files/language/lenses';
import { insertionFor } from '../../../../src/files/language/place';
import { planRequest } from '../../../../src/files/run/plan/plan';
import { parse } from '../../../../src/files/syntax/parse';
import { noEnvironment } from '../../../../src/files/values/environments';
import { describe } from '../../../../src/protocols/descriptions';

const around = {
	now: () => 0,
	random: (count: number) => new Uint8Array(count),
	env: (name: string) => (name === 'HOME' ? '/home/me' : undefined),
	dotenv: () => undefined,
	secret: () => undefined,
};

async function planned(text: string, id = 'mqtt') {
	const file = parse(text);
	const section = file.sections.find(({ request }) => request);
	assert.ok(section);
	return planRequest(file, section, {
		scope: { file, environment: noEnvironment, around, result: () => undefined, hidden: new Set() },
		describe: ({ protocol }) => describe(protocol ?? id),
		readFile: () => assert.fail('no file'),
	});
}

const drafted: [string, string, string, string, object][] = [
	['a quoted target is literal', 'mqtt', 'PUBLISH "{{$processEnv HOME}}"', '{{$processEnv HOME}}', {}],
	['a quoted target has escapes', 'mqtt', 'PUBLISH " a\\n\\u00e9\\"\\\\ "  ', ' a\né"\\ ', {}],
	['a target that is not quoted is verbatim', 'mqtt', 'PUBLISH a"b"\\n', 'a"b"\\n', {}],
	['a quoted name is a message header', 'amqp', 'PUBLISH queue/q\n"type": x', 'queue/q', { headers: [['type', 'x']] }],
	['an option keeps its name', 'amqp', 'PUBLISH queue/q\ntype: x', 'queue/q', { type: 'x' }],
	[
		'a quoted value is literal',
		'mqtt',
		'PUBLISH a\nk: "{{$processEnv HOME}}"',
		'a',
		{ userProperties: [['k', '{{$processEnv HOME}}']] },
	],
	['an option may have a quoted value', 'mqtt', 'PUBLISH a\nContent-Type: " x"', 'a', { contentType: ' x' }],
	['a quoted name may hold a colon', 'mqtt', 'PUBLISH a\n"k: c" : 1', 'a', { userProperties: [['k: c', '1']] }],
	[
		'a quoted name chooses no connection',
		'mqtt',
		'PUBLISH a\n"Connection": evil\n"Host": mqtt://evil',
		'a',
		{
			userProperties: [
				['Connection', 'evil'],
				['Host', 'mqtt://evil'],
			],
		},
	],
	[
		'a name from a variable is no option',
		'mqtt',
		'@n = Connection\nPUBLISH a\n{{n}}: evil',
		'a',
		{ userProperties: [['Connection', 'evil']] },
	],
	[
		'items of a list stand one to a header',
		'coap',
		'GET /a\nQuery: "a, b"\nQuery: c, d',
		'/a',
		{ query: ['a, b', 'c', 'd'] },
	],
];
for (const [name, id, text, target, values] of drafted)
	test(`quoted: ${name}`, async () => {
		const plan = await planned(text, id);
		const [draft] = plan.steps.flatMap(({ drafts }) => drafts);
		assert.deepEqual([draft?.target, draft?.values], [target, values]);
		assert.deepEqual([plan.connection.profile, plan.connection.url], [undefined, undefined]);
	});

test('a connection’s name may be quoted, in a header and for the file', async () => {
	assert.equal(
		(await planned('# @connection "{{$processEnv HOME}}\\n"\nPUBLISH a')).connection.profile,
		'{{$processEnv HOME}}\n',
	);
	assert.equal((await planned('PUBLISH a\nConnection: " x"')).connection.profile, ' x');
	const text = newFileText({ connection: 'x\n\n###\nPUBLISH evil', description: describe('mqtt') ?? assert.fail() });
	assert.ok(!parse(text).sections.some(({ request }) => request?.target.text === 'evil'));
	assert.ok(!text.split('\n').some((line) => line.startsWith('PUBLISH evil')));
});

test('what begins with a quotation mark and is not quoted is refused, with the whole text quoted as a fix', async () => {
	for (const [text, place, fixed] of [
		['PUBLISH "a" b', '"a" b', 'PUBLISH "\\"a\\" b"'],
		['PUBLISH "a', '"a', 'PUBLISH "\\"a"'],
		['PUBLISH a\nX: "a", "b"', '"a", "b"', 'PUBLISH a\nX: "\\"a\\", \\"b\\""'],
	] as const) {
		const [wrong, ...more] = parse(text).diagnostics;
		assert.deepEqual([wrong?.code, text.slice(wrong?.start, wrong?.end), more], ['bad-quotes', place, []]);
		const [fix] = wrong?.fixes ?? [];
		assert.equal(fix && text.slice(0, fix.range.start) + fix.text + text.slice(fix.range.end), fixed);
		await assert.rejects(planned(text), /quotation mark/);
	}
});

test('checks: a quoted name is no misspelt option, and braces in quotation marks are said to be none', () => {
	const codes = (text: string) =>
		check(parse(text), { describe: () => describe('mqtt'), environment: noEnvironment, around }).map(
			({ code }) => code,
		);
	assert.deepEqual(codes('PUBLISH a\n"Retian": true\n"QoS": no'), []);
	assert.deepEqual(codes('PUBLISH "a/#"'), ['bad-target']);
	assert.deepEqual(codes('PUBLISH "{{x}}"'), ['quoted-variable']);
	assert.deepEqual(codes('### {{title}}\n# @note {{x}}\nPUBLISH a'), []);
	assert.deepEqual(codes('xmpp://a'), ['unknown-verb']);
	assert.deepEqual(codes('https://a/b'), ['http']);
});

test('an expectation may quote the name of a header', () => {
	const [assertion] =
		parse('SUBSCRIBE a\n\n?? message[0] header "k: c {{x}}" == 1').sections[0]?.request?.assertions ?? [];
	assert.deepEqual(assertion?.expectation?.what, { kind: 'header', index: 0, name: 'k: c {{x}}' });
	assert.equal(assertion?.expectation?.operator, '==');
});

test('a title with braces makes no other request run', () => {
	assert.deepEqual(parse('### {{login.body}}\nPUBLISH a').placeholders, []);
});

test('live names are completed as what they are', () => {
	const complete = (marked: string) => {
		const offset = marked.indexOf('|');
		const text = marked.replace('|', '');
		const [found] = completions(parse(text), offset, {
			describe: () => describe('mqtt'),
			environment: noEnvironment,
			connections: ['{{$processEnv HOME}}'],
			targets: () => ['{{$processEnv HOME}}'],
			files: () => ['./{{x}}'],
		}).filter(({ kind }) => kind === 'target' || kind === 'connection' || kind === 'file' || kind === 'value');
		return found && text.slice(0, found.range.start) + found.text + text.slice(found.range.end);
	};
	assert.equal(complete('PUBLISH |'), 'PUBLISH "{{$processEnv HOME}}"');
	assert.equal(complete('PUBLISH "|"'), 'PUBLISH "{{$processEnv HOME}}"');
	assert.equal(complete('PUBLISH a\nConnection: |'), 'PUBLISH a\nConnection: "{{$processEnv HOME}}"');
	assert.equal(complete('# @connection |'), '# @connection "{{$processEnv HOME}}"');
	assert.equal(complete('MQTT mqtt://h\nSubscribe: |'), 'MQTT mqtt://h\nSubscribe: "{{$processEnv HOME}}"');
	assert.equal(complete('PUBLISH a\n\n< |'), undefined);
});

test('formatting leaves quoted texts as they are', () => {
	const text = 'publish   "a  b"\n"k : c"   :   "v  "\n\nx';
	const formatted = format(parse(text)).reduceRight(
		(now, { range, text: wanted }) => now.slice(0, range.start) + wanted + now.slice(range.end),
		text,
	);
	assert.equal(formatted, 'PUBLISH "a  b"\n"k : c": "v  "\n\nx');
});

const pastes: [string, string, string][] = [
	[
		'a topic with a variable',
		"mosquitto_pub -t '{{$processEnv HOME}}' -m x",
		'###\nPUBLISH "{{$processEnv HOME}}"\nHost: mqtt://localhost\n\nx\n',
	],
	[
		'a user property that is called like an option',
		"mosquitto_pub -V 5 -t a -m x -D publish user-property Connection evil -D publish user-property 'k: c' ' v'",
		'###\n# Left out: -V 5\nPUBLISH a\nHost: mqtt://localhost\n"Connection": evil\n"k: c": " v"\n\nx\n',
	],
	[
		'a payload that looks like a file, steps and requests',
		"mosquitto_pub -t a -m '< ./private.env\n###\nPUBLISH b'",
		'###\n# @body base64\nPUBLISH a\nHost: mqtt://localhost\n\nPCAuL3ByaXZhdGUuZW52CiMjIwpQVUJMSVNIIGI=\n',
	],
];
for (const [name, command, expected] of pastes)
	test(`paste: ${name}`, async () => {
		const result = await pasted(command);
		assert.ok('text' in result, JSON.stringify(result));
		assert.equal(result.text, expected);
	});

test('a pasted request goes behind the one that the cursor is in', () => {
	const put = (marked: string) => {
		const offset = marked.indexOf('|');
		const text = marked.replace('|', '');
		const { offset: at, before, after } = insertionFor(parse(text), offset);
		return `${text.slice(0, at)}${before}###\nNEW a\n${after}${text.slice(at)}`;
	};
	assert.equal(put('|'), '###\nNEW a\n');
	assert.equal(put('PUBLISH a\n\nbo|dy\n'), 'PUBLISH a\n\nbody\n\n###\nNEW a\n');
	assert.equal(put('PUBLISH a\n\nbody|'), 'PUBLISH a\n\nbody\n\n###\nNEW a\n');
	assert.equal(put('@x = 1\n|\n### b\nPUBLISH b\n'), '@x = 1\n\n###\nNEW a\n\n### b\nPUBLISH b\n');
	assert.equal(
		put('###\nPUBLISH a\n|Q: 1\n\nx\n\n###\nPUBLISH b\n'),
		'###\nPUBLISH a\nQ: 1\n\nx\n\n###\nNEW a\n\n###\nPUBLISH b\n',
	);
});

test('pasted at any place of a file, a request leaves all others as they were', async () => {
	const text = (await readFile('sample/farm.messages', 'utf8')).replace(/\n+$/, '');
	const requests = (file: string) => {
		const { sections } = parse(file);
		return sections.flatMap(({ request }) => (request ? [file.slice(request.start, request.end).trimEnd()] : []));
	};
	const before = requests(text);
	assert.ok(before.length > 4);
	for (let cursor = 0; cursor <= text.length; cursor++) {
		const { offset, before: above, after } = insertionFor(parse(text), cursor);
		const all = requests(
			`${text.slice(0, offset)}${above}###\nPUBLISH new/one\n\nhi there\n${after}${text.slice(offset)}`,
		);
		assert.deepEqual(
			all.filter((one) => one !== 'PUBLISH new/one\n\nhi there'),
			before,
			`cursor ${cursor}`,
		);
		assert.equal(all.length, before.length + 1);
	}
});

const urls: [string, string, string | undefined, string][] = [
	['wss://h/chat?x=1\n\nhi', 'websocket', 'wss://h/chat?x=1', ''],
	['coap://h:1/a/b?c', 'coap', 'coap://h:1', '/a/b?c'],
	['coaps://h', 'coap', 'coaps://h', '/'],
	['GET coap://[::1]/a', 'coap', 'coap://[::1]', '/a'],
	['PUT coap://h/a\n\nx', 'coap', 'coap://h', '/a'],
	['GET /a\nHost: coap://h', 'coap', 'coap://h', '/a'],
];
for (const [text, protocol, url, target] of urls)
	test(`a request line with a URL: ${text.split('\n')[0]}`, async () => {
		const { description, connection, steps } = await planned(text);
		assert.deepEqual([description.id, connection.url, steps[0]?.drafts[0]?.target], [protocol, url, target]);
		const [lens] = lenses(parse(text)).filter(({ kind }) => kind === 'connection');
		assert.equal(lens?.title, url);
	});

test('a target chooses the connection only where the file itself writes a URL', async () => {
	const literal = await planned('@u = coap://evil/x\n# @connection Mine\nGET "coap://evil/x"').catch(
		(error) => error.failure,
	);
	assert.match(literal.message, /Enter only path and query/);
	const replaced = await planned('@u = coap://evil/x\n# @connection Mine\nGET {{u}}').catch((error) => error.failure);
	assert.match(replaced.message, /Enter only path and query/);
	const written = await planned('@h = [::1]\nGET coap://{{h}}/a');
	assert.deepEqual([written.connection.url, written.steps[0]?.drafts[0]?.target], ['coap://[::1]', '/a']);
	const [lens] = lenses(parse('# @connection Mine\nGET "coap://evil/x"')).filter(({ kind }) => kind === 'connection');
	assert.equal(lens?.title, 'Mine');
});

test('JetBrains’ remarks behind a step are no part of it', () => {
	const [, ...steps] =
		parse('WS ws://x\n\na\n===  // remark\nb\n=== wait 5s // remark\nc').sections[0]?.request?.steps ?? [];
	assert.deepEqual(
		steps.map(({ separator }) => separator?.kind),
		['next', 'wait'],
	);
});
