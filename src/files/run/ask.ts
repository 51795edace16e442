import type { Draft, Receipt } from '../../model/contracts/message';
import type { ProtocolDescription } from '../../protocols/description';
import { noReply, noReplyWithin, notAccepted, placed } from '../failures';
import type { Section } from '../syntax/ast';
import type { Received, RunContext } from './connection';
import type { Pooled } from './connections/pool';
import { createInbox, type Inbox, throwIfEnded } from './inbox';
import type { Plan } from './plan/plan';
import { pair } from './reply';

export interface AskOptions extends RunContext, Pooled {
	section: Section;
	plan: Plan;
}

/** Whether a receipt proves as much as its protocol can. */
export const isProven = ({ proof }: Receipt, { files }: ProtocolDescription): boolean =>
	proof === 'acknowledged' ||
	proof === 'answered' ||
	proof === 'handed-over' ||
	(proof === 'unrouted' && files?.unroutedSucceeds === true);

/** Returns the receipt. Throws unless it proves as much as its protocol can. */
export function proven(receipt: Receipt, { target }: Draft, { request, description }: Plan): Receipt {
	if (isProven(receipt, description)) return receipt;
	const kind = request && receipt.proof === 'refused' ? 'request' : 'message';
	throw placed(notAccepted(receipt, kind, target), undefined);
}

/**
 * Sends a request and waits for its reply. Adds to `receipts`, and to `release` what ends the subscription to the replies.
 * `ms`: milliseconds from sending to the reply. Throws `no-reply`.
 */
export async function ask(
	draft: Draft,
	options: AskOptions,
	receipts: Receipt[],
	release: (() => Promise<void>)[],
): Promise<{ message: Received; ms: number }> {
	const { plan, connection, clock, signal } = options;
	const { fits, subscription, draft: paired, joined } = pair(draft, plan.description, options.around.random);
	// A reply can arrive before the receipt that identifies it, so that all messages are kept until then.
	const inbox = createInbox({
		...{ connection, clock, signal, subscriptions: subscription ? [subscription] : [] },
		fits: (message) => joined === true || fits(message),
	});
	try {
		if (subscription) release.push(await options.subscribe(subscription));
		const began = clock.now();
		const within = plan.options.timeout ?? options.timeout;
		const receipt = await inTime(connection.send(paired), inbox, within);
		const expectsCode = options.section.request?.assertions.some(
			({ expectation }) => expectation?.what.kind === 'code',
		);
		// The code of the answer says why, such as 503 without a responder.
		const isCode = joined && expectsCode && (receipt.proof === 'refused' || receipt.proof === 'unrouted');
		receipts.push(isCode ? receipt : proven(receipt, draft, plan));
		if (joined && !isCode && receipt.proof !== 'answered') throw placed(noReply(receipt.text), undefined);
		const reply = () => inbox.messages.find((one) => fits(one, receipt));
		const waited = await inbox.wait(() => reply() !== undefined, within);
		throwIfEnded(waited, inbox);
		const message = reply();
		if (!message) throw placed(noReplyWithin(within), undefined);
		return { message, ms: clock.now() - began };
	} finally {
		inbox.dispose();
	}
}

/** Limits the wait for a receipt: a protocol's own limit may be longer, such as the minutes of a CoAP exchange. */
async function inTime(sending: Promise<Receipt>, inbox: Inbox, within: number): Promise<Receipt> {
	let settled = false;
	const sent = sending.finally(() => {
		settled = true;
	});
	const first = await Promise.race([sent, inbox.wait(() => settled, within)]);
	if (typeof first !== 'string') return first;
	if (settled) return sent;
	throwIfEnded(first, inbox);
	throw placed(noReplyWithin(within), undefined);
}
