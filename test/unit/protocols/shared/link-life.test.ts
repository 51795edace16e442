import assert from 'node:assert/strict';
import test from 'node:test';
import type { Failure } from '../../../../src/base/failure';
import { createLinkLife, type LinkLife } from '../../../../src/protocols/shared/link-life';

const failure = (code: string): Failure => ({ code, message: `${code}.` });

/** `answers`: the peer ends the connection when the goodbye has begun. */
function start(answers = true) {
	let destroyed = 0;
	const life: LinkLife = createLinkLife({
		goodbyeWithin: 10,
		goodbye: () => answers && queueMicrotask(() => life.end(failure('closed-by-server'))),
		destroyed: () => void destroyed++,
	});
	return { life, destroyed: () => destroyed };
}

const cases: [title: string, run: (life: LinkLife) => unknown, ended: string | undefined, answers?: boolean][] = [
	['the peer ends it', (life) => life.end(failure('reset')), 'reset'],
	['only the first reason counts', (life) => [life.end(failure('first')), life.end(failure('second'))], 'first'],
	[
		'a blamed fault counts before the end that follows from it',
		(life) => [life.blame(failure('fault')), life.end(failure('reset'))],
		'fault',
	],
	[
		'of two blamed faults the first counts',
		(life) => [life.blame(failure('first')), life.blame(failure('second')), life.end()],
		'first',
	],
	['a goodbye has no reason', (life) => life.close(), undefined],
	['a goodbye that the peer does not answer ends in time', (life) => life.close(), undefined, false],
	['closing twice', (life) => Promise.all([life.close(), life.close()]), undefined],
	['a fault during the goodbye', (life) => [life.close(), life.blame(failure('fault')), life.end()], 'fault', false],
	['destroying has no reason', (life) => life.destroy(), undefined],
	['destroying after a fault', (life) => [life.blame(failure('fault')), life.destroy()], 'fault'],
	['closing what has ended', (life) => [life.end(failure('reset')), life.close()], 'reset'],
];

for (const [title, run, code, answers] of cases)
	test(`life of a link: ${title}`, async () => {
		const { life, destroyed } = start(answers);
		await run(life);
		assert.equal((await life.ended)?.code, code);
		assert.equal(life.state, 'ended');
		life.destroy();
		assert.equal(destroyed(), 1);
	});
