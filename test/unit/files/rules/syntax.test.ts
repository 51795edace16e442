import assert from 'node:assert/strict';
import test from 'node:test';
import { check } from '../../../../src/files/check/check';
import type { CheckContext } from '../../../../src/files/check/context';
import { type CompletionContext, completions } from '../../../../src/files/language/completions';
import { format } from '../../../../src/files/language/format';
import { hover } from '../../../../src/files/language/hover';
import { links, symbols } from '../../../../src/files/language/outline';
import { renameAt } from '../../../../src/files/language/references';
import type { Range } from '../../../../src/files/syntax/ast';
import { parse } from '../../../../src/files/syntax/parse';
import { noEnvironment } from '../../../../src/files/values/environments';
import { describe } from '../../../../src/protocols/descriptions';

const gateway = `### Edge gateway
# @keepStreaming
ON devices/+/mode
Connection: Farm
QoS: 1

?? message body mode exists
=== PUT /device/mode
Connection: Greenhouse
Content-Format: text/plain

{{message.body.mode}}

?? code == 2.04
=== reply
QoS: 1

< ./done.txt
`;

test('a rule has conditions, and steps with their own headers, body and expectations', () => {
	const file = parse(gateway);
	assert.deepEqual(file.diagnostics, []);
	const text = ({ start, end }: Range) => file.text.slice(start, end);
	const request = file.sections.find((section) => section.request)?.request;
	assert.ok(request);
	assert.deepEqual(request.headers.map(text), ['Connection: Farm', 'QoS: 1']);
	assert.deepEqual(request.assertions.map(text), ['?? message body mode exists']);
	assert.deepEqual(
		request.steps.map(({ separator, request: step }) => ({
			separator: separator && `${separator.kind} ${text(separator)}`,
			verb: step?.verb.text,
			target: step?.target.text,
			headers: step?.headers.map(text),
			bodies: step?.steps.flatMap(({ parts }) => parts.map(text)),
			assertions: step?.assertions.map(text),
		})),
		[
			{
				...{ separator: 'request === PUT /device/mode', verb: 'PUT', target: '/device/mode' },
				headers: ['Connection: Greenhouse', 'Content-Format: text/plain'],
				...{ bodies: ['{{message.body.mode}}'], assertions: ['?? code == 2.04'] },
			},
			{
				...{ separator: 'reply === reply', verb: 'reply', target: '', headers: ['QoS: 1'] },
				...{ bodies: ['< ./done.txt'], assertions: [] },
			},
		],
	);
	for (let end = 0; end <= gateway.length; end++) {
		const cut = parse(gateway.slice(0, end));
		for (const { request: one } of cut.sections)
			for (const step of one?.steps ?? [])
				assert.ok(step.start >= (one?.start ?? 0) && step.end <= (one?.end ?? 0), `${end}`);
	}
});

const context: CheckContext = {
	describe: ({ protocol, profile }) => describe(protocol ?? profile ?? 'mqtt'),
	environment: noEnvironment,
	around: { env: () => undefined, dotenv: () => undefined, secret: () => undefined },
};
/** Codes with what they stand at. */
const found = (text: string) =>
	check(parse(text), context).map(({ code, start, end }) => `${code} ${JSON.stringify(text.slice(start, end))}`);

const checks: [string, string[]][] = [
	['ON a/+\n=== PUBLISH b/{{message.level.1}}\nQoS: 1\n\n{{message.body}} {{message.header.X}} {{message.time}}', []],
	['ON a\n=== reply\n\n{{message.target}}', []],
	['ON a\nConnection: coap\n=== reply', ['no-address "reply"']],
	['ON', ['bad-target "ON"', 'empty-rule "ON"']],
	['ON a', ['empty-rule "ON"']],
	['ON a\n\n?? body exists', []],
	['ON a\n\n?? messages length == 2', ['not-a-condition "?? messages length == 2"']],
	['ON a\n\n?? message[1] body == 2', ['not-a-condition "?? message[1] body == 2"']],
	['ON a\n\nbody', ['empty-rule "ON"', 'rule-body "body"']],
	['ON a\n===', ['empty-rule "ON"', 'bad-step "==="']],
	['ON a\n=== PUBLSH b', ['unknown-verb "PUBLSH"']],
	['ON a\n=== SUBSCRIBE b', ['not-a-step "SUBSCRIBE"']],
	['ON a\n=== PUBLISH b/#', ['bad-target "b/#"']],
	['ON a\n=== PUBLISH b\nRetain: no', ['bad-value "no"']],
	['ON a\n=== reply x', ['reply-target "x"']],
	['ON a\n=== PUBLISH b\n\n{{message.level.1}}', ['no-level "{{message.level.1}}"']],
	['ON a/#\n=== PUBLISH b\n\n{{message.level.7}}', []],
	['ON a/{{message.body}}\n=== PUBLISH b', ['undefined-variable "{{message.body}}"']],
	['PUBLISH a\n\n{{message.body}}', ['undefined-variable "{{message.body}}"']],
	['# @name message\nREQUEST a\n### \nPUBLISH b\n\n{{message.body}}', []],
	['ON a\n=== PUBLISH b\n\n{{answer.body}}', ['no-answer "{{answer.body}}"']],
	['ON a\n=== REQUEST c\n=== PUBLISH b\n\n{{answer.body}}', []],
	['ON a\n=== REQUEST c\n=== PUBLISH b\n=== PUBLISH d\n\n{{answer.body}}', ['no-answer "{{answer.body}}"']],
	['ON a\n=== PUBLISH b\nConnection: {{message.body}}', ['message-decides "{{message.body}}"']],
	['# @retries -1\n# @inFlight 0\nON a\n=== PUBLISH b', ['bad-value "-1"', 'bad-value "0"']],
	['WEBSOCKET ws://h\n\na\n=== PUBLISH b', ['bad-step "PUBLISH b"']],
];
for (const [text, expected] of checks)
	test(`check: ${JSON.stringify(text)}`, () => assert.deepEqual(found(text), expected));

test('the editor knows the steps of a rule', () => {
	const file = parse(gateway);
	const at = (needle: string) => gateway.indexOf(needle) + 1;
	const scope = {
		file,
		environment: noEnvironment,
		around: {} as never,
		hidden: new Set<string>(),
		result: () => undefined,
	};
	const help = (needle: string) => hover(file, at(needle), scope, context.describe)?.text ?? '';
	assert.match(help('PUT /device'), /^PUT: CoAP PUT/);
	assert.match(help('Content-Format'), /^Content-Format: /);
	assert.match(help('reply'), /^reply: Answers/);
	assert.match(help('message.body.mode}}'), /of the message that the rule processes/);
	const [rule] = symbols(file);
	assert.deepEqual(
		rule?.children?.map(({ name }) => name),
		['PUT /device/mode', 'reply'],
	);
	assert.deepEqual(
		links(file).map(({ path }) => path),
		['./done.txt'],
	);
	assert.equal(renameAt(file, at('message.body.mode}}')), undefined);
	assert.deepEqual(format(file), []);
	const loose = 'on  a\n===   publish  b\nQoS:1\n\nx\n===   reply\n';
	const edits = format(parse(loose)).toReversed();
	const formatted = edits.reduce(
		(text, { range, text: to }) => text.slice(0, range.start) + to + text.slice(range.end),
		loose,
	);
	assert.equal(formatted, 'ON a\n=== PUBLISH b\nQoS: 1\n\nx\n=== reply\n');
});

const completionContext: CompletionContext = {
	describe: context.describe,
	environment: noEnvironment,
	connections: ['Farm'],
	targets: (section, start) =>
		(section.request?.verb.text === 'PUT' ? ['/device/mode'] : ['a/b']).filter((one) => one.startsWith(start)),
	files: () => [],
};
const completed: [string, string][] = [
	['O|', 'ON'],
	['ON a\n\n?? |', 'message body'],
	['ON a\n=== |', '=== reply'],
	['ON a\n=== PU|', '=== PUBLISH'],
	['ON a\n=== PUBLISH |', 'a/b'],
	['ON a\n=== PUT /|\nConnection: coap', '/device/mode'],
	['ON a\n=== PUBLISH b\nRet|', 'Retain'],
	['ON a\n=== PUBLISH b\nConnection: |', 'Farm'],
	['ON a\n=== reply\nQo|', 'QoS'],
	['ON a\n=== PUBLISH b\n\n{{mess|', 'message.body'],
	['ON a\n=== PUBLISH b\n\n{{|', 'answer.code'],
];
for (const [marked, label] of completed)
	test(`completion of ${JSON.stringify(marked)}: ${label}`, () => {
		const offset = marked.indexOf('|');
		const labels = completions(parse(marked.replace('|', '')), offset, completionContext).map((one) => one.label);
		assert.ok(labels.includes(label), labels.join(', '));
	});
