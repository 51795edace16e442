import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { type CompletionContext, completions } from '../../../../src/files/language/completions';
import { format } from '../../../../src/files/language/format';
import { hover } from '../../../../src/files/language/hover';
import { lenses } from '../../../../src/files/language/lenses';
import { folding, links, symbols } from '../../../../src/files/language/outline';
import { definition, rename, renameAt } from '../../../../src/files/language/references';
import { parse } from '../../../../src/files/syntax/parse';
import { noEnvironment, readEnvironment } from '../../../../src/files/values/environments';
import type { Scope } from '../../../../src/files/values/variables';
import { describe } from '../../../../src/protocols/descriptions';

const sample = readFileSync('test/fixtures/messages/all.messages', 'utf8');

/** A text with the caret at "|". */
function caret(marked: string): { text: string; offset: number } {
	const offset = marked.indexOf('|');
	return { text: marked.replace('|', ''), offset };
}

const context: CompletionContext = {
	describe: ({ protocol, profile }) => describe(protocol ?? (profile === 'socket' ? 'websocket' : 'mqtt')),
	environment: readEnvironment({ shared: '{"dev":{"host":"h"}}', private: '{"dev":{"token":"t0ken"}}' }, 'dev')
		.environment,
	connections: ['local', 'socket'],
	targets: (_, start) => ['a/b', 'a/c', 'x'].filter((target) => target.startsWith(start)),
	files: (start) => ['./fw.bin', './x.json'].filter((path) => path.startsWith(start)),
};

/** Text with the completion of this label put in. */
function complete(marked: string, label: string): string | undefined {
	const { text, offset } = caret(marked);
	const found = completions(parse(text), offset, context).find((one) => one.label === label);
	return found && text.slice(0, found.range.start) + found.text + text.slice(found.range.end);
}

const completed: [string, string, string][] = [
	['|', 'PUBLISH', 'PUBLISH '],
	['PU|', 'PUBLISH', 'PUBLISH '],
	['PUBLISH a/|', 'a/b', 'PUBLISH a/b'],
	['PUBLISH |', 'x', 'PUBLISH x'],
	['PUBLISH a\n|', 'QoS', 'PUBLISH a\nQoS: '],
	['PUBLISH a\nRe|', 'Retain', 'PUBLISH a\nRetain: '],
	['PUBLISH a\nQoS: |', '1', 'PUBLISH a\nQoS: 1'],
	['PUBLISH a\nRetain: f|', 'false', 'PUBLISH a\nRetain: false'],
	['PUBLISH a\nContent-Type: |', 'application/json', 'PUBLISH a\nContent-Type: application/json'],
	['PUBLISH a\nConnection: lo|', 'local', 'PUBLISH a\nConnection: local'],
	['SUBSCRIBE a\n|', 'No-Local', 'SUBSCRIBE a\nNo-Local: '],
	['WEBSOCKET ws://x\n|', 'Sec-WebSocket-Protocol', 'WEBSOCKET ws://x\nSec-WebSocket-Protocol: '],
	['MQTT mqtt://h\n|', 'Subscribe', 'MQTT mqtt://h\nSubscribe: '],
	['# @|', 'timeout', '# @timeout '],
	['# @keep|\n', 'keepStreaming', '# @keepStreaming\n'],
	['# @connection |', 'local', '# @connection local'],
	['# @body |', 'hex', '# @body hex'],
	['# @cl|', 'clients', '# @clients '],
	['# @clients |', '50', '# @clients 50'],
	['# @rate |', '500/s', '# @rate 500/s'],
	['# @for |', '1m', '# @for 1m'],
	['PUBLISH a\n\n{{$wa|', '$wave', 'PUBLISH a\n\n{{$wave '],
	['@d = 1\nPUBLISH {{|', 'd', '@d = 1\nPUBLISH {{d'],
	['PUBLISH {{ h|', 'host', 'PUBLISH {{ host'],
	['PUBLISH a\n\n{{$|', '$uuid', 'PUBLISH a\n\n{{$uuid'],
	['# @name r\nREQUEST a\n###\nPUBLISH b\n\n{{r|', 'r.body', '# @name r\nREQUEST a\n###\nPUBLISH b\n\n{{r.body'],
	['SUB a\n?? |', 'body', 'SUB a\n?? body '],
	['SUB a\n?? body |', 'exists', 'SUB a\n?? body exists'],
	['WS ws://h\n\nx\n\n?? rea|', 'reason', 'WS ws://h\n\nx\n\n?? reason '],
	['WS ws://h\n\nx\n\n?? reason con|', 'contains', 'WS ws://h\n\nx\n\n?? reason contains'],
	['WS ws://x\n\na\n===|', '=== wait-for-server', 'WS ws://x\n\na\n=== wait-for-server'],
	['PUBLISH a\n\n< ./f|', './fw.bin', 'PUBLISH a\n\n< ./fw.bin'],
];
for (const [marked, label, expected] of completed)
	test(`completes ${JSON.stringify(marked)} with ${label}`, () => assert.equal(complete(marked, label), expected));

test('what is there already, and what does not fit, is not offered', () => {
	assert.equal(complete('PUBLISH a\nQoS: 1\n|', 'QoS'), undefined);
	assert.equal(complete('SUBSCRIBE a\n|', 'Retain'), undefined);
	assert.equal(complete('PUBLISH a\n\nx|', 'QoS'), undefined);
	const { text, offset } = caret('PUBLISH {{|');
	const token = completions(parse(text), offset, context).find(({ label }) => label === 'token');
	assert.equal(token?.detail, 'a secret');
});

function hovered(marked: string): string | undefined {
	const { text, offset } = caret(marked);
	const file = parse(text);
	const scope: Scope = {
		file,
		environment: context.environment,
		around: {
			now: () => 0,
			random: (n) => new Uint8Array(n),
			env: () => undefined,
			dotenv: () => undefined,
			secret: () => 's3cret',
		},
		result: () => undefined,
		hidden: new Set(),
	};
	return hover(file, offset, scope, context.describe)?.text;
}

const hovers: [string, RegExp][] = [
	['PUBLISH {{ho|st}}', /^host = h$/],
	['@d = <{{host}}>\nPUBLISH {{|d}}', /^d = <h>$/],
	['@|d = <{{host}}>\nPUBLISH {{d}}', /^d = <h>$/],
	['PUBLISH {{tok|en}}', /^token: a secret, not shown\.$/],
	['@d = {{token}}\nPUBLISH {{|d}}', /^d: a secret/],
	['PUBLISH {{$secr|et x}}', /^\$secret x: a secret/],
	['PUBLISH {{$uu|id}}', /^\$uuid: A random UUID/],
	['PUBLISH {{no|pe}}', /not defined/],
	['PUBLISH a\n\n{{$wa|ve 1 2 60s}}', /^\$wave min max period \[digits\]: A sine over time/],
	['PUBLISH a\nX: {{$hm|ac sha256 nope}}', /^\$hmac sha256.*: Signs the body/],
	['# @ra|te 500/s\nPUB a', /^@rate: .*of all clients together/],
	['PUB|LISH a', /^PUBLISH: /],
	['PUBLISH a\nRe|tain: true', /^Retain: The broker keeps the message/],
	['PUBLISH a\nX-|Y: true', /sent as it is/],
	['PUBLISH a\nQ|oS: 1', /^QoS\n0 – at most once\. Nothing is acknowledged\.\n1 – at least once/],
	['# @time|out 5s\nSUB a', /^@timeout: /],
	['WS ws://h\n\nx\n\n?? co|de == 4401', /^code: .*ended or refused/],
	['WS ws://h\n\nx\n\n?? reason cont|ains x', /^reason: The reason that the peer gave/],
];
for (const [marked, expected] of hovers)
	test(`hover ${JSON.stringify(marked)}`, () => assert.match(hovered(marked) ?? '', expected));

test('no hover shows a secret', () => {
	const text = '@d = {{token}} {{$secret x}}\nPUBLISH {{d}} {{token}} {{$secret x}}';
	for (let offset = 0; offset <= text.length; offset++) {
		const shown = hovered(`${text.slice(0, offset)}|${text.slice(offset)}`) ?? '';
		assert.ok(!/t0ken|s3cret/.test(shown), shown);
	}
});

test('outline', () => {
	assert.deepEqual(
		symbols(parse(sample))
			.map(({ kind, name, detail }) => `${kind} ${name} ${detail}`)
			.slice(0, 4),
		[
			'variable @device dev-7',
			'request reading PUBLISH sensors/{{device}}/temp',
			'request Binary, byte for byte PUBLISH firmware/{{device}}',
			'request Two alerts within five seconds SUBSCRIBE alerts/#',
		],
	);
});

test('folding: each section, and each step', () => {
	const text = '### a\nPUBLISH x\n\n### b\nWS ws://x\n\n1\n2\n===\n3\n4\n\n';
	assert.deepEqual(
		folding(parse(text)).map(({ start, end }) => text.slice(start, end)),
		['### a\nPUBLISH x', '### b\nWS ws://x\n\n1\n2\n===\n3\n4', '1\n2', '===\n3\n4'],
	);
});

test('lenses', () => {
	assert.deepEqual(
		lenses(parse('# @connection c\n###\nPUB a\n###\nSUB b\nConnection: d\n###\nWS ws://x\n###\nNOPE x')).map(
			({ kind, title }) => `${kind}: ${title}`,
		),
		[
			'all: Send All',
			'send: Send',
			'connection: c',
			'listen: Start Listening',
			'connection: d',
			'converse: Connect and Send',
			'connection: ws://x',
		],
	);
});

test('the lens of the whole file is on its first line, and only if there are several requests', () => {
	const titles = (text: string) => lenses(parse(text)).map(({ title }) => title);
	assert.equal(titles('# @clients 50\n# @rate 5/s\nPUB a')[0], 'Start 50 Clients');
	assert.equal(titles('# @clients 1\nREQUEST a')[0], 'Start 1 Client');
	assert.equal(titles('# @rate 5/s\nPUB a')[0], 'Start');
	assert.equal(titles('# @clients 50\nSUB a')[0], 'Start Listening');
	const all = (text: string) => lenses(parse(text)).filter(({ kind }) => kind === 'all');
	assert.deepEqual(
		all('@a = 1\n\n###\nPUB a\n###\nPUB b').map(({ range }) => range),
		[{ start: 0, end: 0 }],
	);
	assert.deepEqual(all('@a = 1\n\n###\nPUB a'), []);
});

test('an empty header for the connection leaves it to the user', () => {
	const [, lens] = lenses(parse('# @connection c\n###\nPUB a\nConnection: '));
	assert.deepEqual(lens?.kind === 'connection' && lens.connection, { kind: 'none' });
});

test('links', () => {
	assert.deepEqual(
		links(parse(sample)).map(({ path, range }) => [path, sample.slice(range.start, range.end)]),
		[
			['./fw.bin', './fw.bin'],
			['./frame.bin', './frame.bin'],
		],
	);
});

test('go to definition', () => {
	const at = (marked: string) => {
		const { text, offset } = caret(marked);
		const found = definition(parse(text), offset);
		return found && `${found.to.start} ${text.slice(found.to.start, found.to.end)}`;
	};
	assert.equal(at('@a = 1\nPUBLISH {{|a}}'), '1 a');
	assert.equal(at('@a = 1\n@a = 2\nPUBLISH {{|a}}'), '8 a');
	assert.equal(at('# @name r\nREQUEST a\n###\nPUB b\n\n{{r|.body}}'), '8 r');
	assert.equal(at('PUBLISH {{|a}}'), undefined);
});

function renamed(marked: string, to: string): string {
	const { text, offset } = caret(marked);
	return rename(parse(text), offset, to).reduceRight(
		(done, edit) => done.slice(0, edit.range.start) + edit.text + done.slice(edit.range.end),
		text,
	);
}

test('rename', () => {
	assert.equal(
		renamed('@a = 1\n@b = {{a}}\nPUBLISH {{ |a }}/{{b}}/a', 'new'),
		'@new = 1\n@b = {{new}}\nPUBLISH {{ new }}/{{b}}/a',
	);
	assert.equal(renamed('@|a = 1\nPUB {{a}}', 'n'), '@n = 1\nPUB {{n}}');
	assert.equal(
		renamed('# @name |r\nREQUEST a\n###\nPUB b\n\n{{r.body.x}} {{r2.body}}', 'q'),
		'# @name q\nREQUEST a\n###\nPUB b\n\n{{q.body.x}} {{r2.body}}',
	);
	assert.throws(() => renamed('@|a = 1\n@b = 2', 'b'), /already/);
	assert.throws(() => renamed('@|a = 1', 'a b'), /spaces/);
	const { text, offset } = caret('PUBLISH {{ho|st}}');
	assert.equal(renameAt(parse(text), offset), undefined, 'a variable of the environment is not of this file');
});

const formatted = (text: string) =>
	format(parse(text)).reduceRight(
		(done, edit) => done.slice(0, edit.range.start) + edit.text + done.slice(edit.range.end),
		text,
	);

test('format', () => {
	assert.equal(
		formatted('@a=1\n####   T  \npublish   a/b \nQoS:1\nX :  y\n\nbody  \n\n\n\n###\nsub b\n'),
		'@a = 1\n\n### T\nPUBLISH a/b \nQoS: 1\nX: y\n\nbody  \n\n###\nSUB b\n',
	);
});

test('format changes nothing that is sent, and nothing a second time', () => {
	const outline = (text: string) => {
		const file = parse(text);
		const filled = file.sections.filter(
			({ separator, request, variables, metadata }) => separator || request || variables.length + metadata.length > 0,
		);
		return filled.map(({ request, variables, metadata, separator }) => [
			separator?.title?.text,
			variables.map(({ name, value }) => [name.text, value.text]),
			metadata.map(({ name, value }) => [name.text, value?.text]),
			request && [
				request.verb.text.toUpperCase(),
				request.target.text,
				request.headers.map(({ name, value }) => [name.text, value.text]),
				request.steps.map(({ parts, separator: before }) => [
					before?.kind,
					parts.map((part) => (part.kind === 'text' ? text.slice(part.start, part.end) : part.path.text)),
				]),
				request.assertions.map(({ start, end }) => text.slice(start, end)),
			],
		]);
	};
	const pieces = [
		'###',
		'### x ',
		'\n',
		'\n\n',
		'\r\n',
		'publish a ',
		' ',
		'A:b',
		'A : b',
		'@x=1',
		'# @name n',
		'?? body == 1',
		'===',
		'< f',
		'{{x}}',
		'mqtt://h',
		'x',
	];
	for (let seed = 1; seed < 3000; seed++) {
		let state = seed;
		const random = (below: number) => {
			state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
			return Math.floor((state / 2 ** 32) * below);
		};
		let text = '';
		for (let count = random(25); count > 0; count--) text += pieces[random(pieces.length)];
		const once = formatted(text);
		assert.deepEqual(outline(once), outline(text), `seed ${seed} ${JSON.stringify([text, once])}`);
		assert.equal(formatted(once), once, `seed ${seed} ${JSON.stringify([text, once])}`);
	}
});

test('nothing throws, whatever the text and wherever the caret is', () => {
	for (const text of [sample, sample.replaceAll(' ', ''), sample.replaceAll('}}', '')]) {
		const file = parse(text);
		const scope: Scope = {
			file,
			environment: noEnvironment,
			around: {
				now: () => 0,
				random: (n) => new Uint8Array(n),
				env: () => undefined,
				dotenv: () => undefined,
				secret: () => undefined,
			},
			result: () => undefined,
			hidden: new Set(),
		};
		for (let offset = 0; offset <= text.length; offset++) {
			for (const { range } of completions(file, offset, context))
				assert.ok(range.start <= offset && range.end === offset);
			hover(file, offset, scope, context.describe);
			definition(file, offset);
			renameAt(file, offset);
		}
	}
});
