import assert from 'node:assert/strict';
import test from 'node:test';
import { choicePage } from '../../../src/choose/page';
import { rank } from '../../../src/choose/rank';
import { starters } from '../../../src/choose/starter';
import { descriptions } from '../../../src/protocols/descriptions';
import { allNeeds, type Need } from '../../../src/protocols/needs';

const label = (needs: readonly Need[]) => rank(needs, descriptions).map(({ description }) => description.label);

test('protocols are ranked by the needs of an application', () => {
	const cases: [needs: Need[], first: string, last?: string][] = [
		[['constrained', 'low-bandwidth', 'brokered', 'at-least-once'], 'MQTT'],
		[['constrained', 'low-bandwidth', 'direct', 'pre-shared-key'], 'CoAP'],
		[['server', 'history', 'order-by-key', 'exactly-once'], 'Kafka'],
		[['browser', 'direct', 'low-latency', 'binary'], 'WebSocket'],
		[['low-latency', 'server', 'brokered'], 'NATS', 'WebSocket'],
	];
	for (const [needs, first, last] of cases) {
		const order = label(needs);
		assert.equal(order[0], first, `${needs}: ${order}`);
		if (last !== undefined) assert.ok(order.indexOf(last) > 4, `${needs}: ${order}`);
	}
});

test('a protocol that misses a need comes after those that meet all, however well it meets the others', () => {
	for (const need of allNeeds) {
		const ranked = rank([need, 'text', 'low-latency'], descriptions);
		const missed = ranked.map(({ isUnsuited }) => isUnsuited);
		assert.deepEqual(
			missed,
			[...missed].sort((one, other) => Number(one) - Number(other)),
			need,
		);
		for (const { reasons, share } of ranked) {
			assert.ok(share >= 0 && share <= 1);
			for (const { text } of reasons) assert.match(text, /^["\p{Lu}\d].*\.$/su);
		}
	}
	assert.deepEqual(
		label([]),
		descriptions.map(({ label }) => label),
	);
});

test('every protocol has a program to begin with in Python and in JavaScript', async () => {
	for (const description of descriptions) {
		const found = await starters(description);
		for (const language of ['python', 'javascript'])
			assert.ok(
				found.some((one) => one.language === language && one.text.length > 100),
				`${description.label}: ${language}`,
			);
	}
});

test('the page shows places, reasons and figures as text', () => {
	const html = choicePage({
		...{ needs: ['browser', 'order'], ranked: rank(['browser', 'order'], descriptions), nonce: 'n' },
		...{ figures: { mqtt: '<b>0.3 ms</b>' }, change: 'command:c' },
		tryIt: (protocol) => `command:t?"${protocol}"`,
		starter: (protocol) => `command:s?${protocol}`,
	});
	assert.ok(html.includes('&lt;b&gt;0.3 ms') && !html.includes('<b>0.3'));
	assert.ok(html.includes('href="command:t?&quot;mqtt&quot;"'));
	assert.ok(!/<script|style="/.test(html));
	assert.equal(html.split('<section').length - 1, descriptions.length);
});
