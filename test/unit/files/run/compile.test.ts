import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test from 'node:test';
import { fail, toFailure } from '../../../../src/base/failure';
import { createScopes } from '../../../../src/files/rules/scope';
import type { Received } from '../../../../src/files/run/connection';
import { compileRequest } from '../../../../src/files/run/plan/compile';
import { planRequest } from '../../../../src/files/run/plan/plan';
import type { PlacedFailure } from '../../../../src/files/syntax/ast';
import { parse } from '../../../../src/files/syntax/parse';
import { readEnvironment } from '../../../../src/files/values/environments';
import { ruleSteps } from '../../../../src/files/values/steps';
import type { Draft } from '../../../../src/model/contracts/message';
import { toHex } from '../../../../src/model/contracts/payload';
import { describe } from '../../../../src/protocols/descriptions';
import type { Answer } from '../../../../src/protocols/message-files';

const bytes = (text: string) => new TextEncoder().encode(text);

/** Functions that return the same values again for each message that is made. */
function surroundings() {
	let next = 0;
	return {
		now: () => 1_700_000_000_000,
		random: (count: number) => Uint8Array.from({ length: count }, () => next++ & 255),
		env: (name: string) => (name === 'HOME_X' ? '/h' : undefined),
		dotenv: () => undefined,
		secret: (name: string) => (name === 'key' ? 'secret' : undefined),
		hmac: (algorithm: string, key: string, body: Uint8Array) => createHmac(algorithm, key).update(body).digest(),
	};
}

const { environment } = readEnvironment({ shared: '{"dev": {"site": "here", "message.header.site": "none"}}' }, 'dev');

const message = (body: string | Uint8Array, more: Partial<Received> = {}): Received => ({
	...{ target: 'in/7/soil', time: 1_700_000_000_000, headers: [] },
	payload: typeof body === 'string' ? bytes(body) : body,
	...more,
});

const messages: Received[] = [
	message('{"mode":"eco","n":1.50,"big":12345678901234567890,"qos":1,"list":[1,"a"],"q":"\\"x\\""}', {
		headers: [
			['QoS', '2'],
			['Content-Type', 'text/plain'],
			['note', '"quoted, text"'],
		],
	}),
	message(Uint8Array.from({ length: 256 }, (_, at) => at)),
	message(''),
	message('{"mode":"{{$guid}} ### \\n=== PUBLISH evil\\r\\n","n":"{{site}}","qos":"high","list":"#"}', {
		headers: [['note', '< ./secret.txt']],
	}),
	message('### \r\n=== PUBLISH evil\r\n\r\n{{$processEnv HOME_X}}\n'),
	message('{"mode":"\\ud800","n":"\\u0000","qos":0,"list":"a/+"}', { headers: [['note', '']] }),
	message('{"mode":"a/b","n":"< ./file","qos":1,"list":" x "}', { target: '', code: '2.05', headers: [['NOTE', 'ü']] }),
	message(`{"mode":"${'x'.repeat(70_000)}","n":1,"qos":1,"list":""}`),
	message('[1,{"mode":"eco"}]', { target: '/in//7/' }),
	message('de ad be ef'),
];

interface Case {
	/** The step of a rule, from its separator on. */
	step: string;
	/** Definitions and metadata above the rule. */
	head?: string;
	protocol?: string;
	/** It has to be planned for each message. */
	planned?: true;
}

const cases: Case[] = [
	{ step: 'PUBLISH out\n\n{{message.body}}' },
	{ step: 'PUBLISH out\n\n  {{ message.body }}  ' },
	{ step: 'PUBLISH out/{{message.level.1}}\nQoS: 1\n\n<{{message.body}}>' },
	{ step: 'PUBLISH {{message.target}}\nQoS: {{message.body.qos}}\nRetain: true\n\n{{message.body.mode}}' },
	{ step: 'PUBLISH out/{{message.body.mode}}/{{message.level.2}}\n\nx' },
	{ step: 'PUBLISH {{message.body.list}}\n\nx' },
	{ step: 'PUBLISH out\nnote: {{message.header.note}}\nother: "{{message.body}}"\n\n{{message.body.n}}' },
	{ step: 'PUBLISH out\nContent-Type: {{message.header.Content-Type}}\nnote: {{message.header.NOTE}}\n\nx' },
	{ step: 'PUBLISH out\nMessage-Expiry: {{message.body.n}}\n\nx' },
	{ step: 'PUBLISH out\n\nfirst {{message.time}}\nsecond {{message.body.n}} {{message.target}}\n\n{{message.body.q}}' },
	{
		step: 'PUBLISH {{to}}\n\n{{text}}',
		head: '@to = out/{{message.level.1}}\n@text = [{{message.body.mode}}|{{site}}]\n',
	},
	{ step: 'PUBLISH {{to}}\n\n{{a}}', head: '@to = out\n@a = {{b}}{{b}}\n@b = {{message.body.n}}\n@b = {{b}}-{{b}}\n' },
	// A variable and a value of the environment come before the message.
	{ step: 'PUBLISH out\n\n{{message.body}} {{message.body.n}}', head: '@message.body = mine\n' },
	{ step: 'PUBLISH out\n\n{{message.header.site}} {{site}} {{message.body.big}}' },
	{ step: 'PUBLISH out\n\n{{message.code}}' },
	{
		step: 'PUBLISH out\n\n{{$guid}} {{$randomInt 1 9}} {{$timestamp}} {{$processEnv HOME_X}} {{$secret key}} {{message.body.n}}',
	},
	{ step: 'PUBLISH out/{{$randomInt 1 9}}\nnote: {{$guid}}\n\n{{$guid}}' },
	{ step: 'PUBLISH out\nsignature: {{$hmac sha256 key}}\n\n{{message.body}}' },
	{ step: 'PUBLISH out\nsignature: {{$hmac sha256 key base64}}\n\n{{$guid}} {{message.body.n}}' },
	{ step: 'PUBLISH out\nsignature: {{$hmac sha256 key}}' },
	{ step: 'PUBLISH out' },
	{ step: 'PUBLISH out\nQoS: 2\n\nalways the same\n' },
	{ step: 'PUBLISH out\n\nde {{message.body}} ad', head: '# @body hex\n' },
	{ step: 'PUBLISH out\n\n{{message.body}}', head: '# @body hex\n' },
	{ step: 'PUBLISH out', head: '# @body base64\n' },
	{ step: 'PUBLISH "out/{{message.target}}"\n"note": "{{message.body}}"\n\nx' },
	{ step: 'PUBLISH out\nCorrelation-Data: {{message.body.n}}\nResponse-Topic: back/{{message.body.mode}}\n\nx' },
	{ step: 'REQUEST out\nConnection: other\n\n{{message.body}}' },
	{ step: 'PUBLISH out\r\n\r\n{{message.body.n}}\r\nx\r\n' },
	{ step: 'PUBLISH out\n\n< ./body.bin' },
	{ step: 'PUBLISH out\n\nx\n< ./body.bin\ny' },
	{ step: 'PUBLISH out\n\n{{message.body.n}}\n< ./body.bin', planned: true },
	{ step: 'PUBLISH out\n\n<@ ./body.txt', planned: true },
	{ step: 'PUBLISH out\n\n< ./body{{$randomInt 0 2}}.bin', planned: true },
	{ step: 'PUBLISH out\nConnection: {{$oneOf a b}}\n\nx', planned: true },
	{ step: 'PUBLISH topic\nKey: {{message.body.mode}}\n\n{{message.body}}', protocol: 'kafka' },
	{ step: 'PUBLISH topic\nKey: {{message.body}}\nKey-format: hex\n\nx', protocol: 'kafka' },
	{ step: 'PUBLISH topic\nKey: < ./key.bin\n\n{{message.body}}', protocol: 'kafka', planned: true },
	{
		step: 'PUBLISH queue/{{message.body.mode}}\nDelivery-Mode: 2\nx-note: {{message.body.n}}\n\n{{message.body}}',
		protocol: 'amqp',
	},
	{ step: 'PUBLISH {{message.body.list}}\n\n{{message.body}}', protocol: 'amqp' },
	{ step: 'PUBLISH room.{{message.level.1}}\n\n{{message.body}}', protocol: 'nats' },
	{ step: 'PUT /device/{{message.level.1}}\nContent-Format: text/plain\n\n{{message.body.mode}}', protocol: 'coap' },
	{ step: 'PUT coap://gateway/device/{{message.level.1}}\n\nx', protocol: 'coap', planned: true },
	{ step: 'SEND\n\n{{message.body}}', protocol: 'websocket' },
	{ step: 'reply\n\n{{message.body}}', protocol: 'mqtt' },
	{
		step: 'reply\nQoS: 1\nnote: {{message.header.note}}\n\n{ "id": "{{message.level.1}}", "value": {{$randomInt 1 9}} }',
	},
	{ step: 'reply\n\n{{message.body}}', protocol: 'amqp' },
];

for (const { step, head = '', protocol = 'mqtt', planned } of cases)
	test(`the compiled step makes what its plan does (${protocol}): ${JSON.stringify(head + step)}`, async () => {
		const file = parse(`${head}### rule\nON in/#\n=== ${step}`);
		const section = file.sections.find(({ request }) => request);
		const [one] = section ? ruleSteps(section) : [];
		assert.ok(one, 'the rule has a step');
		const description = describe(protocol);
		assert.ok(description);
		const scopeOf = (received: Received) =>
			createScopes({ file, environment, around: surroundings(), hidden: new Set() }, '/')(received);
		const answerTo = ({ target, payload }: Received): Answer | undefined => {
			const [verb] = description.verbs;
			assert.ok(verb);
			const values = { note: 'of the message', qos: target.length % 2 };
			return one.reply
				? { verb: verb.id, target: payload.length === 0 ? 'a/#' : `queue/${target.length}`, values }
				: undefined;
		};
		const plan = async (received: Received) => {
			const answer = answerTo(received);
			return planRequest(file, one.section, {
				scope: scopeOf(received),
				describe: () => description,
				async readFile(path) {
					if (/body\d?\.(bin|txt)|key\.bin/.test(path)) return bytes('{{message.body.n}}');
					throw fail('no-file', `There is no file "${path}".`);
				},
				...(answer && { answer: { ...answer, spec: { values: {}, secrets: {}, own: false } } }),
			});
		};
		let made: ReturnType<typeof compileRequest>;
		let compared = 0;
		for (const received of [...messages, ...messages.toReversed()]) {
			const expected = await outcome(async () => (await plan(received)).steps.flatMap(({ drafts }) => drafts));
			if (!made && 'drafts' in expected) {
				made = compileRequest(file, one.section, scopeOf(received), await plan(received), one.reply);
				assert.equal(made === undefined, planned === true);
				if (!made) return;
			}
			if (!made) continue;
			compared++;
			const make = made;
			assert.deepEqual(await outcome(async () => make(scopeOf(received), answerTo(received))), expected);
		}
		assert.ok(compared > messages.length);
	});

async function outcome(make: () => Promise<Draft[]>) {
	try {
		const drafts = await make();
		return { drafts: drafts.map(({ payload, ...draft }) => ({ ...draft, payload: toHex(payload) })) };
	} catch (error) {
		const { code, message: text, range }: PlacedFailure = toFailure(error);
		return { code, text, range };
	}
}
