import assert from 'node:assert/strict';
import test from 'node:test';
import { check } from '../../../src/files/check/check';
import { readCommand } from '../../../src/files/exchange/paste';
import { parse } from '../../../src/files/syntax/parse';
import { noEnvironment } from '../../../src/files/values/environments';
import { checkList } from '../../../src/model/profile/check';
import { shownUrl } from '../../../src/model/profile/shown-url';
import { parseUrl, withoutCredentials } from '../../../src/model/profile/url';
import { descriptions } from '../../../src/protocols/descriptions';
import { urlProblem } from '../../../webview/form/profile';

for (const [text, expected] of [
	['Plant 7 (old)', 'Plant 7 (old)'],
	['mqtt://localhost', 'mqtt://localhost'],
	['coaps://[fe80::1]:5684/a/b', 'coaps://[fe80::1]:5684/a/b'],
	['ws://host/x?token=PW#y', 'ws://host/x'],
	['mqtt//u:PW@x', 'mqtt//•••'],
	['mqtt://u:PW@x', 'mqtt://•••'],
	['u:PW@x:1883', '•••'],
	['PW@x', '•••'],
	['x'.repeat(200), `${'x'.repeat(100)}…`],
] as const)
	test(`shows ${text.slice(0, 40)} safely`, () => assert.equal(shownUrl(text), expected));

const around = { env: () => undefined, dotenv: () => undefined, secret: () => undefined };

/** Mistyped URLs of which nothing may be repeated that could be PW7. */
const mistyped = [
	'mqtt//u:PW7@x',
	'mqtt:/u:PW7@x',
	'mqtt:///u:PW7@x',
	'mqtt:u:PW7@x',
	'mqtt;//u:PW7@x',
	'mqt://u:PW7@x',
	'u:PW7@x:1883',
	'u:PW7@x',
	'PW7@x',
	'//u:PW7@x',
	'mqtt://u:PW7',
	'mqtt://u:a/PW7@x',
	'mqtt://u:a PW7@x',
	'mqtt://u:a@PW7@x:port',
	'mqtt://u:PW7@x:99999',
	'u%3APW7%40x',
	'mqtt\\\\u:PW7@x',
];
for (const text of mistyped)
	test(`repeats nothing of ${text}`, async () => {
		const sentences = [shownUrl(text)];
		try {
			parseUrl(
				text,
				descriptions.flatMap(({ schemes }) => schemes),
			);
		} catch (error) {
			sentences.push(String(error));
		}
		for (const description of descriptions) sentences.push(urlProblem(description, text) ?? '');
		const entries = [
			{ id: text, name: 'n', protocol: 'mqtt', url: text },
			{ id: text, name: 'n', protocol: text, url: text },
		];
		sentences.push(
			...checkList(entries, descriptions).flatMap(({ problems }) => problems.map(({ message }) => message)),
		);
		for (const place of [
			`# @connection ${text}\nPUBLISH a`,
			`PUBLISH a\nConnection: ${text}`,
			`PUBLISH a\nHost: ${text}`,
		]) {
			const found = check(parse(place), {
				...{ describe: () => undefined, connections: ['other'] },
				...{ environment: noEnvironment, around },
			});
			sentences.push(...found.map(({ message }) => message));
		}
		for (const command of [text, `nats ${text}`, `/bin/${text}`, `wscat -c ${text}`, `mosquitto_pub -L ${text}`]) {
			const read = await readCommand(command);
			if ('problem' in read) sentences.push(read.problem);
		}
		for (const sentence of sentences) assert.doesNotMatch(sentence, /PW7/);
	});

test('almost a URL leaves without user and password, too', () => {
	for (const [text, expected] of [
		['mqtt//u:p@x/a@b', 'mqtt//x/a@b'],
		['u:p@x:1883', 'x:1883'],
		['ws://u:p@x/a@b', 'ws://x/a@b'],
		['ws://x/a@b', 'ws://x/a@b'],
	] as const)
		assert.equal(withoutCredentials(text), expected);
});
