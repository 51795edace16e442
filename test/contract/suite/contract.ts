import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import test, { type TestContext } from 'node:test';
import { withDeadline } from '../../../src/base/deadline';
import { FailureError } from '../../../src/base/failure';
import type { Values } from '../../../src/model/profile/field';
import type { Subscription } from '../../../src/model/profile/profile';
import { listen } from '../../support/net/listen';
import { eventually } from '../../support/run/eventually';
import { isLongRun, repeat } from '../../support/run/long';
import { connect, handles, idOf, type Received, type Recorded, refused, type TestLink } from './attempt';
import type { Fixture } from './fixture';
import { noise, plain, withDatagrams, withServer } from './judge';

export type { Fixture };

/**
 * Runs the cases that every adapter must pass against the real server of its protocol. A further transport of a protocol runs
 * those that depend on the transport.
 */
export function contract(name: string, start: () => Promise<Fixture>, transport?: 'transport'): void {
	test(`contract: ${name}`, async (t) => {
		const fixture = await start();
		t.after(() => fixture.stop());
		for (const [title, run] of Object.entries(cases)) {
			const needs = only[title];
			if (transport && !(isLongRun && title !== random) && !ofTransport.has(title)) continue;
			if (!needs || needs(fixture)) await t.test(title, (context) => run(fixture, context, transport !== undefined));
		}
	});
}

/** `isFurther`: another transport of the protocol has run the case. */
type Case = (fixture: Fixture, t: TestContext, isFurther: boolean) => Promise<void>;

async function open(fixture: Fixture, values?: Values): Promise<{ link: TestLink; recorded: Recorded }> {
	const opened = await connect({ ...fixture, values });
	if (fixture.subscription) await opened.link.subscribe?.(fixture.subscription);
	return opened;
}

function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
	return withDeadline(promise, ms, () => new Error(`${what} took more than ${ms} ms.`));
}

async function same(fixture: Fixture, recorded: Recorded, payloads: readonly Buffer[]): Promise<void> {
	recorded.messages.length = 0;
	await fixture.deliver(payloads);
	await eventually('all received', () => assert.equal(recorded.messages.length, payloads.length));
	const got = payloadsOf(fixture, recorded);
	payloads.forEach((payload, at) => {
		assert.ok(got[at]?.equals(payload), `payload ${at} of ${payload.length} bytes`);
	});
}

const payloadsOf = ({ payloadOf }: Fixture, { messages }: Recorded) =>
	messages.map((message) => payloadOf?.(message) ?? message.payload);

async function sends(fixture: Fixture, link: TestLink, payloads: readonly Buffer[]): Promise<void> {
	await fixture.received();
	const got: Uint8Array[] = [];
	for (let at = 0; at < payloads.length; at += 500) {
		const receipts = await Promise.all(payloads.slice(at, at + 500).map((one) => link.send(fixture.draft(one))));
		for (const receipt of receipts) assert.match(receipt.proof, /^(handed-over|acknowledged|answered|unrouted)$/);
		await eventually('the server has them', async () => {
			got.push(...(await fixture.received()));
			assert.equal(got.length, Math.min(at + 500, payloads.length));
		});
	}
	payloads.forEach((payload, at) => {
		assert.ok(payload.equals(got[at] ?? Buffer.alloc(0)), `payload ${at} of ${payload.length} bytes`);
	});
}

type Body = Parameters<typeof withServer>[1];
const silent = (fixture: Fixture, body: Body) =>
	fixture.udp ? withDatagrams(() => undefined, body) : withServer(() => {}, body);
const garbled = (fixture: Fixture, body: Body) =>
	fixture.udp ? withDatagrams(() => noise(1000, 3), body) : withServer((socket) => socket.end(noise(4096, 3)), body);

const random = 'random payloads in one connection, byte for byte both ways';
const connections = 'many connections leave nothing behind';

/** Cases that need a part of the fixture. */
const only: Record<string, (fixture: Fixture) => unknown> = {
	'a wrong password is final, and is not repeated': ({ wrong }) => wrong,
	'a certificate that no authority vouches for': ({ untrusted }) => untrusted,
	'a refused message is reported as refused, and the next one is sent': ({ denied }) => denied?.draft,
	'a refused subscription is reported as refused': ({ denied }) => denied?.subscription,
	'headers arrive as they were sent, both ways': ({ headers }) => headers,
	'an answer is linked to its request': ({ answerer }) => answerer,
	'each mode receives, and nothing after its end': ({ modes }) => modes,
	'the peer can be browsed, asked about and acted on': ({ browse }) => browse,
	'a received message is settled by hand, once': ({ settle }) => settle,
};

/** The cases that depend on how bytes are carried. */
const ofTransport = new Set([
	'connects, and says how it is secured',
	'a wrong password is final, and is not repeated',
	'a certificate that no authority vouches for',
	'one megabyte, and nothing, both ways',
	'a character of four bytes, cut at every offset',
	'a killed server ends the link with a reason, and what was sent then is not called sent',
	'a frozen server is noticed',
	'closes while both sides are busy',
	connections,
]);

const cases: Record<string, Case> = {
	async 'connects, and says how it is secured'(fixture) {
		const { link, recorded } = await open(fixture);
		assert.equal(typeof link.security.encrypted, 'boolean');
		assert.notEqual(link.security.authentication, '');
		const { encrypted, chain, authentication } = link.security;
		if (encrypted && authentication !== 'pre-shared key') assert.ok(chain?.[0]?.fingerprint);
		assert.ok(fixture.udp || recorded.steps.includes('tcp'), recorded.steps.join());
		assert.ok(recorded.steps.includes('handshake'), recorded.steps.join());
		await link.close();
		assert.equal(await link.ended, undefined);
	},

	async 'a wrong password is final, and is not repeated'(fixture) {
		const { wrong = {} } = fixture;
		const { failure } = await refused({ ...fixture, secrets: wrong });
		plain(failure, wrong);
		assert.equal(failure.final, true);
	},

	async 'a port without a listener'(fixture) {
		const server = createServer();
		const port = await listen(server);
		await new Promise((resolve) => server.close(resolve));
		const { failure } = await refused({ ...fixture, profile: fixture.at(port) });
		plain(failure, fixture.secrets);
		assert.equal(failure.code, 'refused');
		assert.notEqual(failure.final, true);
	},

	async 'a certificate that no authority vouches for'(fixture) {
		const { failure } = await refused({ ...fixture, profile: fixture.untrusted ?? fixture.profile });
		plain(failure, fixture.secrets);
		assert.match(failure.code, /^certificate-/);
		assert.equal(failure.final, true);
		await eventually('no client left', async () => assert.equal(await fixture.connections(), 0));
	},

	async 'sends with a receipt, and receives'(fixture) {
		const { link, recorded } = await open(fixture);
		await sends(fixture, link, [Buffer.from('hello')]);
		const receipt = await link.send(fixture.draft(Buffer.from('again')));
		assert.notEqual(receipt.text, '');
		assert.ok(receipt.ms >= 0);
		await same(fixture, recorded, [Buffer.from('to you')]);
		link.destroy();
	},

	async 'one megabyte, and nothing, both ways'(fixture) {
		const { link, recorded } = await open(fixture);
		const payloads = [noise(1024 * 1024, 7), Buffer.alloc(0), Buffer.of(0)];
		await same(fixture, recorded, payloads);
		await sends(fixture, link, payloads);
		link.destroy();
	},

	async [random](fixture) {
		const { link, recorded } = await open(fixture);
		const payloads = Array.from({ length: repeat(1000, 10_000) }, (_, at) => noise((at * 7) % 300, at));
		recorded.messages.length = 0;
		for (let at = 0; at < payloads.length; at += 500) {
			await fixture.deliver(payloads.slice(at, at + 500));
			const expected = at + 500;
			await eventually('received', () => assert.equal(recorded.messages.length, expected));
		}
		const got = payloadsOf(fixture, recorded);
		payloads.forEach((payload, at) => {
			assert.ok(got[at]?.equals(payload), `payload ${at}`);
		});
		await sends(fixture, link, payloads);
		link.destroy();
	},

	async 'a character of four bytes, cut at every offset'(fixture) {
		const { link, recorded } = await open(fixture);
		const text = Buffer.from('a😀b𝄞c');
		const payloads = Array.from({ length: text.length }, (_, at) => [text.subarray(0, at), text.subarray(at)]).flat();
		await same(fixture, recorded, payloads);
		await sends(fixture, link, payloads);
		link.destroy();
	},

	async 'a killed server ends the link with a reason, and what was sent then is not called sent'(fixture) {
		const { link } = await open(fixture);
		fixture.kill('SIGKILL');
		const failure = await within(5000, 'noticing', link.ended);
		plain(failure, fixture.secrets);
		await assert.rejects(async () => {
			link.prepare(fixture.draft(Buffer.from('late')));
			const receipt = await link.send(fixture.draft(Buffer.from('late')));
			if (receipt.proof === 'unknown') throw new Error('unknown');
		});
		await fixture.restart();
		(await open(fixture)).link.destroy();
	},

	async 'a frozen server is noticed'(fixture, t) {
		const { link } = await open(fixture, fixture.impatient);
		fixture.kill('SIGSTOP');
		t.after(() => fixture.kill('SIGCONT'));
		plain(await within(10_000, 'noticing', link.ended), fixture.secrets);
		fixture.kill('SIGCONT');
		await eventually('no client left', async () => assert.equal(await fixture.connections(), 0));
	},

	async 'a frozen server does not hold up a close, and what is on its way is unknown'(fixture, t) {
		const { link } = await open(fixture);
		fixture.kill('SIGSTOP');
		t.after(() => fixture.kill('SIGCONT'));
		const sent = Array.from({ length: 20 }, () => link.send(fixture.draft(noise(1024 * 1024, 1))));
		await within(2000, 'closing', link.close());
		link.destroy();
		assert.equal(await link.ended, undefined);
		const proofs = (await within(1000, 'settling', Promise.all(sent))).map(({ proof }) => proof);
		assert.ok(proofs.includes('unknown'), proofs.join());
		assert.ok(!proofs.includes('acknowledged'), proofs.join());
		fixture.kill('SIGCONT');
		await eventually('no client left', async () => assert.equal(await fixture.connections(), 0));
	},

	async 'closes while both sides are busy'(fixture) {
		const { link } = await open(fixture);
		const flood = fixture.deliver(Array.from({ length: 5000 }, (_, at) => noise(200, at)));
		const sent = Array.from({ length: 500 }, (_, at) => link.send(fixture.draft(noise(2000, at))));
		await within(2000, 'closing', link.close());
		link.destroy();
		assert.equal(await link.ended, undefined);
		await within(1000, 'settling', Promise.all(sent));
		await flood;
		await eventually('no client left', async () => assert.equal(await fixture.connections(), 0));
	},

	async 'closing twice, destroying twice and both at once are no errors'(fixture) {
		const { link } = await open(fixture);
		await within(2000, 'closing', Promise.all([link.close(), link.close()]));
		link.destroy();
		link.destroy();
		await link.close();
		assert.equal(await link.ended, undefined);
	},

	async [connections](fixture, _, isFurther) {
		(await open(fixture)).link.destroy();
		await eventually('quiet', async () => assert.equal(await fixture.connections(), 0));
		const before = handles();
		for (let at = 0; at < repeat(isFurther ? 60 : 300, 300); at += 10)
			await Promise.all(
				Array.from({ length: 10 }, async (_, which) => {
					const { link } = await open(fixture);
					if (which % 2) link.destroy();
					else await link.close();
				}),
			);
		await eventually('no client left', async () => assert.equal(await fixture.connections(), 0));
		await eventually('no handle left', () => assert.ok(handles() <= before, `${handles()} handles, ${before} before`));
	},

	async 'a server that accepts and says nothing: the attempt ends with its signal'(fixture) {
		await silent(fixture, async (port, sockets) => {
			const attempt = refused({ ...fixture, profile: fixture.at(port), deadline: 300 });
			const { failure } = await within(800, 'giving up', attempt);
			plain(failure, fixture.secrets);
			await eventually('the socket is closed', () => assert.ok([...sockets].every((one) => one.destroyed)));
		});
	},

	async 'a server that answers with garbage'(fixture) {
		await garbled(fixture, async (port, sockets) => {
			const { failure } = await refused({ ...fixture, profile: fixture.at(port), deadline: 2000 });
			plain(failure, fixture.secrets);
			await eventually('the socket is closed', () => assert.ok([...sockets].every((one) => one.destroyed)));
		});
	},

	async 'an attempt that is cancelled before it starts opens nothing'(fixture) {
		await silent(fixture, async (port, sockets) => {
			const { failure } = await refused({ ...fixture, profile: fixture.at(port), deadline: 0 });
			plain(failure, fixture.secrets);
			await eventually('closed', () => assert.ok([...sockets].every((one) => one.destroyed)));
		});
	},

	async 'a refused message is reported as refused, and the next one is sent'(fixture) {
		const { denied } = fixture;
		if (!denied?.draft) return;
		const { link } = await connect({ ...fixture, ...denied.user });
		const outcome = await link.send(denied.draft).catch((error: unknown) => {
			if (!(error instanceof FailureError)) throw error;
			plain(error.failure, fixture.secrets);
			return { proof: 'refused', text: error.failure.message };
		});
		assert.equal(outcome.proof, 'refused', outcome.text);
		const next = await link.send(denied.allowed);
		assert.match(next.proof, /^(handed-over|acknowledged|answered|unrouted)$/, next.text);
		await link.close();
	},

	async 'a refused subscription is reported as refused'(fixture) {
		const { denied } = fixture;
		if (!denied?.subscription) return;
		const { link } = await connect({ ...fixture, ...denied.user });
		await assert.rejects(
			async () => link.subscribe?.(denied.subscription as Subscription),
			(error: unknown) => {
				if (!(error instanceof FailureError)) throw error;
				plain(error.failure, fixture.secrets);
				return true;
			},
		);
		const next = await link.send(denied.allowed);
		assert.match(next.proof, /^(handed-over|acknowledged|answered|unrouted)$/, next.text);
		await link.close();
	},

	async 'headers arrive as they were sent, both ways'(fixture) {
		const { headers } = fixture;
		if (!headers) return;
		const { link, recorded } = await open(fixture);
		recorded.messages.length = 0;
		await headers.deliver(headers.sample);
		await eventually('received', () => assert.equal(recorded.messages.length, 1));
		assert.deepEqual(headers.of(recorded.messages[0] as Received), headers.sample);
		await headers.received();
		await link.send(headers.draft(headers.sample));
		const got: [string, string][][] = [];
		await eventually('the server has it', async () => {
			got.push(...(await headers.received()));
			assert.equal(got.length, 1);
		});
		assert.deepEqual(got[0], headers.sample);
		link.destroy();
	},

	async 'an answer is linked to its request'(fixture) {
		const { answerer } = fixture;
		if (!answerer) return;
		const { link, recorded } = await connect(fixture);
		if (answerer.subscription) await link.subscribe?.(answerer.subscription);
		const seq = 4711;
		const receipt = await link.send(answerer.draft, { seq, progress() {}, signal: new AbortController().signal });
		assert.equal(receipt.proof, 'answered', receipt.text);
		await eventually('the answer is logged', () => {
			const answer = recorded.messages.find(({ answers }) => answers === seq);
			assert.ok(answer?.payload.equals(answerer.payload), String(answer?.payload));
		});
		link.destroy();
	},

	async 'each mode receives, and nothing after its end'(fixture) {
		for (const [mode, { subscription, deliver, named }] of Object.entries(fixture.modes ?? {})) {
			const { link, recorded } = await connect(fixture);
			await link.subscribe?.(subscription);
			await deliver(Buffer.from(mode));
			const payloadOf = fixture.payloadOf ?? (({ payload }: Received) => payload);
			const arrived = () => recorded.messages.filter((message) => payloadOf(message).toString() === mode);
			await eventually(`${mode}: received`, () => assert.equal(arrived().length, 1));
			if (named) assert.deepEqual(arrived()[0]?.subscriptions, [idOf(subscription)], mode);
			await link.unsubscribe?.(subscription);
			await deliver(Buffer.from(mode));
			await link.subscribe?.(subscription);
			await deliver(Buffer.from('end'));
			await eventually(`${mode}: the end`, () => assert.equal(payloadsOf(fixture, recorded).at(-1)?.toString(), 'end'));
			assert.equal(arrived().length, 1, mode);
			await link.unsubscribe?.(subscription);
			await link.close();
			assert.equal(await link.ended, undefined, mode);
		}
	},

	async 'a received message is settled by hand, once'(fixture) {
		const { settle } = fixture;
		if (!settle) return;
		const { link, recorded } = await connect(fixture);
		await link.subscribe?.(settle.subscription);
		const settlementOf = (seq: number) => recorded.settlements.findLast(([one]) => one === seq)?.[1];
		const { signal } = new AbortController();
		for (const { act, says, done } of settle.outcomes) {
			const payload = Buffer.from(act.action);
			const before = recorded.messages.length;
			await settle.deliver(payload);
			await eventually(`${act.action}: received`, () => assert.ok(recorded.messages[before]?.payload.equals(payload)));
			assert.equal(settlementOf(before)?.open, true, act.action);
			const messages = [{ seq: before, ...(recorded.messages[before] as Received) }];
			await link.act?.({ messages, progress() {}, signal, ...act });
			await eventually(`${act.action}: settled`, () => assert.equal(settlementOf(before)?.open, false));
			assert.match(settlementOf(before)?.text ?? '', says);
			await done();
			await assert.rejects(async () => link.act?.({ messages, progress() {}, signal, ...act }), FailureError);
		}
		const last = recorded.messages.length;
		await settle.deliver(Buffer.from('left open'));
		await eventually('received', () => assert.equal(settlementOf(last)?.open, true));
		const messages = [{ seq: last, ...(recorded.messages[last] as Received) }];
		await link.close();
		const next = await connect(fixture);
		const [outcome] = settle.outcomes;
		const act = { messages, progress() {}, signal, ...(outcome as (typeof settle.outcomes)[0]).act };
		await assert.rejects(async () => next.link.act?.(act), FailureError, 'another link cannot settle it');
		await next.link.close();
	},

	async 'the peer can be browsed, asked about and acted on'(fixture) {
		const { browse } = fixture;
		if (!browse) return;
		const { link } = await open(fixture);
		let node: string | undefined;
		for (const name of browse.path) {
			const page = await link.browse?.(node, 0, 1000);
			const found = page?.nodes.find((one) => one.name === name);
			assert.ok(found, `${name} among ${page?.nodes.map((one) => one.name).join(', ')}`);
			node = found.id;
		}
		assert.ok(node !== undefined);
		if (browse.ask) assert.match(JSON.stringify(await link.ask?.(browse.ask.intent(node))), browse.ask.says);
		if (browse.act) {
			const { signal } = new AbortController();
			const act = { node, messages: [], progress() {}, signal, ...browse.act.act(node) };
			const result = await link.act?.(act);
			assert.match(result?.text ?? '', browse.act.says);
			await browse.act.done?.();
		}
		link.destroy();
	},
};
