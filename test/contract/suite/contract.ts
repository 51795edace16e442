import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import test, { type TestContext } from 'node:test';
import { withDeadline } from '../../../src/base/deadline';
import type { Values } from '../../../src/model/profile/field';
import { listen } from '../../support/net/listen';
import { eventually } from '../../support/run/eventually';
import { isLongRun, repeat } from '../../support/run/long';
import { connect, handles, type Recorded, refused, type TestLink } from './attempt';
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
			if (!needs || fixture[needs]) await t.test(title, (context) => run(fixture, context, transport !== undefined));
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
	payloads.forEach((payload, at) => {
		assert.ok(recorded.messages[at]?.payload.equals(payload), `payload ${at} of ${payload.length} bytes`);
	});
}

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

/** Cases for fixtures that have this member. */
const only: Record<string, 'wrong' | 'untrusted'> = {
	'a wrong password is final, and is not repeated': 'wrong',
	'a certificate that nobody vouches for': 'untrusted',
};

/** The cases that depend on how bytes are carried. */
const ofTransport = new Set([
	'connects, and says how it is secured',
	'a wrong password is final, and is not repeated',
	'a certificate that nobody vouches for',
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

	async 'a port that nobody listens on'(fixture) {
		const server = createServer();
		const port = await listen(server);
		await new Promise((resolve) => server.close(resolve));
		const { failure } = await refused({ ...fixture, profile: fixture.at(port) });
		plain(failure, fixture.secrets);
		assert.equal(failure.code, 'refused');
		assert.notEqual(failure.final, true);
	},

	async 'a certificate that nobody vouches for'(fixture) {
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
		payloads.forEach((payload, at) => {
			assert.ok(recorded.messages[at]?.payload.equals(payload), `payload ${at}`);
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
};
