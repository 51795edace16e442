import assert from 'node:assert/strict';
import test from 'node:test';
import { withDeadline } from '../../../src/base/deadline';
import { type Failure, FailureError } from '../../../src/base/failure';
import type { Values } from '../../../src/model/profile/field';
import type { ResolvedProfile, Secrets, Subscription } from '../../../src/model/profile/profile';
import type { Adapter } from '../../../src/protocols/adapter';
import { type Dialogue, startHostile, table } from '../../support/hostile/hostile';
import { lateMs } from '../../support/net/stall-clock';
import { eventually } from '../../support/run/eventually';
import { certificate } from '../../support/servers/certificate';
import { connect, handles, isSentence, type TestLink } from './attempt';

export interface HostileSuite {
	name: string;
	adapter: Adapter;
	dialogue: Dialogue;
	profile(port: number): ResolvedProfile;
	tls?: boolean;
	/** Values with which a silent server is detected within two seconds. */
	impatient: Values;
	subscription?: Subscription;
	secrets?: Secrets;
	/** Faults that leave the connection usable: it need not end, but must be closable. */
	harmless?: readonly string[];
}

/** Deadline of an attempt, in milliseconds. */
const deadline = 1000;
const limit = 1024 * 1024;

/** Every fault at every step: the attempt settles, the link ends with a named reason, nothing leaks or is uncaught. */
export function hostile(suite: HostileSuite): void {
	test(`hostile: ${suite.name}`, { concurrency: 16 }, async (t) => {
		const before = handles();
		await Promise.all(
			table(suite.dialogue).map(({ step, fault }) => t.test(`${step}: ${fault}`, () => attempt(suite, step, fault))),
		);
		await eventually('no handle left', () => assert.ok(handles() <= before, `${handles()}, ${before} before`));
	});
}

async function attempt(suite: HostileSuite, step: string, fault: string): Promise<void> {
	const { key, cert } = certificate();
	const server = await startHostile({
		dialogue: suite.dialogue,
		step,
		fault,
		...(suite.tls ? { tls: { key, cert } } : {}),
	});
	try {
		const link = await settled(suite, server.port);
		if (link) await life(suite, link, `${step}: ${fault}`);
		await eventually('no socket left', () => assert.equal(server.open, 0));
		assert.ok(server.written < 40 * limit, `read ${server.written} bytes of it`);
	} finally {
		await server.close();
	}
}

async function settled(suite: HostileSuite, port: number): Promise<TestLink | undefined> {
	const trying = connect({
		adapter: suite.adapter,
		profile: suite.profile(port),
		secrets: suite.secrets,
		values: suite.impatient,
		limits: { messageBytes: limit },
		deadline,
	});
	const [began, late] = [performance.now(), lateMs()];
	try {
		return (await withDeadline(trying, 30_000, () => new Error('The attempt did not settle at all.'))).link;
	} catch (error) {
		if (!(error instanceof FailureError)) throw error;
		named(error.failure);
		return undefined;
	} finally {
		const [took, kept] = [performance.now() - began, lateMs() - late];
		assert.ok(took <= deadline + 500 + kept, `settled after ${took} ms, ${kept} ms of which nothing ran`);
	}
}

/** Subscribes, and waits for the end that the fault must bring. */
async function life(suite: HostileSuite, link: TestLink, what: string): Promise<void> {
	if (suite.subscription && link.subscribe) {
		const answer = link.subscribe(suite.subscription).then(
			() => {},
			(error: unknown) => {
				if (!(error instanceof FailureError)) throw error;
				named(error.failure);
			},
		);
		// The session has its own deadline for an answer; a link that ends must not leave it waiting.
		await Promise.race([answer, link.ended, new Promise((resolve) => setTimeout(resolve, 3000))]);
	}
	if (suite.harmless?.includes(what)) {
		const [began, late] = [performance.now(), lateMs()];
		await withDeadline(link.close(), 30_000, () => new Error('Closing did not end at all.'));
		const took = performance.now() - began;
		assert.ok(took <= 2000 + lateMs() - late, `closing took ${took} ms`);
	} else {
		const failure = await withDeadline(link.ended, 30_000, () => new Error('The link did not end.'));
		assert.ok(failure);
		named(failure);
	}
	link.destroy();
}

function named(failure: Failure): void {
	assert.match(failure.code, /^[a-z]+(-[a-z0-9]+)*$/);
	assert.notEqual(failure.code, 'unexpected', failure.evidence);
	assert.ok(isSentence(failure.message), failure.message);
	assert.doesNotMatch(failure.evidence ?? '', /\p{Cf}|(?!\n)\p{Cc}/u, 'control characters are shown, not obeyed');
}
