import assert from 'node:assert/strict';
import test from 'node:test';
import { toFailure } from '../../../src/base/failure';
import { environmentNames, replaceVariables } from '../../../src/model/profile/variables';

const variables = {
	env: (name: string) => ({ HOST: 'broker', EMPTY: '', NESTED: '$' + '{env:HOST}' })[name],
	workspaceFolder: (name?: string) => (name === undefined ? '/folder' : name === 'b' ? '/b' : undefined),
};
/** `#{` stands for the opening of a variable, so that the table can be read. */
const open = (text: string) => text.replaceAll('#{', '$' + '{');

for (const [text, expected] of [
	['nothing to do', 'nothing to do'],
	['mqtt://#{env:HOST}:1883', 'mqtt://broker:1883'],
	['#{workspaceFolder}/ca.pem', '/folder/ca.pem'],
	['#{workspaceFolder:b}/ca.pem', '/b/ca.pem'],
	['#{env:HOST}#{env:HOST}', 'brokerbroker'],
	['a#{env:EMPTY}b', 'ab'],
	['$#{env:HOST}', '#{env:HOST}'],
	['#{env:NESTED}', '#{env:HOST}'],
	['#{not closed', '#{not closed'],
	['cost $5 {x}', 'cost $5 {x}'],
] as const)
	test(`${text} becomes ${expected}`, () => assert.equal(replaceVariables(open(text), variables), open(expected)));

for (const [text, name] of [
	['#{env:MISSING}', 'MISSING'],
	['#{workspaceFolder:gone}', 'gone'],
	['#{file}', '#{file}'],
	['#{env:}', '#{env:}'],
	['#{ENV:HOST}', '#{ENV:HOST}'],
	['#{}', '#{}'],
] as const)
	test(`${text} is a failure that names it`, () => {
		assert.throws(
			() => replaceVariables(open(text), variables),
			(error) => {
				assert.equal(toFailure(error).code, 'unset-variable');
				assert.ok(toFailure(error).message.includes(open(name)), toFailure(error).message);
				return true;
			},
		);
	});

test('without a folder, workspaceFolder is a failure', () => {
	assert.throws(
		() => replaceVariables(open('#{workspaceFolder}'), { ...variables, workspaceFolder: () => undefined }),
		/no folder is open/,
	);
});

test('the environment variables a text refers to are found, escaped ones not', () => {
	assert.deepEqual(environmentNames(open('#{env:A} $#{env:B} #{workspaceFolder} #{env:C}')), ['A', 'C']);
});
