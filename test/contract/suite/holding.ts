import assert from 'node:assert/strict';
import { flag } from '../../../src/model/contracts/message';
import type { Values } from '../../../src/model/profile/field';
import type { Secrets, Subscription } from '../../../src/model/profile/profile';
import { eventually } from '../../support/run/eventually';
import { type RealSession, realSession } from '../../support/run/session';

/** A source whose messages are acknowledged later. */
export interface HoldFixture {
	protocol: string;
	url: string;
	values?: Values;
	secrets?: Secrets;
	subscription: Subscription;
	/** Puts these messages into the source, in this order. */
	deliver(texts: readonly string[]): Promise<void>;
	/** Whether the peer has marked a message as one that it delivers again. Undefined: it does not mark them. */
	isRepeated?(flags: number, meta: object | undefined): boolean;
	/** A killed receiver keeps its messages for a while, so the first one ends orderly, without settling them. */
	leaves?: true;
	/** The server may send more than the limit. */
	overruns?: true;
	/** Resolves when the server has read what the session has sent so far. */
	arrived?(session: RealSession): Promise<unknown>;
}

export interface Receiver {
	session: RealSession;
	/** Texts and lines of held messages without an outcome, oldest first. */
	waiting: { text: string; seq: number; isRepeated: boolean }[];
	/** The most that waited at a time. */
	most: number;
	/** All texts in the order of their arrival. */
	all: string[];
	settle(outcome: 'done' | 'again', ...texts: string[]): void;
	/** These wait, and no others. */
	has(...texts: string[]): Promise<void>;
	hasAtLeast(...texts: string[]): Promise<void>;
	/** Cuts the connection as the end of the process does. */
	kill(): void;
}

const limit = 4;
/** Milliseconds after which what a receiver waits for will never come. */
const within = 40_000;

/** A session of its own, without anything from an earlier one. */
export async function receiver(fixture: HoldFixture, hold = { limit }): Promise<Receiver> {
	const { protocol, url, values, secrets, subscription, isRepeated = () => false } = fixture;
	const session = realSession(protocol, {
		...{ url, values, secrets, hold },
		onMessage({ payload, flags, meta }, seq) {
			const text = Buffer.from(payload).toString();
			one.all.push(text);
			if ((flags & flag.held) === 0) return;
			one.waiting.push({ text, seq, isRepeated: isRepeated(flags, meta) });
			one.most = Math.max(one.most, one.waiting.length);
		},
	});
	const found = () => one.waiting.map(({ text }) => text);
	const one: Receiver = {
		...{ session, waiting: [], most: 0, all: [] },
		settle(outcome, ...texts) {
			const seqs = texts.map((text) => {
				const at = one.waiting.findIndex((waiting) => waiting.text === text);
				assert.notEqual(at, -1, `${text} waits`);
				return one.waiting.splice(at, 1)[0]?.seq ?? -1;
			});
			session.settle(seqs, outcome);
		},
		has: (...texts) =>
			eventually(`only ${texts.join()} wait`, () => assert.deepEqual(found().sort(), [...texts].sort()), within),
		hasAtLeast: (...texts) =>
			eventually(
				`${texts.join()} wait`,
				() => {
					for (const text of texts) assert.ok(found().includes(text), found().join());
				},
				within,
			),
		kill: () => session.dispose(),
	};
	try {
		await session.connect();
	} catch (error) {
		session.dispose();
		throw error;
	}
	const { holding } = await session.subscribe(subscription, hold);
	assert.equal(holding?.holds, true, holding?.text);
	return one;
}

/** Held messages come again after the process was killed, settled ones do not, and no more wait than the limit allows. */
export async function holdsMessages(fixture: HoldFixture): Promise<void> {
	const opened: Receiver[] = [];
	const open = async () => {
		const one = await receiver(fixture);
		opened.push(one);
		return one;
	};
	try {
		await holds(fixture, open);
	} finally {
		for (const one of opened) one.kill();
	}
}

async function holds(fixture: HoldFixture, open: () => Promise<Receiver>): Promise<void> {
	const first = await open();
	const rest = fixture.overruns ? (...texts: string[]) => first.hasAtLeast(...texts) : first.has;
	await fixture.deliver(['1', '2', '3', '4', '5', '6', '7', '8']);
	await first.has('1', '2', '3', '4');
	first.settle('done', '2');
	first.settle('done', '1');
	await rest('3', '4', '5', '6');
	first.settle('again', '3');
	first.settle('done', '4');
	// The server may send others before it.
	await first.hasAtLeast('5', '6');
	first.settle('done', '5');
	await rest('3', '6', '7', '8');
	assert.equal(first.all.filter((text) => text === '3').length, 2);
	// A second outcome changes nothing, and lines that are not held are ignored.
	first.session.settle([0, 1, 9999], 'again');
	first.settle('done', '3');
	// With the limit, this one proves that the acknowledgements have arrived.
	await fixture.deliver(['9']);
	await rest('6', '7', '8', '9');
	await fixture.arrived?.(first.session);
	assert.ok(fixture.overruns || first.most <= limit, `${first.most} waited`);
	assert.equal(first.session.status().held, 4);
	if (fixture.leaves) await first.session.close();
	else first.kill();

	const second = await open();
	await second.has('6', '7', '8', '9');
	if (fixture.isRepeated) assert.ok(second.waiting.every(({ isRepeated }) => isRepeated));
	second.settle('done', '6', '7', '8', '9');
	await second.session.close();

	const third = await open();
	await fixture.deliver(['10']);
	await third.has('10');
	assert.deepEqual(third.all, ['10']);
	third.settle('done', '10');
	await third.session.close();
}
