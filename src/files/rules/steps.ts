import { FailureError, toFailure } from '../../base/failure';
import type { Draft, Receipt } from '../../model/contracts/message';
import { toText } from '../../model/contracts/payload';
import type { ProtocolDescription } from '../../protocols/description';
import type { Answer } from '../../protocols/message-files';
import { noAddress, notAStep, notText, placed, unexpectedAnswer, wouldReturn } from '../failures';
import { ask, proven } from '../run/ask';
import type { Received, RunContext } from '../run/connection';
import type { Pooled } from '../run/connections/pool';
import { connectionOf, replaceConnection, specOf } from '../run/connections/request-connection';
import { placeOf } from '../run/plan/draft';
import { followsFromEnd } from '../run/results/ends';
import type { Match } from '../run/results/expectations';
import type { PlacedFailure, Section } from '../syntax/ast';
import { isStepVerb, verbOf } from '../syntax/words';
import { refersToMessage } from '../values/message-places';
import { type RuleStep, ruleSteps } from '../values/steps';
import { createConditions } from './conditions';
import { createDrafts, type Drafted, type DraftsOptions } from './drafts';
import { hasBeenAt, type Loops, ruleHeader, type Way, wayText } from './loops';
import type { Targets } from './targets';

/** A message on its way through the steps. */
export interface Work {
	message: Received;
	/** The rules that it has passed, this one included. */
	way: Way;
}

/** A step that is ready: its drafts are planned and its connection is open. */
export interface Ready {
	/** Sends and waits for the proof. Resolves to the answer of a request. Throws a FailureError. */
	send(): Promise<Received | undefined>;
}

/** A message cannot be sent by a step, however often it is tried. */
export class Unsendable extends FailureError {}

/** A step of a rule for one message after the other. */
export interface Step {
	/**
	 * Makes what the step sends. Throws `Unsendable` if the message cannot be sent as it is. Resolves later where files are read
	 * or its connection is down. `answer`: that of the step before.
	 */
	prepare(work: Work, answer: Received | undefined): Ready | Promise<Ready>;
}

export interface StepsOptions extends DraftsOptions, RunContext {
	section: Section;
	match: Match;
	targets: Targets;
	loops: Loops;
}

export function createSteps(options: StepsOptions): Step[] {
	/** Connections that refuse the header, such as those of an older version of their protocol. */
	const withoutHeader = new Set<Pooled>();
	return ruleSteps(options.section).map((step) => createStep(step, options, withoutHeader));
}

/**
 * Opens the connections of the steps, so that a wrong one is reported before the first message. A URL with a part of a
 * message in its path is opened with that message.
 */
export async function openTargets(options: StepsOptions): Promise<void> {
	const { file, targets, scopeFor } = options;
	const scope = scopeFor();
	for (const { section, reply } of ruleSteps(options.section)) {
		const word = verbOf(section.request.verb.text);
		if (reply || !word) continue;
		if (!isStepVerb(word)) throw placed(notAStep(word.name), section.request.verb);
		const connection = connectionOf(file, section);
		if (connection.kind === 'url' && refersToMessage(file, connection.from)) continue;
		await targets.open(specOf(replaceConnection(connection, word, scope), word));
	}
}

function createStep(step: RuleStep, options: StepsOptions, withoutHeader: Set<Pooled>): Step {
	const { file, targets, loops, scopeFor, match } = options;
	const { section } = step;
	const { request } = section;
	const draftsFor = createDrafts(step, options);
	const expectations = createConditions(file, request, match, () => undefined);
	const place = placeOf(request);
	const inPlace = (error: unknown): PlacedFailure => ({
		range: { start: place.start, end: place.end },
		...toFailure(error),
	});

	function prepare(work: Work, before: Received | undefined): Ready | Promise<Ready> {
		const drafted = draft(work, before);
		return drafted instanceof Promise ? drafted.then((one) => connected(work, one)) : connected(work, drafted);
	}

	/** Throws `Unsendable`. */
	function draft({ message, way }: Work, before: Received | undefined): Drafted | Promise<Drafted> {
		const checked = (drafted: Drafted) => {
			refuseReturn(drafted, way);
			return drafted;
		};
		const unsendable = (error: unknown): never => {
			throw new Unsendable(inPlace(error));
		};
		try {
			const drafted = draftsFor(message, before);
			return drafted instanceof Promise ? drafted.then(checked).catch(unsendable) : checked(drafted);
		} catch (error) {
			return unsendable(error);
		}
	}

	function connected(work: Work, drafted: Drafted): Ready | Promise<Ready> {
		const { connection } = drafted.plan;
		const readyOn = (pooled: Pooled): Ready => ({ send: () => send(work, drafted, pooled) });
		const current = targets.current(connection);
		return current ? readyOn(current) : targets.open(connection).then(readyOn);
	}

	async function send({ message, way }: Work, drafted: Drafted, pooled: Pooled): Promise<Received | undefined> {
		let received: Received | undefined;
		const began = options.clock.now();
		const { answer, drafts } = drafted;
		try {
			if (answer?.action) await actOn(message, answer.action, drafts[0], pooled);
			else for (const one of drafts) received = (await sendOne(one, drafted, pooled, way)) ?? received;
		} catch (error) {
			const failure = inPlace(error);
			// An acknowledgement may also be missing on a connection that is open.
			if (followsFromEnd(failure) && failure.code !== 'unknown') targets.lost(pooled);
			throw new FailureError(failure);
		}
		if (request.assertions.length === 0) return received;
		const ms = options.clock.now() - began;
		const [unmet] = expectations.unmet(received ? [received] : [], ms, scopeFor(message, received));
		if (unmet) throw placed(unexpectedAnswer(unmet.text, unmet.actual), unmet.range);
		return received;
	}

	/** Throws for a message that would return to where it has been. An action answers the message itself, which is no target. */
	function refuseReturn({ drafts, address, answer }: Drafted, way: Way): void {
		const back = answer?.action ? undefined : drafts.find(({ target }) => hasBeenAt(way, address, target));
		if (back) throw placed(wouldReturn(back.target), place);
	}

	async function sendOne(
		draft: Draft,
		{ plan, address, answer }: Drafted,
		pooled: Pooled,
		way: Way,
	): Promise<Received | undefined> {
		const prove = (receipt: Receipt) => {
			if (!answer?.isUnrouted || receipt.proof !== 'unrouted') proven(receipt, draft, plan);
		};
		loops.sends(address, draft.target, draft.payload, way);
		if (plan.request) {
			const release: (() => Promise<void>)[] = [];
			try {
				// `@timeout` ends the rule, so that a reply is waited for as long as anywhere.
				const own = { ...plan, options: { ...plan.options, timeout: undefined } };
				return (await ask(draft, { ...options, ...pooled, section, plan: own }, [], release)).message;
			} finally {
				for (const one of release) await one().catch(() => {});
			}
		}
		const marked = withoutHeader.has(pooled) ? undefined : withWay(draft, plan.description, way);
		if (marked) {
			let receipt: Receipt | undefined;
			try {
				receipt = await pooled.connection.send(marked);
			} catch {
				// Nothing was sent: either the header or the message itself cannot be.
			}
			if (receipt) {
				prove(receipt);
				return undefined;
			}
		}
		prove(await pooled.connection.send(draft));
		if (marked) withoutHeader.add(pooled);
		return undefined;
	}

	return { prepare };
}

/** The draft with the way of the message in a header; undefined if its verb has no headers. */
function withWay(draft: Draft, { verbs }: ProtocolDescription, way: Way): Draft | undefined {
	const key = verbs.find(({ id }) => id === draft.verb)?.fields.find(({ type }) => type === 'pairs')?.key;
	if (key === undefined) return undefined;
	const before = draft.values[key];
	const pairs = Array.isArray(before) ? (before as [string, string][]) : [];
	const others = pairs.filter(([name]) => name.toLowerCase() !== ruleHeader);
	return { ...draft, values: { ...draft.values, [key]: [...others, [ruleHeader, wayText(way)]] } };
}

/** Answers a message by an action on it. */
async function actOn(
	message: Received,
	{ id, field }: NonNullable<Answer['action']>,
	draft: Draft | undefined,
	{ connection }: Pooled,
): Promise<void> {
	const text = toText(draft?.payload ?? new Uint8Array());
	if (text === undefined) throw placed(notText, undefined);
	if (!connection.act) throw placed(noAddress(connection.description.words.message), undefined);
	await connection.act(message, id, { ...draft?.values, [field]: text });
}
