import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import { createDraftCheck } from '../../../../src/engine/session/draft-check';
import type { Values } from '../../../../src/model/profile/field';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';

const check = createDraftCheck(mqtt);
const cases: [verb: string, target: string, values: Values, code: string | undefined][] = [
	['publish', 'a', {}, undefined],
	['publish', 'a', { qos: 1, retain: true, contentType: '' }, undefined],
	['publish', 'a', { notAField: 'x' }, undefined],
	['fly', 'a', {}, 'bad-verb'],
	['publish', 'a/#', {}, 'bad-target'],
	['publish', 'a', { qos: 3 }, 'bad-draft'],
	['publish', 'a', { qos: '1' }, 'bad-draft'],
	['publish', 'a', { retain: 'true' }, 'bad-draft'],
	['publish', 'a', { messageExpiry: 1.5 }, 'bad-draft'],
	['publish', 'a', { messageExpiry: 2 ** 33 }, 'bad-draft'],
	['publish', 'a', { userProperties: [['only a name']] as never }, 'bad-draft'],
];
for (const [verb, target, values, code] of cases)
	test(`a draft ${verb} ${target} with ${JSON.stringify(values)} ${code ? `is refused with ${code}` : 'is accepted'}`, () => {
		const run = () => check({ verb, target, values, payload: new Uint8Array() });
		if (code === undefined) run();
		else assert.throws(run, (error) => error instanceof FailureError && error.failure.code === code);
	});
