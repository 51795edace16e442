import assert from 'node:assert/strict';
import test from 'node:test';
import { type OpenReceipt, Receipts } from '../../../../src/protocols/shared/receipts';

const cases: [title: string, run: (receipt: OpenReceipt, all: Receipts) => void, proof: string, text: RegExp][] = [
	['a proof', (one) => one.settle('acknowledged', (ms) => `after ${ms} ms`), 'acknowledged', /^after [\d.]+ ms$/],
	[
		'only the first counts',
		(one) => [one.settle('refused', 'first'), one.settle('acknowledged', 'second')],
		'refused',
		/first/,
	],
	['the link ends', (_, all) => all.lost(), 'unknown', /may or may not have arrived/],
	[
		'the link ends before it has left',
		(one, all) => [one.onLost(() => one.settle('refused', 'not sent')), all.lost()],
		'refused',
		/not sent/,
	],
	['settled before the link ends', (one, all) => [one.settle('handed-over', 'x'), all.lost()], 'handed-over', /x/],
	['too late', (one) => one.within(1, () => one.settle('unknown', 'late')), 'unknown', /late/],
];

for (const [title, run, proof, text] of cases)
	test(`receipts: ${title}`, async () => {
		const all = new Receipts();
		const receipt = all.open();
		let settled = 0;
		receipt.onSettled(() => settled++);
		run(receipt, all);
		const result = await receipt.promise;
		assert.equal(result.proof, proof);
		assert.match(result.text, text);
		assert.ok(result.ms >= 0 && !('evidence' in result));
		all.lost();
		assert.equal(settled, 1);
	});

test('receipts: the user stops waiting, unless there is a proof', async () => {
	const all = new Receipts();
	for (const isProven of [true, false]) {
		const stop = new AbortController();
		const receipt = all.open();
		receipt.onAbort(stop.signal, () => receipt.settle('unknown', 'stopped'));
		if (isProven) receipt.settle('answered', 'answer', 'evidence');
		stop.abort();
		const { ms: _, ...rest } = await receipt.promise;
		assert.deepEqual(
			rest,
			isProven ? { proof: 'answered', text: 'answer', evidence: 'evidence' } : { proof: 'unknown', text: 'stopped' },
		);
	}
});
