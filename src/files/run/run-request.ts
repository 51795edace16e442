import { type Failure, toFailure } from '../../base/failure';
import type { Receipt } from '../../model/contracts/message';
import { missingMessages, placed } from '../failures';
import type { PlacedFailure, Section, What } from '../syntax/ast';
import { type AskOptions, ask, proven } from './ask';
import type { Received } from './connection';
import { createInbox, type Inbox, throwIfEnded } from './inbox';
import { messageFilter } from './message-filter';
import type { Plan, PlanStep } from './plan/plan';
import { endKnownWithin, expectedEnd, followsFromEnd, waitsForEnd, whyEnded } from './results/ends';
import { type JudgeContext, type Judged, judgeAll } from './results/judge';

export interface RequestOptions extends AskOptions, JudgeContext {
	/** Called when the request listens: messages that are sent from now on are received. */
	onListening?(): void;
	/** Called for each message with the number of messages so far. */
	onMessage?(count: number): void;
}

export interface RequestOutcome extends Judged {
	receipts: Receipt[];
	messages: Received[];
	/** Milliseconds: until the replies to requests, otherwise of the whole run. */
	ms: number;
	/** The user stopped it. */
	stopped: boolean;
}

/** Sends, receives and judges once. Never throws for what the peer does, and every wait ends. */
export async function runRequest(options: RequestOptions): Promise<RequestOutcome> {
	const { plan, connection, clock, signal } = options;
	const release: (() => Promise<void>)[] = [];
	const receipts: Receipt[] = [];
	const replies: Received[] = [];
	const inbox = createInbox({
		...{ connection, clock, signal, subscriptions: plan.subscriptions, onMessage: options.onMessage },
		fits: messageFilter(plan),
	});
	let failure: PlacedFailure | undefined;
	/** How the peer ended the connection or a subscription, if that came before everything else was received. */
	let peerEnd: Failure | undefined;
	let began = clock.now();
	/** Time from handing over the requests to their replies, in milliseconds. */
	let answeredIn: number | undefined;
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
					answeredIn = (answeredIn ?? 0) + reply.ms;
				} else receipts.push(proven(await connection.send(draft), draft, plan));
			}
		}
		if (plan.receives || (!plan.request && waitsForEnd(options.section, connection.description)))
			peerEnd = await receive(inbox, options);
	} catch (error) {
		failure = toFailure(error);
		// The reason for the end of the connection may arrive a moment after its consequences.
		if (followsFromEnd(failure)) await inbox.wait(() => false, endKnownWithin);
		peerEnd = followsFromEnd(failure) ? inbox.failure : failure.end && failure;
		if (peerEnd && peerEnd !== failure) failure = whyEnded(peerEnd, failure.range);
	}
	const end = peerEnd && expectedEnd(peerEnd, options.section);
	if (end) failure = undefined;
	const ms = answeredIn ?? clock.now() - began;
	const messages = plan.request ? replies : inbox.messages.slice(0, plan.options.maxMessages);
	inbox.dispose();
	for (const one of release) await one().catch(() => {});
	return {
		...{ receipts, messages, ms },
		...judgeAll(options, { messages, ms, end, connection }, failure),
		stopped: signal.aborted,
	};
}

/** Waits as the step's separator says. Returns the number of messages that the steps so far have waited for. */
async function waitBefore(
	{ separator }: PlanStep,
	inbox: Inbox,
	seen: number,
	{ clock, plan, timeout }: RequestOptions,
	sendsMore: boolean,
): Promise<number> {
	if (separator?.kind === 'wait') {
		const end = clock.now() + separator.ms;
		const waited = await inbox.wait(() => clock.now() >= end, separator.ms);
		if (waited !== 'ended' || sendsMore || !inbox.failure?.end?.normal) throwIfEnded(waited, inbox, separator);
	}
	if (separator?.kind !== 'wait-for-server') return seen;
	const expected = seen + separator.count;
	const within = plan.options.timeout ?? timeout;
	const waited = await inbox.wait(() => inbox.messages.length >= expected, within);
	throwIfEnded(waited, inbox, separator);
	if (waited === 'timeout')
		throw placed(missingMessages(inbox.messages.length - seen, separator.count, within), separator);
	return expected;
}

/** Waits for messages until there are enough, the time is over, or the user stops. Returns a normal end by the peer. */
async function receive(inbox: Inbox, { plan, section, timeout }: RequestOptions): Promise<Failure | undefined> {
	const { keepStreaming } = plan.options;
	const untilEnd = waitsForEnd(section, plan.description);
	const enough = untilEnd ? undefined : messagesNeeded(plan, section);
	if (enough === undefined && !untilEnd && endsAfterSending(plan, section)) return undefined;
	const within = keepStreaming ? undefined : (plan.options.timeout ?? timeout);
	const waited = await inbox.wait(() => enough !== undefined && inbox.messages.length >= enough, within);
	if (waited !== 'ended') return undefined;
	// After a normal end there is nothing more to receive, so that the messages are judged. Any other end is a failure.
	if (inbox.failure && !inbox.failure.end?.normal) throwIfEnded(waited, inbox);
	return inbox.failure;
}

const expectedKinds = ({ request }: Section) =>
	(request?.assertions ?? []).flatMap(({ expectation }) => (expectation ? [expectation.what] : []));

/** Of all messages until the request ends. */
const looksAtAll = ({ kind }: What) => kind === 'length' || kind === 'stream';

/** `@maxMessages`, or without an end of its own the number that the expectations look at; undefined: until the timeout. */
function messagesNeeded({ options }: Plan, section: Section): number | undefined {
	const { maxMessages, timeout } = options;
	const looksAt = expectedKinds(section);
	if (maxMessages !== undefined || timeout !== undefined || looksAt.some(looksAtAll)) return maxMessages;
	const highest = looksAt.map((what) => ('index' in what ? what.index + 1 : what.kind === 'code' ? 1 : 0));
	return Math.max(0, ...highest) || undefined;
}

/** A request that only sends, and whose metadata and expectations do not wait for messages. */
function endsAfterSending({ steps, subscriptions, options }: Plan, section: Section): boolean {
	const sends = steps.some(({ drafts }) => drafts.length > 0);
	const counts = expectedKinds(section).some(looksAtAll);
	return sends && options.timeout === undefined && !options.keepStreaming && !counts && subscriptions.length === 0;
}
