import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { FailureError } from '../../../../src/base/failure';
import { newFile } from '../../../../src/files/create/new-file';
import { assertSends } from '../../../../src/files/create/round-trip';
import { requestText } from '../../../../src/files/exchange/request-text';
import { sketchOf, sketchOfPlan } from '../../../../src/files/exchange/sketch';
import { type Plan, planRequest } from '../../../../src/files/run/plan/plan';
import { literalOf, mayBeOption } from '../../../../src/files/syntax/ast';
import { parse } from '../../../../src/files/syntax/parse';
import { printRequest } from '../../../../src/files/syntax/print';
import { isPlain, quote, quoteIfNeeded, readQuoted } from '../../../../src/files/syntax/quoted';
import { noEnvironment } from '../../../../src/files/values/environments';
import { loggedDraft } from '../../../../src/lines/draft';
import { flag } from '../../../../src/model/contracts/message';
import { exchangeTarget } from '../../../../src/protocols/amqp/describe/addresses';
import { amqpFlag } from '../../../../src/protocols/amqp/describe/flags';
import { storeMessage } from '../../../../src/protocols/amqp/describe/stored-message';
import { prepareDraft } from '../../../../src/protocols/amqp/messages/drafts';
import { type Basic, writeBasic } from '../../../../src/protocols/amqp/wire/basic';
import type { Table, TableValue } from '../../../../src/protocols/amqp/wire/table';
import { flagsOf } from '../../../../src/protocols/coap/describe/codes';
import { requestOf } from '../../../../src/protocols/coap/messages/draft';
import type { ProtocolDescription } from '../../../../src/protocols/description';
import { describe } from '../../../../src/protocols/descriptions';
import type { Logged } from '../../../../src/protocols/message-files';
import { mqttFlags } from '../../../../src/protocols/mqtt/describe/flags';
import { readMeta, writeMeta } from '../../../../src/protocols/mqtt/describe/publish-properties';
import { checkDraft } from '../../../../src/protocols/mqtt/messages/draft';

/** Texts that mean something in a message file. */
const hostile = [
	'{{$processEnv HOME}}',
	'{{x}}',
	'{{{x}}}',
	'k\n\n< ./private.env\n\n###\nPUBLISH x',
	'a\r\nHost: mqtt://evil',
	'# n',
	'// n',
	'k: c',
	' a ',
	'\ta',
	'a ',
	'"a"',
	'"',
	'\\',
	'"type": x',
	'###',
	'=== wait 5s',
	'?? body == 1',
	'< ./private.env',
	'<@ ./private.env',
	'@x = 1',
	'# @connection evil',
	'\u2028###\u2028',
	'\u202eevil',
	'\ufeff',
	'\u2003',
	'\u00a0a\u3000',
	'__proto__',
	'a, b',
	'',
	'(int) 5',
	'0x41',
	'$share/g/t',
];
const reservedNames = [
	'QoS',
	'Connection',
	'Host',
	'type',
	'priority',
	'Verb',
	'content_type',
	'Retain',
	'Mode',
	'amqp_queue',
];
const piece = fc.oneof(
	fc.constantFrom(...hostile),
	fc.string({ unit: 'binary', maxLength: 20 }),
	fc.string({ maxLength: 8 }),
);
/** No protocol can deliver half a character. */
const wellFormed = (one: string) => one.replace(/\p{Surrogate}/gu, '');
const text = fc.array(piece, { maxLength: 3 }).map((parts) => wellFormed(parts.join('').slice(0, 60)));
const name = fc.oneof(text, fc.constantFrom(...reservedNames, ...reservedNames.map((one) => one.toLowerCase())));
const bytes = fc.oneof(
	text.map((one) => new TextEncoder().encode(one)),
	fc.uint8Array({ maxLength: 40 }),
);
const withoutNul = (one: string) => one.replaceAll('\0', '');
const runs = 300;

const scopeOf = (source: string) => ({
	file: parse(source),
	environment: noEnvironment,
	around: {
		now: () => assert.fail('time'),
		random: () => assert.fail('random'),
		env: () => assert.fail('an environment variable was read'),
		dotenv: () => assert.fail('.env was read'),
		secret: () => assert.fail('a secret was used'),
	},
	result: () => assert.fail('a result was used'),
	hidden: new Set<string>(),
});

async function plans(source: string, description: ProtocolDescription): Promise<Plan[]> {
	const scope = scopeOf(source);
	assert.deepEqual(
		scope.file.diagnostics.filter(({ severity }) => severity === 'error'),
		[],
		source,
	);
	const made: Plan[] = [];
	for (const section of scope.file.sections)
		if (section.request)
			made.push(
				await planRequest(scope.file, section, {
					scope,
					describe: () => description,
					readFile: () => assert.fail('a file was read'),
				}),
			);
	return made;
}

/** The one message that the file made of a logged one sends. */
async function sentAgain(description: ProtocolDescription, logged: Logged) {
	const draft = loggedDraft(description, logged);
	const source = await newFile({ connection: 'c', description, messages: [{ draft, time: 0 }] });
	const url = `${description.schemes[0]?.scheme}://h`;
	await assertSends(requestText(sketchOf(draft, description, url)), [draft], description, { url });
	const made = await plans(source, description);
	assert.equal(made.length, 1, source);
	assert.deepEqual(made[0]?.connection.profile, 'c', source);
	const [sent, ...more] = made.flatMap(({ steps }) => steps.flatMap(({ drafts }) => drafts));
	assert.ok(sent && more.length === 0, source);
	return { sent, source };
}

const need = (id: string) => describe(id) ?? assert.fail(id);

test('quoted texts are read as exactly themselves', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (one) => {
			const written = quote(one);
			assert.match(written, /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u);
			assert.deepEqual(readQuoted(`x${written}y`, 1, written.length + 2), { literal: one, end: written.length + 1 });
		}),
		{ numRuns: 2000 },
	);
	for (const [source, why] of [
		['"a', 'no end'],
		['"\\q"', 'an escape that JSON does not have'],
		['"\t"', 'a raw control character'],
		['"\\u12"', 'half an escape'],
	] as const)
		assert.equal(readQuoted(source, 0, source.length), undefined, why);
	assert.deepEqual(['a b', '/$SYS/#', 'a: b', '{x}', 'é'].map(quoteIfNeeded), ['a b', '/$SYS/#', 'a: b', '{x}', 'é']);
	for (const one of [' a', 'a ', '"a', '{{a', 'a\n', 'a\u2028', 'a\u202e', 'a\ud800']) assert.ok(!isPlain(one), one);
});

test('a printed request has exactly its texts when it is read', () => {
	const header = fc.record({ name, value: text, item: fc.boolean() });
	fc.assert(
		fc.property(
			text,
			text,
			fc.array(header, { maxLength: 5 }),
			fc.array(text, { maxLength: 2 }),
			(title, target, headers, remarks) => {
				const source = printRequest(
					{
						title,
						remarks: remarks.map((one) => `Left out: ${one}`),
						verb: 'PUBLISH',
						target,
						headers: [
							{ kind: 'option', name: 'Host', value: target },
							...headers.map((one) => ({ ...one, kind: 'message' as const })),
						],
					},
					(one) => reservedNames.includes(one),
				);
				const file = parse(source);
				const requests = file.sections.flatMap(({ request }) => request ?? []);
				assert.equal(requests.length, 1, source);
				const [request] = requests;
				assert.ok(request);
				assert.equal(literalOf(request.target), target, source);
				assert.deepEqual(
					request.headers.map((one) => [literalOf(one.name), literalOf(one.value)]),
					[['Host', target], ...headers.map((one) => [one.name, one.value])],
					source,
				);
				for (const one of request.headers.slice(1))
					assert.ok(!mayBeOption(one) || !reservedNames.includes(one.name.text), source);
				assert.deepEqual(file.placeholders, [], source);
				assert.deepEqual(
					file.sections.flatMap(({ metadata, variables }) => [...metadata, ...variables]),
					[],
					source,
				);
			},
		),
		{ numRuns: 2000 },
	);
});

test('any MQTT message is published again exactly', async () => {
	const topic = text.map((one) => withoutNul(one).replace(/[+#]/g, '')).filter((one) => one !== '');
	const noNul = text.map(withoutNul);
	const meta = fc.record(
		{
			utf8: fc.constant(true),
			expiry: fc.nat(4_294_967_295),
			contentType: noNul.filter((one) => one !== ''),
			responseTopic: topic,
			correlation: fc.uint8Array({ minLength: 1, maxLength: 20 }).map((one) => Buffer.from(one).toString('hex')),
			userProperties: fc.array(fc.tuple(name.map(withoutNul), noNul), { minLength: 1, maxLength: 4 }),
		},
		{ requiredKeys: [] },
	);
	const broker = {
		version: 5 as const,
		maximumQos: 2 as const,
		retain: true,
		aliasMaximum: 0,
		maximumPacketSize: 268_435_455,
	} as unknown as Parameters<typeof checkDraft>[1];
	await fc.assert(
		fc.asyncProperty(
			topic,
			bytes,
			fc.constantFrom(0, 1, 2),
			fc.boolean(),
			meta,
			async (target, payload, qos, retain, given) => {
				const known = { ...given };
				// The adapter refuses text that is none, which a broker must not deliver either.
				if (known.utf8 && !Buffer.from(payload).equals(Buffer.from(new TextDecoder().decode(payload))))
					delete known.utf8;
				const logged = { target, payload, flags: mqttFlags(qos, retain), meta: writeMeta(known) };
				const { sent, source } = await sentAgain(need('mqtt'), logged);
				const packet = checkDraft(sent, broker);
				assert.equal(packet.topic, target, source);
				assert.deepEqual(Buffer.from(packet.payload), Buffer.from(payload), source);
				assert.deepEqual([packet.qos, packet.retain], [qos, retain], source);
				assert.deepEqual(readMeta(packet.meta), known, source);
			},
		),
		{ numRuns: runs },
	);
});

const leaf: fc.Arbitrary<TableValue> = fc.oneof(
	text.map((one): TableValue => ({ type: 'S', value: new TextEncoder().encode(one) })),
	fc.uint8Array({ maxLength: 12 }).map((value): TableValue => ({ type: 'S', value })),
	fc.uint8Array({ maxLength: 12 }).map((value): TableValue => ({ type: 'x', value })),
	fc.boolean().map((value): TableValue => ({ type: 't', value })),
	fc.integer({ min: -128, max: 127 }).map((value): TableValue => ({ type: 'b', value })),
	fc.nat(255).map((value): TableValue => ({ type: 'B', value })),
	fc.integer({ min: -32_768, max: 32_767 }).map((value): TableValue => ({ type: 's', value })),
	fc.nat(65_535).map((value): TableValue => ({ type: 'u', value })),
	fc.integer().map((value): TableValue => ({ type: 'I', value })),
	fc.nat(4_294_967_295).map((value): TableValue => ({ type: 'i', value })),
	fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): TableValue => ({ type: 'l', value })),
	fc.float().map((value): TableValue => ({ type: 'f', value })),
	fc.double().map((value): TableValue => ({ type: 'd', value })),
	fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value): TableValue => ({ type: 'T', value })),
	fc.record({ places: fc.nat(255), digits: fc.nat(4_294_967_295) }).map((value): TableValue => ({ type: 'D', value })),
	fc.constant<TableValue>({ type: 'V', value: null }),
);
const shortName = name.map((one) => wellFormed(one.slice(0, 40)));
const { value } = fc.letrec<{ value: TableValue }>((tie) => ({
	value: fc.oneof(
		{ depthSize: 'small' },
		leaf,
		fc.array(tie('value'), { maxLength: 3 }).map((list): TableValue => ({ type: 'A', value: list })),
		fc
			.array(fc.tuple(shortName, tie('value')), { maxLength: 3 })
			.map((table): TableValue => ({ type: 'F', value: table as Table })),
	),
}));

test('any AMQP message is published again with the same properties, byte for byte', async () => {
	const short = text.filter((one) => one !== '');
	const clean = text.map((one) => one.replaceAll('\ufffd', ''));
	const basic = fc.record<Basic>(
		{
			contentType: short,
			contentEncoding: short,
			headers: fc.array(fc.tuple(shortName, value), { minLength: 1, maxLength: 4 }) as fc.Arbitrary<Table>,
			priority: fc.nat(255),
			correlationId: short,
			replyTo: short,
			expiration: fc.nat(1_000_000).map(String),
			messageId: short,
			timestamp: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
			type: short,
			userId: short,
			appId: short,
		},
		{ requiredKeys: [] },
	);
	await fc.assert(
		fc.asyncProperty(clean, clean, basic, fc.boolean(), bytes, async (exchange, key, given, persistent, payload) => {
			const head = writeBasic({ ...given, deliveryMode: persistent ? 2 : 1 });
			const logged = {
				target: exchangeTarget(exchange, key),
				payload,
				flags: persistent ? amqpFlag.persistent : 0,
				meta: storeMessage({ exchange, key, head }),
			};
			const { sent, source } = await sentAgain(need('amqp'), logged);
			const parcel = prepareDraft(sent, 131_072, () => assert.fail('no request'));
			assert.deepEqual([parcel.exchange, parcel.key], [exchange, key], source);
			assert.deepEqual(Buffer.from(parcel.head), Buffer.from(head), source);
			assert.deepEqual(Buffer.from(parcel.body), Buffer.from(payload), source);
		}),
		{ numRuns: runs },
	);
});

test('any CoAP request is sent again with the same options, and what was received is asked for', async () => {
	const segment = fc
		.string({ minLength: 1, maxLength: 8 })
		.map((one) => encodeURIComponent(one))
		.filter((one) => one !== '.' && one !== '..');
	const hex = (minLength: number) =>
		fc.uint8Array({ minLength, maxLength: 8 }).map((one) => Buffer.from(one).toString('hex'));
	const values = fc.record(
		{
			type: fc.constantFrom('con', 'non'),
			contentFormat: fc.nat(65_535).map(String),
			accept: fc.nat(65_535).map(String),
			query: fc.array(
				text.map((one) => wellFormed(one.slice(0, 40))),
				{ minLength: 1, maxLength: 3 },
			),
			ifMatch: fc.array(hex(0), { minLength: 1, maxLength: 3 }),
			etag: fc.array(hex(1), { minLength: 1, maxLength: 3 }),
			ifNoneMatch: fc.constant(true),
			uriHost: text.filter((one) => one !== ''),
			options: fc.array(fc.tuple(fc.integer({ min: 2048, max: 65_535 }).map(String), hex(0)), {
				minLength: 1,
				maxLength: 3,
			}),
		},
		{ requiredKeys: [] },
	);
	await fc.assert(
		fc.asyncProperty(fc.array(segment, { minLength: 1, maxLength: 3 }), values, bytes, async (path, given, payload) => {
			const request = requestOf({ verb: 'put', target: path.join('/'), values: given, payload }, {});
			const logged = {
				target: request.target,
				payload,
				flags: flag.out | flagsOf(request.code, request.confirmable ? 0 : 1, true),
				meta: { options: request.options },
			};
			const { sent, source } = await sentAgain(need('coap'), logged);
			assert.deepEqual(requestOf(sent, {}), request, source);
		}),
		{ numRuns: runs },
	);
	const { sent } = await sentAgain(need('coap'), {
		target: 'a/b',
		payload: new Uint8Array(3),
		flags: flagsOf(69, 2, false),
	});
	assert.deepEqual([sent.verb, sent.target, sent.payload.length], ['get', 'a/b', 0]);
});

test('a WebSocket conversation and any XMPP stanza are sent again byte for byte', async () => {
	const websocket = need('websocket');
	await fc.assert(
		fc.asyncProperty(
			fc.array(
				bytes.filter((one) => one.length > 0),
				{ minLength: 1, maxLength: 4 },
			),
			fc.boolean(),
			async (payloads, binary) => {
				const sendable = binary
					? payloads
					: payloads.map((one) => new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(one)));
				const messages = sendable.map((payload, at) => ({
					draft: loggedDraft(websocket, { target: 'messages', payload, flags: binary ? 256 : 0 }),
					time: 1000 + at * 15,
				}));
				const source = await newFile({ connection: 'c', description: websocket, messages });
				const [plan] = await plans(source, websocket);
				const drafts = plan?.steps.flatMap((step) => step.drafts) ?? [];
				assert.deepEqual(
					drafts.map(({ payload, values }) => [Buffer.from(payload).toString('hex'), values.type ?? 'text']),
					sendable.map((one) => [Buffer.from(one).toString('hex'), binary ? 'binary' : 'text']),
					source,
				);
			},
		),
		{ numRuns: runs },
	);
	await fc.assert(
		fc.asyncProperty(text, async (body) => {
			const payload = new TextEncoder().encode(`<message><body>${body}</body></message>`);
			const { sent } = await sentAgain(need('xmpp'), { target: 'a@b', payload, flags: 0, meta: {} });
			assert.deepEqual([sent.verb, Buffer.from(sent.payload).toString()], ['stanza', Buffer.from(payload).toString()]);
		}),
		{ numRuns: 100 },
	);
});

const refused: [string, string, Logged[], RegExp][] = [
	[
		'an AMQP routing key of bytes that are not text',
		'amqp',
		[
			{
				target: 'exchange/x/\ufffd',
				payload: new Uint8Array(),
				flags: 0,
				meta: storeMessage({ exchange: 'x', key: Uint8Array.of(0xff), head: Uint8Array.of(0, 0) }),
			},
		],
		/routing key, which is not valid text/,
	],
	[
		'an AMQP property that is set to nothing',
		'amqp',
		[
			{
				target: 'queue/q',
				payload: new Uint8Array(),
				flags: 0,
				meta: storeMessage({ exchange: '', key: 'q', head: writeBasic({ type: '' }) }),
			},
		],
		/"type", which is set to an empty text/,
	],
	[
		'an MQTT topic that cannot be published to',
		'mqtt',
		[{ target: 'a/#', payload: new Uint8Array(), flags: 0 }],
		/wildcard/,
	],
	['a WebSocket ping', 'websocket', [{ target: 'messages', payload: new Uint8Array(), flags: 512 }], /control frame/],
	[
		'text and binary in one conversation',
		'websocket',
		[
			{ target: 'messages', payload: Uint8Array.of(65), flags: 0 },
			{ target: 'messages', payload: Uint8Array.of(66), flags: 256 },
		],
		/same type/,
	],
	[
		'an empty message in a conversation',
		'websocket',
		[
			{ target: 'messages', payload: Uint8Array.of(65), flags: 0 },
			{ target: 'messages', payload: new Uint8Array(), flags: 0 },
		],
		/empty message/,
	],
];
for (const [what, id, lines, reason] of refused)
	test(`a file is refused rather than wrong: ${what}`, async () => {
		const description = need(id);
		await assert.rejects(
			async () =>
				newFile({
					connection: 'c',
					description,
					messages: lines.map((one) => ({ draft: loggedDraft(description, one), time: 0 })),
				}),
			(error) =>
				error instanceof FailureError && error.failure.code === 'cannot-write' && reason.test(error.failure.message),
		);
	});

test('what connects elsewhere than it should is refused', async () => {
	const description = need('mqtt');
	const draft = { verb: 'publish', target: 'a', values: {}, payload: new TextEncoder().encode('x') };
	const mine = '# @connection Mine\n\n### a\nPUBLISH a\n\nx\n';
	await assertSends(mine, [draft], description, { profile: 'Mine' });
	for (const text of [mine.replace('Mine', 'Evil'), mine.replace('PUBLISH a', 'PUBLISH a\nHost: mqtt://evil')])
		await assert.rejects(assertSends(text, [draft], description, { profile: 'Mine' }), /connect/);
	const websocket = need('websocket');
	const sent = { ...draft, verb: 'send', target: '' };
	await assert.rejects(
		assertSends('WEBSOCKET\nConnection: Mine\nX-Key: 1\n\nx\n', [sent], websocket, { profile: 'Mine' }),
		/connect/,
	);
});

test('a WebSocket ping of a draft is a ping in the file, and no header of the handshake', async () => {
	const websocket = need('websocket');
	const draft = { verb: 'ping', target: '', values: {}, payload: new TextEncoder().encode('x') };
	const [plan] = await plans(
		await newFile({ connection: 'c', description: websocket, messages: [{ draft, time: 0 }] }),
		websocket,
	);
	assert.deepEqual([plan?.steps[0]?.drafts[0]?.verb, plan?.connection.values], ['ping', {}]);
});

test('a request that was read and printed is the same when it is read again', async () => {
	const description = need('mqtt');
	const line = fc.oneof(
		text.map((one) => `X-${one.length}: ${one}`.replace(/[\r\n]/g, ' ')),
		fc.constantFrom(
			'QoS: 1',
			'Retain: true',
			'"QoS": 2',
			'"a: b": "c\\nd"',
			'Content-Type: text/plain',
			'k: "v"',
			'# note',
		),
	);
	const body = fc.array(fc.oneof(text, fc.constantFrom('===', '=== // remark', 'x')), { maxLength: 4 });
	let compared = 0;
	await fc.assert(
		fc.asyncProperty(text, fc.array(line, { maxLength: 4 }), body, async (target, lines, bodies) => {
			const source = `### t\nPUBLISH ${quote(`t${target}`)}\n${lines.join('\n')}\n\n${bodies.join('\n')}\n`;
			const scope = scopeOf(source);
			const described = { describe: () => description, readFile: async () => assert.fail('a file was read') };
			for (const section of scope.file.sections) {
				if (!section.request) continue;
				const plan = await planRequest(scope.file, section, { scope, ...described }).catch(() => undefined);
				if (!plan || scope.file.diagnostics.some(({ severity }) => severity === 'error')) continue;
				const drafts = plan.steps.flatMap((step) => step.drafts);
				if (drafts.length === 0) continue;
				compared++;
				const again = await plans(requestText(sketchOfPlan(plan, '')), description);
				assert.deepEqual(
					again
						.flatMap(({ steps }) => steps.flatMap((step) => step.drafts))
						.map(({ values, ...draft }) => ({
							...draft,
							payload: Buffer.from(draft.payload).toString('hex'),
							values: { ...values },
						})),
					drafts.map(({ values, ...draft }) => ({
						...draft,
						payload: Buffer.from(draft.payload).toString('hex'),
						values: { ...values },
					})),
					source,
				);
			}
		}),
		{ numRuns: 500 },
	);
	assert.ok(compared > 50, `${compared} were compared`);
});

test('the pairs of each further field are headers that name the field', async () => {
	const description = describe('amqp1') as ProtocolDescription;
	const values = {
		properties: [['Footer', 'a property']] as [string, string][],
		annotations: [
			['x-opt-a', '(int) 5'],
			['(ulong) 7', ' a = b, "c" {{x}} '],
			['x-opt-empty', ''],
		] as [string, string][],
		footer: [['sum', '(ulong) 18446744073709551615']] as [string, string][],
	};
	const draft = { verb: 'send', target: 'orders', payload: Buffer.from('x'), values };
	const written = await newFile({ connection: 'A', description, messages: [{ draft, time: 0 }] });
	assert.match(written, /^Annotations: x-opt-a = \(int\) 5$/m);
	assert.match(written, /^Footer: sum = \(ulong\) 18446744073709551615$/m);
	assert.match(written, /^"Footer": a property$/m);
	// A name that would end elsewhere is refused, not changed.
	const other = { ...draft, values: { footer: [['a=b', 'c']] as [string, string][] } };
	await assert.rejects(newFile({ connection: 'A', description, messages: [{ draft: other, time: 0 }] }), /footer/);
});
