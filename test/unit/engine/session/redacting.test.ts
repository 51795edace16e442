import assert from 'node:assert/strict';
import test from 'node:test';
import { fail, toFailure } from '../../../../src/base/failure';
import { redactingLink, redactingSink, redactorFor } from '../../../../src/engine/session/redact-sink';
import { testConnection } from '../../../../src/engine/session/test-connection';
import { defaultLimits, type OpenRequest } from '../../../../src/model/contracts/session';
import type { Link, Sink } from '../../../../src/protocols/adapter';

const canary = 'canary-Pa55word';
const said = `no ${canary}, and ${btoa(`ann:${canary}`)}`;
const refusal = () => fail('refused', said, { evidence: said, remedy: { text: said }, final: true });
const request: OpenRequest = {
	profile: { id: 'p', name: 'P', protocol: 'fake', url: 'fake://x', values: { username: 'ann' }, subscriptions: [] },
	secrets: { password: canary },
	limits: defaultLimits,
	reconnect: false,
};
const refuse = async (): Promise<never> => {
	throw refusal();
};
const link: Link = {
	security: { encrypted: false, verified: true, authentication: 'none' },
	facts: [{ label: said, value: said }],
	ended: Promise.resolve(refusal().failure),
	subscribe: async ({ target }) => (target === 'good' ? { detail: said } : refuse()),
	unsubscribe: refuse,
	prepare: ({ target }) => ({ flags: target === 'good' ? 1 : 0 }),
	send: async ({ flags }) => (flags === 1 ? { proof: 'refused', text: said, evidence: said, ms: 1 } : refuse()),
	browse: async (parent) => (parent === 'good' ? { total: 0, nodes: [], note: said } : refuse()),
	ask: refuse,
	act: async ({ node }) => (node === 'good' ? { text: said } : refuse()),
	targets: () => ['a'],
	close: async () => {},
	destroy() {},
};
const draft = (target: string) => ({ verb: 'v', target, values: {}, payload: new Uint8Array() });
const act = (node: string) => ({
	...{ action: 'a', node, values: {}, messages: [], progress() {} },
	signal: new AbortController().signal,
});

test('everything that a link says passes the redactor, and the rest stays as it is', async () => {
	const clean = redactingLink(link, redactorFor(request));
	const told: unknown[] = [clean.facts, await clean.ended];
	for (const run of [
		() => clean.subscribe?.({ target: 'good' }, 'g'),
		() => clean.subscribe?.({ target: 'bad' }, 'b'),
		() => clean.unsubscribe?.({ target: 'bad' }, 'b'),
		() => clean.send(clean.prepare(draft('good'))),
		() => clean.send(clean.prepare(draft('bad'))),
		() => clean.browse?.('good', 0, 1),
		() => clean.browse?.('bad', 0, 1),
		() => clean.ask?.({ kind: 'subscribe', subscription: { target: 'a' } }),
		() => clean.act?.(act('good')),
		() => clean.act?.(act('bad')),
	])
		told.push(await Promise.resolve(run()).catch(toFailure));
	const masked = 'no •••, and •••';
	for (const one of told) {
		const text = JSON.stringify(one);
		assert.ok(text.includes(masked) && !text.includes('Pa55') && !text.includes(btoa(`ann:${canary}`)), text);
	}
	assert.deepEqual(told[1], {
		code: 'refused',
		message: masked,
		evidence: masked,
		remedy: { text: masked },
		final: true,
	});
	assert.deepEqual(clean.targets?.('', 9), ['a']);
	assert.deepEqual(Object.keys(clean).sort(), Object.keys(link).sort());
});

test('everything that an adapter reports passes it, and messages do not', () => {
	const told: unknown[] = [];
	const payloads: Uint8Array[] = [];
	const sink: Sink = {
		message: ({ payload }) => payloads.push(payload),
		note: (...all) => told.push(all),
		subscription: (...all) => told.push(all),
		browseChanged() {},
		settlement: (...all) => told.push(all),
	};
	const clean = redactingSink(sink, redactorFor(request));
	const payload = Buffer.from(canary);
	clean.message({ target: 't', payload, flags: 0 });
	clean.note(said, true);
	clean.subscription('a', { detail: said, failure: refusal().failure, freshUntil: 5 });
	assert.equal(payloads[0], payload);
	assert.equal(JSON.stringify(told).match(/no •••, and •••/g)?.length, 5);
	assert.ok(!JSON.stringify(told).includes('Pa55'));
	assert.match(JSON.stringify(told), /"freshUntil":5/);
});

test('so does the report of a test, step by step', async () => {
	const adapter = {
		async connect({ step, found }: Parameters<Parameters<typeof testConnection>[0]['connect']>[0]) {
			step('tcp');
			found(said);
			step('login');
			return refuse();
		},
	};
	const report = JSON.stringify(await testConnection(adapter, request, new AbortController().signal));
	assert.equal(report.match(/no •••, and •••/g)?.length, 4);
	assert.ok(!report.includes('Pa55'), report);
});
