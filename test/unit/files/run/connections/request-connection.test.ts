import assert from 'node:assert/strict';
import test from 'node:test';
import { connectionOf, replaceConnection, specOf } from '../../../../../src/files/run/connections/request-connection';
import { parse } from '../../../../../src/files/syntax/parse';
import { verbOf } from '../../../../../src/files/syntax/words';
import { noEnvironment } from '../../../../../src/files/values/environments';

const around = {
	now: () => 0,
	random: (bytes: number) => new Uint8Array(bytes),
	env: () => undefined,
	dotenv: () => undefined,
	secret: () => undefined,
};

/** The connection as it is written, and what opens it once variables are replaced: "profile", "url" or "chosen". */
const cases: [name: string, text: string, written: string, opened: string][] = [
	['nothing', 'PUBLISH a', 'none', 'chosen'],
	['metadata', '# @connection c\nPUBLISH a', 'named c', 'profile c'],
	['the metadata of the file', '# @connection c\n###\nPUBLISH a', 'named c', 'profile c'],
	['a header before metadata', '# @connection c\nPUBLISH a\nConnection: d', 'named d', 'profile d'],
	['a variable', '@v = d\nPUBLISH a\nConnection: {{v}}', 'named {{v}}', 'profile d'],
	['an empty header instead of metadata', '# @connection c\nPUBLISH a\nConnection:', 'none', 'chosen'],
	['an empty host instead of metadata', '# @connection c\nPUBLISH a\nHost:', 'none', 'chosen'],
	['a variable without a value', '@v =\nPUBLISH a\nConnection: {{v}}', 'named {{v}}', 'chosen'],
	['a host', '# @connection c\nPUBLISH a\nHost: mqtt://h', 'host mqtt://h', 'url mqtt://h'],
	['a host and a connection', 'PUBLISH a\nHost: mqtt://h\nConnection: c', 'named c', 'profile c'],
	['a quoted name of a header', 'PUBLISH a\n"Connection": c', 'none', 'chosen'],
	['a name of a header from a variable', '@n = Host\nPUBLISH a\n{{n}}: mqtt://h', 'none', 'chosen'],
	['a URL in the request line', '# @connection c\nGET coap://h:1/a?b', 'url coap://h:1 /a?b', 'url coap://h:1'],
	['a variable in its host', '@h = [::1]\nGET coap://{{h}}/a', 'url coap://{{h}} /a', 'url coap://[::1]'],
	['a URL from a variable', '@u = coap://h/a\n# @connection c\nGET {{u}}', 'named c', 'profile c'],
	['a quoted URL', '# @connection c\nGET "coap://h/a"', 'named c', 'profile c'],
	['a URL of another protocol', 'GET mqtt://h/a', 'none', 'chosen'],
	['a URL beside a connection', 'GET coap://h/a\nConnection: c', 'named c', 'profile c'],
	['a WebSocket', '# @connection c\nWS ws://h/x', 'own ws://h/x', 'url ws://h/x'],
	['a WebSocket without a scheme', 'WS h/x', 'own ws://h/x', 'url ws://h/x'],
	['a WebSocket from a variable', '@u = wss://h\nWS {{u}}', 'own {{u}}', 'url wss://h'],
	['a WebSocket over HTTP', 'WS https://h/x', 'own wss://h/x', 'url wss://h/x'],
	['a WebSocket of a saved connection', '# @connection c\nWS', 'named c', 'profile c'],
	['a handshake header of that name', 'WS\nHost: h', 'none', 'chosen'],
	['the form of httpYac', 'MQTT tcp://h\ntopic: a', 'own mqtt://h', 'url mqtt://h'],
	['an unknown verb', 'NOPE a', 'none', 'chosen'],
];
for (const [name, text, written, opened] of cases)
	test(`the connection of a request: ${name}`, () => {
		const file = parse(text);
		const section = file.sections.find(({ request }) => request) ?? assert.fail();
		const connection = connectionOf(file, section);
		const { kind, from: _, ...texts } = { from: undefined, ...connection };
		assert.equal([kind, ...Object.values(texts)].join(' '), written);
		const word = verbOf(section.request?.verb.text ?? '');
		if (!word) return;
		const scope = { file, environment: noEnvironment, around, result: () => undefined, hidden: new Set<string>() };
		const { profile, url, own } = specOf(replaceConnection(connection, word, scope), word);
		const named = profile === undefined ? (url === undefined ? 'chosen' : `url ${url}`) : `profile ${profile}`;
		assert.equal(named, opened);
		assert.equal(own, kind === 'own' || word.action === 'conversation');
	});
