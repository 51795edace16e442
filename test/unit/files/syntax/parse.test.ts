import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import type { MessageFile, Range, Request } from '../../../../src/files/syntax/ast';
import { parse } from '../../../../src/files/syntax/parse';

/** What a request says, without its places. */
function outline(file: MessageFile, request: Request) {
	return {
		line: [request.verb.text, request.target.text],
		headers: request.headers.map(({ name, value }) => [name.text, value.text]),
		steps: request.steps.map(({ separator, parts }) => [
			...(separator
				? [
						separator.kind === 'wait'
							? `wait ${separator.ms}`
							: separator.kind === 'wait-for-server'
								? `server ${separator.count}`
								: separator.kind,
					]
				: []),
			...parts.map((part) =>
				part.kind === 'text'
					? file.text.slice(part.start, part.end)
					: `${part.variables ? '<@' : '<'}${part.path.text}`,
			),
		]),
		asserts: request.assertions.map(({ expectation }) =>
			expectation ? [expectation.whatText, expectation.operator, expectation.value.text].join('|') : 'bad',
		),
	};
}

const requestsOf = (text: string) => {
	const file = parse(text);
	return file.sections.flatMap((section) => (section.request ? [outline(file, section.request)] : []));
};
const codes = (text: string) => parse(text).diagnostics.map(({ code }) => code);
const one = (line: string[], more: object = {}) => ({ line, headers: [], steps: [[]], asserts: [], ...more });

const cases: [string, string, ReturnType<typeof requestsOf>][] = [
	['nothing', '', []],
	['comments only', '# a\n// b\n\n', []],
	['a request without a separator', 'PUBLISH a/b', [one(['PUBLISH', 'a/b'])]],
	['a target with #, +, $, spaces and a leading slash', 'SUB /$SYS/+/a b/#', [one(['SUB', '/$SYS/+/a b/#'])]],
	[
		'a trailing space is part of the target',
		'PUBLISH a \nQoS: 1',
		[one(['PUBLISH', 'a '], { headers: [['QoS', '1']] })],
	],
	[
		'CRLF',
		'PUBLISH a\r\nQoS: 1\r\n\r\nx\r\ny\r\n',
		[one(['PUBLISH', 'a'], { headers: [['QoS', '1']], steps: [['x\r\ny']] })],
	],
	['a byte order mark', '\uFEFFPUBLISH a', [one(['PUBLISH', 'a'])]],
	['a carriage return at the end of the text', 'PUBLISH a\r', [one(['PUBLISH', 'a'])]],
	[
		'header values are trimmed, colons kept',
		'PUBLISH a\nHost:  mqtt://h:1 \nX: ',
		[
			one(['PUBLISH', 'a'], {
				headers: [
					['Host', 'mqtt://h:1'],
					['X', ''],
				],
			}),
		],
	],
	[
		'comments among headers',
		'PUBLISH a\n# c\nA: 1\n// d\n\nb',
		[one(['PUBLISH', 'a'], { headers: [['A', '1']], steps: [['b']] })],
	],
	['# and // in a body are text', 'PUBLISH a\n\n# x\n// y', [one(['PUBLISH', 'a'], { steps: [['# x\n// y']] })]],
	[
		'blank lines at the ends of a body are dropped',
		'PUBLISH a\n\n\nx\n\ny\n\n\n',
		[one(['PUBLISH', 'a'], { steps: [['x\n\ny']] })],
	],
	['two requests', 'PUBLISH a\n###\nSUB b', [one(['PUBLISH', 'a']), one(['SUB', 'b'])]],
	['a longer row of # separates, too', 'PUBLISH a\n#### t\nSUB b', [one(['PUBLISH', 'a']), one(['SUB', 'b'])]],
	[
		'files and text',
		'PUBLISH a\n\nx\n< ./a b.bin\n<@ c.txt\ny',
		[one(['PUBLISH', 'a'], { steps: [['x', '<./a b.bin', '<@c.txt', 'y']] })],
	],
	['XML is no file', 'PUBLISH a\n\n<a>\n</a>', [one(['PUBLISH', 'a'], { steps: [['<a>\n</a>']] })]],
	[
		'steps',
		'WS ws://x\n\na\n===\nb\n=== wait-for-server\nc\n=== wait-for-server 3\n=== wait 1.5s\nd',
		[one(['WS', 'ws://x'], { steps: [['a'], ['next', 'b'], ['server 1', 'c'], ['server 3'], ['wait 1500', 'd']] })],
	],
	[
		'a row of = is text',
		'PUBLISH a\n\nTitle\n=====\n===x',
		[one(['PUBLISH', 'a'], { steps: [['Title\n=====\n===x']] })],
	],
	['steps right after headers', 'WS ws://x\n===\na', [one(['WS', 'ws://x'], { steps: [[], ['next', 'a']] })]],
	[
		'expectations',
		'SUB a\n?? messages length == 2\n# c\n?? message[1] header X exists\n?? body a.b[0] != "x y"',
		[one(['SUB', 'a'], { asserts: ['messages length|==|2', 'message[1] header X|exists|', 'body a.b[0]|!=|"x y"'] })],
	],
	[
		'expectations end the body',
		'REQUEST a\n\nx\n\n?? body == 3',
		[one(['REQUEST', 'a'], { steps: [['x']], asserts: ['body|==|3'] })],
	],
	["httpYac's includes", 'SUB a\n?? body includes x', [one(['SUB', 'a'], { asserts: ['body|contains|x'] })]],
	['a path with a space', "SUB a\n?? body ['a b'].c == 1", [one(['SUB', 'a'], { asserts: ["body ['a b'].c|==|1"] })]],
	[
		"httpYac's bare URL",
		'mqtt://host:1883\ntopic: a',
		[one(['MQTT', 'mqtt://host:1883'], { headers: [['topic', 'a']] })],
	],
];
for (const [name, text, expected] of cases) test(`parse: ${name}`, () => assert.deepEqual(requestsOf(text), expected));

const wrong: [string, string, string[]][] = [
	['a good file', 'PUBLISH a\n\nx', []],
	['UTF-16', 'P\0U\0B\0L\0I\0S\0H\0', ['utf-16']],
	['no colon', 'PUBLISH a\nQoS 1', ['bad-header']],
	['a body without a blank line', 'PUBLISH a\n{"x": 1}', ['missing-blank-line']],
	['a variable without =', '@x\n', ['bad-variable']],
	['an expectation without a request', '?? body == 1', ['assertion-without-request']],
	['text after an expectation', 'SUB a\n\n?? body == 1\noops', ['text-after-assertion']],
	['a step nobody knows', 'WS ws://x\n\na\n=== wait-for-godot\nb', ['bad-step']],
	['a wait without unit', 'WS ws://x\n\na\n=== wait 5\nb', ['no-unit']],
	["httpYac's script", 'PUBLISH a\n\n{{\nconst x = 1;\n}}', ['script']],
	["JetBrains' script", 'PUBLISH a\n\nx\n> {% client.log(1) %}', ['script']],
	...[
		'??',
		'?? nothing == 1',
		'?? body',
		'?? body ==',
		'?? body a b == 1',
		'?? body exists 3',
		'?? messages == 1',
		'?? message[x] body == 1',
		'?? body matches /a/g',
		'?? body matches (a',
		'?? status == 200',
		'?? message[0] == 1',
		'?? no',
		'?? no problems',
		'?? no gaps seq',
		'?? no gaps by seq',
		'?? no gaps by body',
		'?? no gaps by body a..b',
		'?? no gaps by body seq == 1',
		'?? no gaps == 0',
	].map((line): [string, string, string[]] => [line, `SUB a\n\n${line}`, ['bad-assertion']]),
];
for (const [name, text, expected] of wrong)
	test(`parse, wrong: ${name}`, () => assert.deepEqual(codes(text), expected));

test('a misspelt operator has its fix', () => {
	const text = 'SUB a\n?? body exist';
	const fix = parse(text).diagnostics[0]?.fixes?.[0];
	assert.equal(fix && text.slice(0, fix.range.start) + fix.text + text.slice(fix.range.end), 'SUB a\n?? body exists');
});

test('what is nearly an expectation of a stream has its fix', () => {
	for (const [line, fixed] of [
		['?? no gap', '?? no gaps'],
		['?? no replay by body n', '?? no replays by body n'],
		['?? no gaps by seq', '?? no gaps by body seq'],
	] as const) {
		const text = `SUB a\n\n${line}`;
		const fix = parse(text).diagnostics[0]?.fixes?.[0];
		assert.equal(fix && text.slice(0, fix.range.start) + fix.text + text.slice(fix.range.end), `SUB a\n\n${fixed}`);
	}
});

test('metadata and variables stand where they are', () => {
	const file = parse('@a = 1\n# @connection x\n\n### T\n#@name n\n// @timeout 5s\n@b=\nPUB a\n# @every 3s\n\nx');
	const [head, section] = file.sections;
	assert.deepEqual(
		head?.variables.map(({ name, value }) => [name.text, value.text]),
		[['a', '1']],
	);
	assert.deepEqual(
		head?.metadata.map(({ name, value }) => [name.text, value?.text]),
		[['connection', 'x']],
	);
	assert.equal(section?.separator?.title?.text, 'T');
	assert.deepEqual(
		section?.metadata.map(({ name, value }) => [name.text, value?.text]),
		[
			['name', 'n'],
			['timeout', '5s'],
			['every', '3s'],
		],
	);
	assert.deepEqual(
		section?.variables.map(({ name, value }) => [name.text, value.text]),
		[['b', '']],
	);
});

test('placeholders are found in targets, headers, bodies and expectations, not in comments', () => {
	const file = parse(
		'# {{no}}\n@a = {{one}}\nPUB {{two}}/x\nA: {{ three }}\n\n{"a":{{four}}} {{{five}}}\n{{open\n}}\n\n?? body == {{six}}',
	);
	assert.deepEqual(
		file.placeholders.map(({ content }) => content.text),
		['one', 'two', ' three ', 'four', 'five', 'six'],
	);
});

const sample = readFileSync('test/fixtures/messages/all.messages', 'utf8');

test('the example of the format has no mistakes', () => {
	assert.deepEqual(parse(sample).diagnostics, []);
	assert.equal(requestsOf(sample).length, 7);
});

function checkPlaces(file: MessageFile): void {
	const inside = (outer: Range, inner: Range, what: string) => {
		if (outer.start <= inner.start && inner.start <= inner.end && inner.end <= outer.end) return;
		assert.fail(`${what} ${JSON.stringify([outer, inner])}`);
	};
	const apart = (ranges: Range[], what: string) => {
		const sorted = [...ranges].sort((a, b) => a.start - b.start || a.end - b.end);
		for (let i = 1; i < sorted.length; i++) assert.ok((sorted[i - 1] as Range).end <= (sorted[i] as Range).start, what);
	};
	const verbatim = ({ start, end, text }: Range & { text: string }, what: string) =>
		assert.equal(file.text.slice(start, end), text, what);
	let end = 0;
	for (const section of file.sections) {
		assert.equal(section.start, end, 'sections leave no gap');
		end = section.end;
		inside(file, section, 'section');
		for (const item of [...section.metadata, ...section.variables]) {
			inside(section, item, 'item');
			inside(item, item.name, 'name');
			verbatim(item.name, 'name');
			if (item.value) verbatim(item.value, 'value');
		}
		const { request } = section;
		if (!request) continue;
		inside(section, request, 'request');
		const children = [...request.headers, ...request.steps, ...request.assertions];
		for (const child of children) inside(request, child, 'child');
		apart([request.verb, request.target, ...children], 'children of a request');
		for (const { name, value } of request.headers) apart([name, value], 'name and value');
		for (const header of request.headers) verbatim(header.value, 'header');
		for (const step of request.steps) {
			for (const part of step.parts) inside(step, part, 'part');
			apart([...(step.separator ? [step.separator] : []), ...step.parts], 'parts');
		}
		for (const { expectation, ...assertion } of request.assertions)
			if (expectation) inside(assertion, expectation.value, 'value');
	}
	assert.equal(end, file.end, 'sections reach the end');
	apart(file.placeholders, 'placeholders');
	for (const { content } of file.placeholders) verbatim(content, 'placeholder');
	for (const diagnostic of file.diagnostics) {
		inside(file, diagnostic, 'diagnostic');
		for (const fix of diagnostic.fixes ?? []) inside(file, fix.range, 'fix');
	}
}

/** Reproducible: a failure names its seed. */
function randomOf(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
}

test('never throws and never loses a place, whatever the text is', () => {
	const pieces = [
		'###',
		' ',
		'\n',
		'\r\n',
		'\r',
		'\t',
		'# @',
		'@x =',
		'??',
		' ?? body',
		'===',
		'=== wait',
		'wait-for-server',
		'< ',
		'<@ ',
		'{{',
		'}}',
		'{{x}}',
		':',
		'//',
		'PUBLISH a',
		'MQTT ',
		'\0',
		'\uFEFF',
		'😀',
		'\uD800',
		'"',
		'[',
		']',
		'(',
		'==',
		'matches ',
		'x',
		'%}',
		'> {%',
		'{',
	];
	for (let seed = 1; seed <= 4000; seed++) {
		const random = randomOf(seed);
		let text = '';
		if (seed % 2) for (let count = random(40); count > 0; count--) text += pieces[random(pieces.length)];
		else {
			const cut = random(sample.length);
			text = sample.slice(0, cut) + pieces[random(pieces.length)] + sample.slice(cut + random(30));
		}
		try {
			checkPlaces(parse(text));
		} catch (error) {
			throw new Error(`seed ${seed}, ${JSON.stringify(text)}: ${error instanceof Error ? error.message : error}`);
		}
	}
});

test('every start of the example has its places', () => {
	for (let length = 0; length <= sample.length; length++) checkPlaces(parse(sample.slice(0, length)));
});

test('hostile sizes: one line of 50 MB, a million separators, a million braces', () => {
	for (const text of [
		`PUBLISH a\n\n${'x'.repeat(50_000_000)}`,
		'###\n'.repeat(1_000_000),
		'{{'.repeat(1_000_000),
		`PUB a\n\n${'{{\n'.repeat(300_000)}`,
		`PUB a\n\n${'}}{{'.repeat(500_000)}`,
		`PUB a\n\nx${'a {{\n'.repeat(300_000)}`,
		`PUB a\n\nx${'a {{\n'.repeat(300_000)}}}`,
	])
		assert.ok(parse(text).sections.length > 0);
});
