import { FailureError, toFailure } from '../../base/failure';
import type { Draft, Receipt } from '../../model/contracts/message';
import { toText } from '../../model/contracts/payload';
import type { ProtocolDescription } from '../../protocols/description';
import type { Answer } from '../../protocols/message-files';
import { noAddress, notAStep, notText, placed, unexpectedAnswer, wouldReturn } from '../failures';
import { ask, proven } from '../run/ask';
import type { Clock, ConnectionSpec, Received } from '../run/connection';
import type { Pooled } from '../run/connections/pool';
import { connectionOf, replaceConnection, specOf } from '../run/connections/request-connection';
import { type Plan, type PlanContext, planRequest } from '../run/plan';
import { followsFromEnd } from '../run/results/ends';
import type { Match } from '../run/results/expectations';
import type { MessageFile, PlacedFailure, Section } from '../syntax/ast';
import { verbOf } from '../syntax/words';
import type { Surroundings } from '../values/builtins';
import { refersToMessage } from '../values/message-places';
import { type RuleStep, ruleSteps } from '../values/steps';
import { createConditions } from './conditions';
import { hasBeenAt, type Loops, ruleHeader, type Way, wayText } from './loops';
import type { ScopeFor } from './scope';
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
	 * Plans the step. Throws `Unsendable` if the message cannot be sent as it is. Waits while its connection is down. `answer`: that
	 * of the step before.
	 */
	prepare(work: Work, answer: Received | undefined): Promise<Ready>;
}

export interface StepsOptions extends Omit<PlanContext, 'scope' | 'answer'> {
	file: MessageFile;
	section: Section;
	around: Surroundings;
	clock: Clock;
	match: Match;
	signal: AbortSignal;
	timeout: number;
	source: { spec: ConnectionSpec; description: ProtocolDescription };
	targets: Targets;
	loops: Loops;
	scopeFor: ScopeFor;
	/** The address of a connection, for loops. */
	addressOf(spec: ConnectionSpec): string;
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
		if (!['send', 'request', 'form'].includes(word.action)) throw placed(notAStep(word.name), section.request.verb);
		const connection = connectionOf(file, section);
		if (connection.kind === 'url' && refersToMessage(file, connection.from)) continue;
		await targets.open(specOf(replaceConnection(connection, word, scope), word));
	}
}

function createStep({ section, reply }: RuleStep, options: StepsOptions, withoutHeader: Set<Pooled>): Step {
	const { file, source, targets, loops, scopeFor, match } = options;
	const { request } = section;
	const meets = createConditions(file, request, match, () => undefined);
	const place = reply ? request.verb : request.target.text === '' ? request.verb : request.target;

	async function prepare(work: Work, answer: Received | undefined): Promise<Ready> {
		const { plan, drafts, connection, address } = await planned(work, answer).catch((error) => {
			throw new Unsendable({ range: { start: place.start, end: place.end }, ...toFailure(error) } as PlacedFailure);
		});
		const pooled = await targets.open(plan.connection);
		return {
			async send() {
				let received: Received | undefined;
				const began = options.clock.now();
				try {
					if (address?.action) await actOn(work.message, address.action, drafts[0], pooled);
					else
						for (const draft of drafts)
							received = (await sendOne(draft, plan, pooled, connection, work.way, address?.isUnrouted)) ?? received;
				} catch (error) {
					const failure = toFailure(error);
					// An acknowledgement may also be missing on a connection that is open.
					if (followsFromEnd(failure) && failure.code !== 'unknown') targets.lost(pooled);
					throw new FailureError({ range: { start: place.start, end: place.end }, ...failure } as PlacedFailure);
				}
				const [unmet] = meets(
					received ? [received] : [],
					options.clock.now() - began,
					scopeFor(work.message, received),
				);
				if (unmet) throw placed(unexpectedAnswer(unmet.text, unmet.actual), unmet.range);
				return received;
			},
		};
	}

	async function planned(work: Work, answer: Received | undefined) {
		const address = reply ? addressFor(work.message, source.description) : undefined;
		const plan = await planRequest(file, section, {
			...options,
			scope: scopeFor(work.message, answer),
			...(address && { answer: { ...address, spec: source.spec } }),
		});
		const connection = options.addressOf(plan.connection);
		const drafts = plan.steps.flatMap((one) => one.drafts);
		// An action answers the message itself, which is no target.
		const back = address?.action ? undefined : drafts.find(({ target }) => hasBeenAt(work.way, connection, target));
		if (back) throw placed(wouldReturn(back.target), place);
		return { plan, drafts, connection, address };
	}

	async function sendOne(
		draft: Draft,
		plan: Plan,
		pooled: Pooled,
		connection: string,
		way: Way,
		mayBeUnrouted = false,
	): Promise<Received | undefined> {
		const prove = (receipt: Receipt) => {
			if (!mayBeUnrouted || receipt.proof !== 'unrouted') proven(receipt, draft, plan);
		};
		loops.sends(connection, draft.target, draft.payload, way);
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
			const receipt = await pooled.connection.send(marked).catch(() => undefined);
			if (receipt) {
				prove(receipt);
				return undefined;
			}
		}
		// Nothing was sent: either the header or the message itself cannot be.
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

/** Where the answer to a message goes. Throws `no-address`. */
function addressFor({ target, payload, flags = 0, meta }: Received, description: ProtocolDescription): Answer {
	const { subscription, verbs, files, words } = description;
	const own = files?.answer?.({ target, payload, flags, ...(meta && { meta }) });
	if (own) return own;
	const [verb] = verbs;
	if (subscription || !verb || verb.target === 'required') throw placed(noAddress(words.message), undefined);
	return { verb: verb.id, target: '', values: {} };
}
