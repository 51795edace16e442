import assert from 'node:assert/strict';
import test from 'node:test';
import { sentence } from '../../../src/base/sentence';
import { senmlFromJson } from '../../../src/engine/decode/senml';
import { xmlProblem } from '../../../src/engine/decode/xml';
import { readPattern } from '../../../src/files/syntax/expectation/pattern';
import { stayedInWords } from '../../../src/protocols/amqp/actions/forward';
import { conditionInWords } from '../../../src/protocols/amqp/wire/refusals';
import { scram } from '../../../src/protocols/xmpp/sign-in/scram';
import { readTyped } from '../../../src/protocols/xmpp/wire/user-xml';

for (const [text, expected] of [
	['The server said: no', 'The server said: no.'],
	['The server said: No.', 'The server said: No.'],
	['The server said: No. ', 'The server said: No.'],
	['The server said: Why?', 'The server said: Why?'],
	['The server said: "No."', 'The server said: "No."'],
	['The server said: long te…', 'The server said: long te…'],
	['The server said: 1.5', 'The server said: 1.5.'],
] as const)
	test(`one mark ends ${JSON.stringify(text)}`, () => assert.equal(sentence(text), expected));

const declared = (reason: string) =>
	conditionInWords(`invalid arg 'x-dead-letter-routing-key' for queue 'q' in vhost '/': "${reason}"`) ?? '';
const options = { hash: 'sha1', username: 'user', password: 'pencil', binding: 'n', nonce: 'n' } as const;
const thrown = async (run: () => unknown): Promise<string> => {
	try {
		await run();
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
	return 'nothing was thrown';
};

test('what a peer or a library ends with a full stop does not end in two', async () => {
	const pattern = readPattern('/a(/');
	for (const text of [
		declared('not like this.'),
		declared('not like this'),
		await thrown(() => scram(options).answer('e=Go away.')),
		await thrown(() => readTyped('<a>')),
		await thrown(() => senmlFromJson('[')),
		xmlProblem('<a', false) ?? '',
		'problem' in pattern ? pattern.problem : '',
		stayedInWords({
			stayed: new Map([
				['No queue takes it.', 2],
				['no reason', 1],
			]),
		}),
	])
		assert.match(text, /^[A-Z0-9][\s\S]*[^.]\.$/);
});
