import assert from 'node:assert/strict';
import test from 'node:test';
import type { askFields } from '../../../../src/host/actions/ask-fields';
import type { Field } from '../../../../src/model/profile/field';
import { loadHost } from '../../../support/host/load-host';

/** Answers of the user, one for each question. Undefined cancels. */
let answers: (string | undefined)[] = [];
const asked: string[] = [];
let refused: string | undefined;
const vscode = {
	window: {
		async showInputBox({
			title,
			value,
			validateInput,
		}: {
			title: string;
			value?: string;
			validateInput(text: string): string;
		}) {
			asked.push(title);
			const answer = answers.shift();
			const text = answer === 'DEFAULT' ? (value ?? '') : answer;
			refused = text === undefined ? undefined : validateInput(text);
			return text;
		},
		async showQuickPick(items: { label: string }[], { title }: { title: string }) {
			asked.push(title);
			const answer = answers.shift();
			return answer === 'DEFAULT' ? items[0] : items.find(({ label }) => label === answer);
		},
	},
};
const host = await loadHost<{ askFields: typeof askFields }>('src/host/actions/ask-fields.ts', vscode);

const most: Field = { key: 'most', label: 'At most', type: 'number', min: 1, max: 10, integer: true, default: 5 };
const force: Field = { key: 'force', label: 'Force', type: 'boolean', default: false };
const why: Field = { key: 'why', label: 'Why', type: 'text', required: true, when: { key: 'force', is: [true] } };
const where: Field = {
	...{ key: 'where', label: 'Where', type: 'choice', default: 'b' },
	choices: [
		{ value: 'a', label: 'There' },
		{ value: 'b', label: 'Here' },
	],
};
const headers: Field = { key: 'headers', label: 'Headers', type: 'pairs' };
const secret: Field = { key: 'deep', label: 'Deep', type: 'number', min: 0, max: 1, default: 1, advanced: true };

const cases: [string, Field[], (string | undefined)[], object | undefined][] = [
	['nothing to ask', [], [], {}],
	['as by default', [most, force, where], ['DEFAULT', 'DEFAULT', 'DEFAULT'], { most: 5, force: false, where: 'b' }],
	['chosen and typed', [most, where], ['7', 'There'], { most: 7, where: 'a' }],
	['a field that depends on another is asked', [force, why], ['Yes', 'moved'], { force: true, why: 'moved' }],
	['…or is left out', [force, why], ['No'], { force: false }],
	[
		'pairs, the value with an equals sign',
		[headers],
		['a=1, b=x=y'],
		{
			headers: [
				['a', '1'],
				['b', 'x=y'],
			],
		},
	],
	['left empty', [headers], [''], {}],
	['the advanced ones keep their defaults', [secret], [], { deep: 1 }],
	['given up', [most, force], ['3', undefined], undefined],
];
for (const [name, fields, given, values] of cases)
	test(`fields asked one by one: ${name}`, async () => {
		answers = [...given];
		assert.deepEqual(await host.askFields(fields, 'Do', undefined), values);
		assert.deepEqual(answers, []);
	});

const wrong: [Field, string, RegExp | undefined][] = [
	[most, '11', /not between 1 and 10/],
	[most, '1.5', /whole number/],
	[most, 'x', /number/],
	[most, '10', undefined],
	[{ ...why, when: undefined } as unknown as Field, '', /Why is required/],
	[headers, 'nameless', /name=value/],
];
for (const [field, text, words] of wrong)
	test(`${field.label} "${text}" is ${words ? 'refused' : 'taken'}`, async () => {
		answers = [text];
		await host.askFields([field], 'Do', undefined);
		if (words) assert.match(refused ?? '', words);
		else assert.equal(refused, undefined);
	});

test('shows the number of the question in its title', async () => {
	asked.length = 0;
	answers = ['1', 'Yes'];
	await host.askFields([most, force], 'Empty: box', undefined);
	assert.deepEqual(asked, ['Empty: box (1 of 2)', 'Empty: box (2 of 2)']);
});
