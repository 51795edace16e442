import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { check } from '../../../../src/files/check/check';
import type { CheckContext } from '../../../../src/files/check/context';
import { parse } from '../../../../src/files/syntax/parse';
import { readEnvironment } from '../../../../src/files/values/environments';
import { describe } from '../../../../src/protocols/descriptions';

const context: CheckContext = {
	describe: ({ protocol, profile }) =>
		profile?.endsWith('-lab') || profile?.endsWith('-dev')
			? undefined
			: describe(protocol ?? (profile === 'socket' ? 'websocket' : 'mqtt')),
	environment: readEnvironment({ shared: '{"dev": {"host": "h"}}' }, 'dev').environment,
	around: { env: () => undefined, dotenv: () => undefined, secret: (name) => (name === 'pin' ? 'x' : undefined) },
	connections: ['local', 'socket'],
};

/** Codes with what they stand at. */
const found = (text: string) =>
	check(parse(text), context).map(({ code, start, end }) => `${code} ${JSON.stringify(text.slice(start, end))}`);

const cases: [string, string[]][] = [
	['PUBLISH a\nQoS: 1\nRetain: true\nX-Y: z\n\nb', []],
	['PUBLIS a', ['unknown-verb "PUBLIS"']],
	['publish a', []],
	['GET https://example.com', ['http "https://example.com"']],
	['PUBLISH', ['bad-target "PUBLISH"']],
	['PUBLISH a/#', ['bad-target "a/#"']],
	['PUBLISH a/{{host}}/#', []],
	['SUBSCRIBE a/#/b', ['bad-target "a/#/b"']],
	['PUBLISH a ', ['trailing-space " "']],
	['PUBLISH a\nRetian: true', ['misspelt-header "Retian"']],
	['PUBLISH a\nContent-Typ: x', ['misspelt-header "Content-Typ"']],
	['PUBLISH a\nRetain: no', ['bad-value "no"']],
	['PUBLISH a\nRetain:', ['bad-value "Retain"']],
	['PUBLISH a\nQoS: {{q}}\n\nx', ['undefined-variable "{{q}}"']],
	['PUBLISH a\nQoS: 1\nqos: 2', ['duplicate-header "qos"']],
	['SUBSCRIBE a\nX-Trace: 1', ['header-without-effect "X-Trace"']],
	['SUBSCRIBE a\nRetain: true', ['header-without-effect "Retain"']],
	['# @timout 5s\nSUBSCRIBE a', ['misspelt-metadata "timout"']],
	['# @something 5s\nSUBSCRIBE a', ['unknown-metadata "something"']],
	['# @ref x\nSUBSCRIBE a', []],
	['# @timeout 5\nSUBSCRIBE a', ['no-unit "5"']],
	['# @timeout soon\nSUBSCRIBE a', ['bad-value "soon"']],
	['# @timeout\nSUBSCRIBE a', ['missing-value "timeout"']],
	['# @maxMessages 0\nSUBSCRIBE a', ['bad-value "0"']],
	['# @loop 10\nPUBLISH a', ['bad-value "10"']],
	['# @clients 50\n# @rate 500/s\n# @for 60s\nPUBLISH a/{{$client}}', []],
	['# @clients 1001\nPUBLISH a', ['bad-value "1001"']],
	['# @rate 500\nPUBLISH a', ['no-unit "500"']],
	['# @rate 500/week\nPUBLISH a', ['bad-value "500/week"']],
	['# @rate 0/s\nPUBLISH a', ['bad-value "0/s"']],
	['# @rate 100001/s\nPUBLISH a', ['bad-value "100001/s"']],
	['# @rate 5/s\n# @every 1s\nPUBLISH a', ['useless-metadata "# @every 1s"']],
	['# @clients 5\nSUBSCRIBE a', ['useless-metadata "# @clients 5"']],
	['# @for 5s\nPUBLISH a', ['useless-metadata "# @for 5s"']],
	['# @for 5s\n# @every 1s\nPUBLISH a', []],
	['# @clients 5\n### x\nSUBSCRIBE a', []],
	['PUBLISH a\nX: {{$hmac sha256 pin}}\n\nx', []],
	['@s = {{$hmac sha256 pin}}\nPUBLISH a\nX: {{s}}\n\nx', []],
	['PUBLISH a\n\n{{$hmac sha256 pin}}', ['undefined-variable "{{$hmac sha256 pin}}"']],
	['PUBLISH {{$hmac sha256 pin}}', ['undefined-variable "{{$hmac sha256 pin}}"']],
	['WS ws://h\nX: {{$hmac sha256 pin}}\n\nx', ['undefined-variable "{{$hmac sha256 pin}}"']],
	['PUBLISH a\nX: {{$hmac md5 pin}}\n\nx', ['undefined-variable "{{$hmac md5 pin}}"']],
	['PUBLISH a\n\n{{$wave 1 2}}', ['undefined-variable "{{$wave 1 2}}"']],
	['# @body hex\nPUBLISH a\n\n01 0', ['bad-body "0"']],
	['# @body base64\nPUBLISH a\n\n*', ['bad-body "*"']],
	['# @name a b\nPUBLISH a', ['bad-value "a b"']],
	['# @name a\nPUBLISH a\n###\n# @name a\nPUBLISH b', ['duplicate-name "a"']],
	['# @connection locl\nPUBLISH a', ['unknown-connection "locl"']],
	['# @connection socket\nSEND\nType: binary\n\nx', []],
	['# @connection socket\nSEND\nType: bin\n\nx', ['bad-value "bin"']],
	['PUBLISH {{hst}}', ['undefined-variable "{{hst}}"']],
	['PUBLISH {{host}} {{$uuid}} {{$secret pin}}', []],
	['PUBLISH {{$secret nope}}', ['undefined-variable "{{$secret nope}}"']],
	['PUBLISH {{$uid}}', ['undefined-variable "{{$uid}}"']],
	['# @name r\nREQUEST a\n###\nPUBLISH b\n\n{{r.body.x}}', []],
	['PUBLISH b\n\n{{r.body.x}}\n###\n# @name r\nREQUEST a', ['undefined-variable "{{r.body.x}}"']],
	['PUBLISH a\n\nx\n\n?? body == 1', ['nothing-received "?? body == 1"']],
	['PUBLISH a\n\nx\n\n?? duration < 5', []],
	['WS ws://x\n\na\n===\n', ['empty-step "==="']],
	['WS ws://x\nSec-WebSocket-Protocol: v1\nAuthorization: x', []],
	['MQTT mqtt://h\npublish: a\nqos: 1\nretain: false\nusername: u\npassword: p\nclean: true\nkeepAlive: 10\n\nx', []],
	['MQTT mqtt://h\n\nx', ['no-topic "MQTT"']],
	['MQTT mqtt://h\ntopic: a\nretain: yes\n\nx', ['bad-value "yes"']],
	['AMQP amqp://h\namqp_exchange: e\n\nx', []],
];
for (const [text, expected] of cases)
	test(`check: ${JSON.stringify(text)}`, () => assert.deepEqual(found(text), expected));

const fixes: [string, string][] = [
	['PUBLIS a', 'PUBLISH a'],
	['PUBLISH a\nRetian: true', 'PUBLISH a\nRetain: true'],
	['PUBLISH a\nRetain: no', 'PUBLISH a\nRetain: true'],
	['PUBLISH a ', 'PUBLISH a'],
	['# @timout 5s\nSUB a', '# @timeout 5s\nSUB a'],
	['# @timeout 5\nSUB a', '# @timeout 5s\nSUB a'],
	['PUBLISH {{hst}}', 'PUBLISH {{host}}'],
	['PUBLISH a\n{"x":1}', 'PUBLISH a\n\n{"x":1}'],
	['# @connection locl\nPUB a', '# @connection local\nPUB a'],
];
for (const [text, expected] of fixes)
	test(`quick fix: ${JSON.stringify(text)}`, () => {
		const fix = check(parse(text), context)[0]?.fixes?.[0];
		assert.ok(fix);
		assert.equal(text.slice(0, fix.range.start) + fix.text + text.slice(fix.range.end), expected);
	});

test('the example of the format is right in every protocol that is here', () => {
	const text = readFileSync('test/fixtures/messages/all.messages', 'utf8');
	const diagnostics = check(parse(text), { ...context, connections: undefined });
	assert.deepEqual(diagnostics, []);
});
