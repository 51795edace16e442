import { type Failure, FailureError, type PeerEnd, toFailure } from '../../base/failure';
import { sentence } from '../../base/sentence';
import type { Draft, Receipt } from '../../model/contracts/message';
import type { MessageFile, PlacedFailure, Section } from '../syntax/ast';
import { lineOf } from '../syntax/ast';
import { replaceIn, type Scope } from '../values/variables';
import type { Clock, Connection, Received } from './connection';
import { createInbox, type Inbox } from './inbox';
import type { Plan, PlanStep } from './plan';
import { pair } from './reply';
import { endKnownWithin, expectedEnd, followsFromEnd, placeOf, waitsForEnd, whyEnded } from './results/ends';
import { judge, type Match, type Outcome } from './results/expectations';
import type { AssertionResult } from './results/result';

export interface OnceOptions {
	file: MessageFile;
	section: Section;
	plan: Plan;
	connection: Connection;
	scope: Scope;
	clock: Clock;
	random(bytes: number): Uint8Array;
	match: Match;
	signal: AbortSignal;
	/** Milliseconds, where the request sets none. */
	timeout: number;
	/** It listens now: what is sent from here on is not missed. */
	onListening?(): void;
	/** A message has come: how many there are now. */
	onMessage?(count: number): void;
	/** Counts subscriptions of requests on one connection. */
	subscribe(target: Plan['subscriptions'][number]): Promise<() => Promise<void>>;
}

/** What one run of a request came to. */
export interface Once {
	receipts: Receipt[];
	messages: Received[];
	assertions: AssertionResult[];
	/** How the peer ended it, where the expectations look at that. */
	end?: PeerEnd;
	failure?: PlacedFailure;
	stopped: boolean;
	ms: number;
}

/** MQTT 5 calls "no matching subscribers" a success (2.4): the broker has done what was asked. Elsewhere it is lost. */
const unroutedIsFine = new Set(['mqtt']);

/** Sends, receives and judges once. Never throws for what the peer does; every wait ends. */
export async function runOnce(options: OnceOptions): Promise<Once> {
	const { plan, connection, clock, signal } = options;
	const release: (() => Promise<void>)[] = [];
	const receipts: Receipt[] = [];
	const replies: Received[] = [];
	const matches = plan.subscriptions.map(({ target }) => plan.description.pattern?.compile(target) ?? below(target));
	const received = plan.receives || !plan.description.subscription;
	const subscribes = plan.description.subscription !== undefined;
	const inbox = createInbox({
		...{ connection, clock, signal, subscriptions: plan.subscriptions, onMessage: options.onMessage },
		fits(message) {
			// What answers another request is no message of a subscription, an error least of all.
			if (!received || (subscribes && message.answers !== undefined)) return false;
			return matches.length === 0 || matches.some((fits) => fits(message.target));
		},
	});
	let failure: PlacedFailure | undefined;
	/** How the peer ended it, if that came before everything else was there. */
	let over: Failure | undefined;
	let began = clock.now();
	/** Of a request: from handing it over to its reply. */
	let answered: number | undefined;
	try {
		for (const subscription of plan.subscriptions) release.push(await options.subscribe(subscription));
		options.onListening?.();
		began = clock.now();
		let seen = 0;
		for (const [at, step] of plan.steps.entries()) {
			const sendsMore = plan.steps.slice(at).some(({ drafts }) => drafts.length > 0);
			seen = await waitBefore(step, inbox, seen, options, sendsMore);
			for (const draft of step.drafts) {
				if (plan.request) {
					const reply = await ask(draft, options, receipts, release);
					replies.push(reply.message);
					answered = (answered ?? 0) + reply.ms;
				} else receipts.push(proven(await connection.send(draft), draft, plan));
			}
		}
		if (plan.receives || (!plan.request && waitsForEnd(options.section, connection.description)))
			over = await receive(inbox, options);
	} catch (error) {
		failure = toFailure(error);
		// The link is about to say why.
		if (followsFromEnd(failure)) await inbox.wait(() => false, endKnownWithin);
		over = followsFromEnd(failure) ? inbox.failure : failure.end && failure;
		if (over && over !== failure) failure = whyEnded(over, failure.range);
	}
	const end = over && expectedEnd(over, options.section);
	if (end) failure = undefined;
	const ms = answered ?? clock.now() - began;
	const messages = plan.request ? replies : inbox.messages.slice(0, plan.options.maxMessages);
	inbox.dispose();
	for (const one of release) await one().catch(() => {});
	return { receipts, messages, ...judgeAll(options, { messages, ms, end }, failure), stopped: signal.aborted, ms };
}

/** What the refused connection comes to, if the expectations look at how the peer refused it. */
export function judgeRefusal(
	options: Pick<OnceOptions, 'file' | 'section' | 'scope' | 'match'>,
	refusal: Failure,
	ms: number,
): Pick<Once, 'assertions' | 'end' | 'failure'> | undefined {
	const end = refusal.end && expectedEnd(refusal, options.section);
	return end && judgeAll(options, { messages: [], ms, end }, undefined);
}

/** A leading slash says nothing where there are no patterns, and what a room or a node has stands below it. */
function below(target: string): (one: string) => boolean {
	const wanted = target.replace(/^\/+(?=.)/, '');
	return (one) => {
		const path = one.replace(/^\/+(?=.)/, '');
		return path === wanted || path.startsWith(`${wanted}/`);
	};
}

/** What must come before the step. Returns the number of messages that have been waited for. */
async function waitBefore(
	step: PlanStep,
	inbox: Inbox,
	seen: number,
	options: OnceOptions,
	sendsMore: boolean,
): Promise<number> {
	const { separator } = step;
	const { clock } = options;
	if (separator?.kind === 'wait') {
		const end = clock.now() + separator.ms;
		const waited = await inbox.wait(() => clock.now() >= end, separator.ms);
		if (waited !== 'ended' || sendsMore || !inbox.failure?.end?.normal) ended(waited, inbox, separator);
	}
	if (separator?.kind !== 'wait-for-server') return seen;
	const wanted = seen + separator.count;
	const within = options.plan.options.timeout ?? options.timeout;
	const waited = await inbox.wait(() => inbox.messages.length >= wanted, within);
	ended(waited, inbox, separator);
	if (waited === 'late')
		throw failed(
			'no-message',
			`The server sent ${inbox.messages.length - seen} of ${separator.count} messages within ${within} ms.`,
			separator,
		);
	return wanted;
}

function ended(waited: string, inbox: Inbox, range?: { start: number; end: number }): void {
	if (waited === 'stopped') throw failed('stopped', 'It was stopped.', range);
	if (waited === 'ended' && inbox.failure) throw new FailureError(whyEnded(inbox.failure, range));
	if (waited === 'ended') throw failed('connection-ended', 'The connection ended while waiting.', range);
}

function failed(code: string, message: string, range?: { start: number; end: number }): FailureError {
	return new FailureError({ code, message, ...placeOf(range) } as PlacedFailure);
}

/** Throws unless the receipt proves as much as its protocol can. */
function proven(receipt: Receipt, draft: Draft, plan: Plan): Receipt {
	const fine =
		receipt.proof === 'acknowledged' ||
		receipt.proof === 'answered' ||
		receipt.proof === 'handed-over' ||
		(receipt.proof === 'unrouted' && unroutedIsFine.has(plan.description.id));
	if (fine) return receipt;
	const to = draft.target === '' ? '' : ` to "${draft.target}"`;
	throw new FailureError({
		code: receipt.proof,
		message:
			plan.request && receipt.proof === 'refused'
				? sentence(`The request${to} was refused: ${receipt.text}`)
				: sentence(`The message${to} was not delivered: ${receipt.text}`),
		...(receipt.evidence !== undefined && { evidence: receipt.evidence }),
	});
}

async function ask(
	draft: Draft,
	options: OnceOptions,
	receipts: Receipt[],
	release: (() => Promise<void>)[],
): Promise<{ message: Received; ms: number }> {
	const { plan, connection, clock, signal } = options;
	const { fits, subscription, draft: paired, joined } = pair(draft, plan.description, options.random);
	// An answer may be there before the receipt that says what it answers.
	const inbox = createInbox({
		...{ connection, clock, signal, subscriptions: subscription ? [subscription] : [] },
		fits: (message) => joined === true || fits(message),
	});
	try {
		if (subscription) release.push(await options.subscribe(subscription));
		const began = clock.now();
		const within = plan.options.timeout ?? options.timeout;
		const receipt = await inTime(connection.send(paired), inbox, within);
		const refusalCounts = options.section.request?.assertions.some(
			({ expectation }) => expectation?.what.kind === 'code',
		);
		receipts.push(receipt.proof === 'refused' && joined && refusalCounts ? receipt : proven(receipt, draft, plan));
		if (joined && receipt.proof !== 'answered' && receipt.proof !== 'refused')
			throw failed('no-reply', sentence(`No reply came: ${receipt.text}`));
		const reply = () => inbox.messages.find((one) => fits(one, receipt));
		const waited = await inbox.wait(() => reply() !== undefined, within);
		ended(waited, inbox);
		const message = reply();
		if (!message) throw failed('no-reply', `No reply came within ${within} ms.`);
		return { message, ms: clock.now() - began };
	} finally {
		inbox.dispose();
	}
}

/** A protocol's own patience may be longer than the request's: a CoAP exchange takes minutes to give up. */
async function inTime(sending: Promise<Receipt>, inbox: Inbox, within: number): Promise<Receipt> {
	let receipt: Receipt | undefined;
	let error: unknown;
	let settled = false;
	const done = sending.then(
		(one) => {
			receipt = one;
			settled = true;
		},
		(why) => {
			error = why;
			settled = true;
		},
	);
	const late = inbox.wait(() => settled, within);
	const first = await Promise.race([done, late]);
	if (receipt) return receipt;
	if (settled) throw error;
	ended(first ?? '', inbox);
	throw failed('no-reply', `No reply came within ${within} ms.`);
}

/** Until enough has come, its time is over, or it is stopped. Returns why it ended, where that is no failure. */
async function receive(inbox: Inbox, options: OnceOptions): Promise<Failure | undefined> {
	const { plan, section } = options;
	const { maxMessages, timeout, keepStreaming } = plan.options;
	const looked = (section.request?.assertions ?? []).flatMap(({ expectation }) =>
		expectation ? [expectation.what] : [],
	);
	const indexes = looked.map((what) => ('index' in what ? what.index + 1 : what.kind === 'code' ? 1 : 0));
	const counts = looked.some(({ kind }) => kind === 'length');
	const needed = Math.max(0, ...indexes);
	const untilEnd = waitsForEnd(section, plan.description);
	// Without an end of its own it ends when the expectations have what they look at.
	const wanted = maxMessages ?? (timeout === undefined && !counts && needed > 0 ? needed : undefined);
	const enough = untilEnd ? undefined : wanted;
	const sends = plan.steps.some(({ drafts }) => drafts.length > 0);
	if (
		!untilEnd &&
		sends &&
		enough === undefined &&
		timeout === undefined &&
		!keepStreaming &&
		!counts &&
		plan.subscriptions.length === 0
	)
		return undefined;
	const within = keepStreaming ? undefined : (timeout ?? options.timeout);
	const waited = await inbox.wait(() => enough !== undefined && inbox.messages.length >= enough, within);
	// A server that closes normally has said everything: what came is judged. Any other end is a failure.
	if (waited !== 'ended') return undefined;
	if (inbox.failure && !inbox.failure.end?.normal) ended(waited, inbox);
	return inbox.failure;
}

/** `failure`: why nothing is judged. */
function judgeAll(
	{ file, section, scope, match }: Pick<OnceOptions, 'file' | 'section' | 'scope' | 'match'>,
	outcome: Outcome,
	failure: PlacedFailure | undefined,
): Pick<Once, 'assertions' | 'end' | 'failure'> {
	let wrong = failure;
	const assertions = (section.request?.assertions ?? []).flatMap(({ expectation, start, end }): AssertionResult[] => {
		const place = { range: { start, end }, line: lineOf(file.text, start), text: file.text.slice(start, end) };
		if (!expectation || failure)
			return [{ ...place, ending: 'not-run', expected: expectation ? expectation.operator : '', actual: 'not run' }];
		try {
			const value = replaceIn(expectation.value.text, expectation.value.start, scope);
			const { passed, ...verdict } = judge(expectation, value, outcome, match);
			return [{ ...place, ...verdict, ending: passed ? 'passed' : 'failed' }];
		} catch (error) {
			wrong ??= toFailure(error);
			return [];
		}
	});
	return { assertions, ...(outcome.end && { end: outcome.end }), ...(wrong && { failure: wrong }) };
}
