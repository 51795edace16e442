import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { UsageError } from '../../../../src/cli/commands/usage';
import { headerValues } from '../../../../src/cli/headers';
import { check } from '../../../../src/files/check/check';
import { newFile } from '../../../../src/files/create/new-file';
import { completions } from '../../../../src/files/language/completions';
import { hover } from '../../../../src/files/language/hover';
import { planRequest } from '../../../../src/files/run/plan/plan';
import { toReceived } from '../../../../src/files/run/received';
import { parse } from '../../../../src/files/syntax/parse';
import { noEnvironment } from '../../../../src/files/values/environments';
import { loggedDraft } from '../../../../src/lines/draft';
import { createLineReader } from '../../../../src/lines/read';
import { toLine } from '../../../../src/lines/write';
import { toHex } from '../../../../src/model/contracts/payload';
import { bytesListOf, bytesOf, bytesValue } from '../../../../src/model/profile/bytes-value';
import type { FieldValue, Values } from '../../../../src/model/profile/field';
import { wrongValue } from '../../../../src/model/profile/fields';
import type { ProtocolDescription, Verb } from '../../../../src/protocols/description';
import { type RecordMeta, records } from '../../../support/records';

const description = records as ProtocolDescription;
const [verb] = records.verbs as [Verb];
const surroundings = { env: () => undefined, dotenv: () => undefined, secret: () => undefined };
const hexOf = (value: FieldValue | undefined) => bytesListOf(value).map(toHex).join(', ');

async function planned(text: string, read: string[] = []): Promise<Values> {
	const file = parse(text);
	const section = file.sections.find(({ request }) => request);
	assert.ok(section);
	const { steps } = await planRequest(file, section, {
		scope: {
			...{ file, environment: noEnvironment, hidden: new Set<string>(), result: () => undefined },
			around: { ...surroundings, now: () => 0, random: (count) => new Uint8Array(count) },
		},
		describe: () => description,
		async readFile(path) {
			read.push(path);
			return Uint8Array.of(0xff, 0);
		},
	});
	const [draft] = steps[0]?.drafts ?? [];
	assert.ok(draft);
	return draft.values;
}

const written: [headers: string, key: string, attached?: string][] = [
	['Key: ab', '61 62'],
	['Key: {"a": 1}\nkey_format: JSON', '7b 22 61 22 3a 20 31 7d'],
	['Key: "a\\nb"', '61 0a 62'],
	['Key: de ad\nKey-format: hex', 'de ad'],
	['Key-format: base64\nKey: 3q0=', 'de ad'],
	['Key: < ./k.bin', 'ff 00'],
	['Key: "< ./k.bin"', '3c 20 2e 2f 6b 2e 62 69 6e'],
	['Key: <b>', '3c 62 3e'],
	['Key:', ''],
	['Key: a\nKey: b', '62'],
	['"Key": a', ''],
	['Attached: 01\nAttached-format: hex\nAttached: a, b\nAttached: < ./{{name}}', '', '01, 61 2c 20 62, ff 00'],
];
for (const [headers, key, attached] of written)
	test(`headers for bytes: ${JSON.stringify(headers)}`, async () => {
		const values = await planned(`@name = x\nPUBLISH t\n${headers}\n\nx`);
		assert.deepEqual([hexOf(values.key), hexOf(values.attached)], [key, attached ?? '']);
		assert.equal(values.key !== undefined, /^key/im.test(headers), 'an empty key is not the same as none');
	});

test('a variable never names a file, and a path may contain one', async () => {
	const read: string[] = [];
	const values = await planned(
		'@secret = < /etc/passwd\n@dir = ./k\nPUBLISH t\nKey: {{secret}}\nAttached: < {{dir}}/a',
		read,
	);
	assert.deepEqual(read, ['./k/a']);
	assert.equal(Buffer.from(bytesOf(values.key) ?? []).toString(), '< /etc/passwd');
});

test('a text that is not of its notation is refused at its place, in a check and before sending', async () => {
	const found = (text: string) =>
		check(parse(text), { describe: () => description, around: surroundings }).map(
			({ code, start, end, message }) => [code, text.slice(start, end), message] as const,
		);
	const odd = 'PUBLISH t\nKey: de a\nKey-format: hex';
	assert.deepEqual(found(odd), [['bad-value', 'a', 'The number of hexadecimal digits is odd.']]);
	await assert.rejects(planned(odd), { message: 'Key: The number of hexadecimal digits is odd.' });
	const cases: [string, string[]][] = [
		['Key: a\nKey-format: utf8', ['bad-value utf8']],
		['Key: {"a"\nKey-format: json', ['bad-value "']],
		['Key: "xy"\nKey-format: hex', ['bad-value "xy"']],
		['Key: {{x}}\nKey-format: hex', []],
		['Key-format: hex', ['useless-notation Key-format']],
		['Key: < ./a\nKey-format: hex', ['useless-notation Key-format: hex']],
		['Key: a\nKey: b', ['duplicate-header Key']],
		['Attached: a\nAttached: b\nAttached-format: hex', ['bad-value b']],
	];
	for (const [headers, codes] of cases)
		assert.deepEqual(
			found(`PUBLISH t\n${headers}\n\nx`).map(([code, place]) => `${code} ${place}`),
			codes,
			headers,
		);
});

test('names, notations and files are completed, and the hover says how bytes are written', () => {
	const context = {
		describe: () => description,
		...{ environment: noEnvironment, connections: [], targets: () => [], files: () => ['./k.bin'] },
	};
	const complete = (text: string) => completions(parse(text), text.length, context).map((one) => one.text);
	assert.ok(complete('PUBLISH t\nK').includes('Key-format: '));
	assert.deepEqual(complete('PUBLISH t\nKey: a\nKey-format: '), ['json', 'text', 'hex', 'base64']);
	assert.deepEqual(complete('PUBLISH t\nKey: < ./'), ['./k.bin']);
	const file = parse('PUBLISH t\nKey: a');
	const scope = { file, environment: noEnvironment, hidden: new Set<string>(), result: () => undefined };
	const around = { ...surroundings, now: () => 0, random: (count: number) => new Uint8Array(count) };
	assert.equal(
		hover(file, 11, { ...scope, around }, context.describe)?.text,
		'Key: Selects the partition.\nText, or "< path" for the bytes of a file. "Key-format: hex" below it selects another notation.',
	);
});

const bytes = fc.oneof(
	fc.uint8Array({ maxLength: 20 }),
	fc.string({ unit: 'binary', maxLength: 10 }).map((text) => new TextEncoder().encode(text)),
	fc
		.constantFrom('', '< ./a', '"', '{{x}}', 'a\r\nb', ' a ', '[1]', 'a, b')
		.map((text) => new TextEncoder().encode(text)),
);
const metas = fc.record(
	{ key: bytes, attached: fc.array(bytes, { minLength: 1, maxLength: 3 }) },
	{ requiredKeys: [] },
);

test('a logged message is written into a message file and into a line, and both send it again exactly', async () => {
	const read = createLineReader(verb);
	await fc.assert(
		fc.asyncProperty(metas, async (meta: RecordMeta) => {
			const logged = { target: 't', payload: Buffer.from('x'), flags: 0, meta };
			const draft = loggedDraft(description, logged);
			const text = await newFile({ connection: 'c', description, messages: [{ draft, time: 0 }] });
			const values = await planned(text);
			const again = read(Buffer.from(toLine(description, logged, 0)))?.values ?? {};
			for (const one of [values, again]) {
				assert.equal(one.key === undefined, meta.key === undefined);
				assert.deepEqual(bytesListOf(one.key).map(toHex), meta.key ? [toHex(meta.key)] : []);
				assert.deepEqual(bytesListOf(one.attached).map(toHex), (meta.attached ?? []).map(toHex));
			}
		}),
		{ numRuns: 200, includeErrorInReport: true },
	);
});

test('a line has bytes as text, or as Base64 where they are not UTF-8', () => {
	const meta = { key: Uint8Array.of(0xff), attached: [Buffer.from('a'), Uint8Array.of(0xfe)] };
	const line = JSON.parse(toLine(description, { target: 't', payload: Buffer.from('x'), flags: 0, meta }, 0));
	assert.deepEqual([line.key, line.attached], [{ base64: '/w==' }, ['a', { base64: '/g==' }]]);
	const read = (text: string) => createLineReader(verb)(Buffer.from(text))?.values.key;
	assert.equal(hexOf(read('{"payload":"x","key":{"format":"hex","text":"0a"}}')), '0a');
	assert.throws(() => read('{"payload":"x","key":5}'), /"key": a text, or an object/);
	assert.throws(() => read('{"payload":"x","key":{"base64":"*"}}'), /"key": "\*" is not a Base64 character/);
});

test('an expectation sees bytes as text or as hexadecimal digits', () => {
	const meta = { key: Buffer.from('k'), attached: [Uint8Array.of(0xff, 1), Buffer.from('a')] };
	const { headers } = toReceived(description, { target: 't', payload: Buffer.from('x'), flags: 0, meta, time: 0 });
	assert.deepEqual(headers, [
		['Key', 'k'],
		['Attached', 'ff 01'],
		['Attached', 'a'],
	]);
});

test('the command line takes bytes as headers', () => {
	const file = join(mkdtempSync(join(tmpdir(), 'mw-')), 'k.bin');
	writeFileSync(file, Uint8Array.of(1, 2));
	const values = (...headers: string[]) => headerValues(headers, 'PUBLISH', description);
	assert.equal(hexOf(values('Key: de ad', 'Key-format: hex').key), 'de ad');
	assert.equal(hexOf(values(`Key: < ${file}`).key), '01 02');
	assert.deepEqual(values('Key:').key, { format: 'text', text: '' });
	assert.equal(hexOf(values('Attached: a', 'Attached: 01', 'Attached-format: hex').attached), '61, 01');
	for (const [headers, message] of [
		[['Key: x', 'Key-format: hex'], /"Key: x": "x" is not a hexadecimal digit/],
		[['Key-format: hex'], /"Key-format: hex" states the notation/],
		[['Key: < /nowhere/x'], /The file "\/nowhere\/x" cannot be read/],
	] as const)
		assert.throws(
			() => values(...headers),
			(error) => error instanceof UsageError && message.test(error.message),
		);
});

test('values of a field for bytes are checked', () => {
	const [key, attached] = verb.fields as [(typeof verb.fields)[0], (typeof verb.fields)[0]];
	assert.equal(wrongValue(key, 'a'), undefined);
	assert.equal(wrongValue(key, { format: 'hex', text: '0' }), 'the number of hexadecimal digits is odd');
	assert.match(wrongValue(key, { format: 'hx', text: '0' }) ?? '', /an object with the members/);
	assert.match(wrongValue(key, ['a']) ?? '', /an object/);
	assert.equal(wrongValue(attached, ['a', bytesValue(Uint8Array.of(0xff))]), undefined);
	assert.equal(wrongValue(attached, 'a'), 'a list is expected');
});
