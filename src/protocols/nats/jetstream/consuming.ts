import { type Failure, FailureError, fail, toFailure } from '../../../base/failure';
import type { Hold, Outcome } from '../../../model/contracts/hold';
import { flag } from '../../../model/contracts/message';
import type { Subscription } from '../../../model/profile/profile';
import type { Granted, Sink } from '../../adapter';
import { peerText } from '../../shared/peer-text';
import { n } from '../browse/words';
import { natsFlag, statusOf } from '../describe/flags';
import { headersOf, readHeaders, readMeta } from '../describe/headers';
import { ackAll, withoutAck } from '../describe/holding';
import { placeOf } from '../describe/place';
import { consumerOf } from '../describe/subjects';
import { encodePublish } from '../messages/drafts';
import type { Connection } from '../wire/connection';
import { type Denied, errorLine } from '../wire/server-errors';
import type { Api } from './api';
import { type Consumer, readConsumer } from './consumers';
import { createHeldDeliveries } from './held-deliveries';
import { jsonText } from './json-text';
import { messageFlags } from './message-flags';
import { createUnsettled, type Receiver } from './unsettled';

/** Time for which one request for messages holds, unless the consumer allows less, in nanoseconds. */
const pullWithin = 30_000_000_000n;
/** Milliseconds after that without an answer, after which it is sent again. */
const pullLate = 5000;
/** Milliseconds between two looks at a push consumer, whose clients do not learn that it was deleted. */
const checkEvery = 3000;
const none = Buffer.alloc(0);

export interface Consuming {
	subscribe(subscription: Subscription, id: string, hold?: Hold): Promise<Granted>;
	unsubscribe(id: string): Promise<void>;
	settle(seqs: readonly number[], outcome: Outcome): void;
	held(): number;
	/** Whether a message that this link has received waits for an outcome. */
	isWaiting(reply: string): boolean;
	/** A message was settled, so that another one may be asked for. `reply`: its subject for the acknowledgement. */
	settled(reply: string, isAcknowledged: boolean): void;
	/** A permission is missing. Returns whether it was one of these. */
	denied(denied: Denied, text: string): boolean;
	stop(): void;
}

interface Open extends Receiver {
	consumer: Consumer;
	sid: number;
	inbox: string;
	/** Subject of its requests for messages. */
	next: string;
	batch: number;
	/** Messages that the current request may still bring. */
	wanted: number;
	timer?: ReturnType<typeof setTimeout>;
	/** Extends the time of held messages. */
	extending?: ReturnType<typeof setInterval>;
	detail: string;
	isGranted: boolean;
	/** The permission that is missing. */
	denial?: Failure;
	/** Why the server has refused the last request for messages. */
	refusal?: string;
}

/** Receives from consumers of streams. Messages are acknowledged after they are in the log, or by the user. */
export function createConsuming(connection: Connection, api: Api, inbox: string, sink: Sink): Consuming {
	const open = new Map<string, Open>();
	const respond = (reply: string, outcome: '' | '-NAK' | '+WPI') =>
		connection.write(encodePublish(reply, '', '', outcome === '' ? none : Buffer.from(outcome)));
	const held = createHeldDeliveries<Open>(respond, (one, reply) => {
		unsettled.forget(one, reply);
		pull(one);
	});
	const unsettled = createUnsettled<Open>(sink, held);
	let last = 0;

	function end(one: Open, failure?: Failure): void {
		clearTimeout(one.timer);
		clearInterval(one.extending);
		if (one.how === 'held' && connection.life.state === 'open') {
			held.giveBack(one);
			unsettled.forgetAll(one);
		}
		if (open.get(one.id) === one) open.delete(one.id);
		connection.unsubscribe(one.sid);
		if (failure && connection.life.state === 'open') sink.subscription(one.id, { failure });
	}

	/** Asks for as many messages as may wait here, unless a request is on its way. */
	function pull(one: Open): void {
		const { consumer, inbox: reply, next } = one;
		if (consumer.deliverSubject !== '' || one.wanted > 0 || connection.life.state !== 'open') return;
		const free = one.batch - one.waiting.size;
		if (free <= 0) return;
		one.wanted = free;
		const { maxExpires } = consumer;
		const expires = maxExpires > 0n && maxExpires < pullWithin ? maxExpires : pullWithin;
		const body = jsonText({ batch: free, expires });
		connection.write(encodePublish(next, reply, '', Buffer.from(body)));
		clearTimeout(one.timer);
		one.timer = setTimeout(
			() => {
				one.wanted = 0;
				pull(one);
			},
			Number(expires / 1_000_000n) + pullLate,
		);
	}

	/** Ends the subscription to a push consumer that does not exist any more. */
	function check(one: Open): void {
		one.timer = setTimeout(async () => {
			const { stream, name } = one.consumer;
			const problem = await readConsumer(api, stream, name).then(() => undefined, toFailure);
			if (open.get(one.id) !== one) return;
			if (problem?.code === 'not-found') deleted(one, problem.evidence);
			else check(one);
		}, checkEvery);
	}

	const named = ({ consumer: { stream, name } }: Open) => `"${stream}/${name}"`;

	const deleted = (one: Open, evidence?: string) =>
		end(one, { code: 'consumer-ended', message: `The consumer ${named(one)} was deleted.`, evidence });

	/** Shows the reason for which no messages come, and removes it when they do. */
	function refused(one: Open, refusal: string | undefined): void {
		if (one.refusal === refusal) return;
		one.refusal = refusal;
		const detail = refusal === undefined ? one.detail : `the server refuses the request for messages: ${refusal}`;
		sink.subscription(one.id, { detail });
	}

	function receive(one: Open, target: string, payload: Uint8Array, meta: Uint8Array | undefined, given: number): void {
		const status = statusOf(given);
		if (status !== '') {
			onStatus(one, status, meta);
			return;
		}
		const found = messageFlags(target, meta, given);
		const reply = (found & natsFlag.consumed) !== 0 ? (readMeta(meta).reply ?? '') : '';
		const isAsked = reply !== '' && one.consumer.ackPolicy !== 'none';
		const flags = isAsked && one.how === 'held' ? found | flag.held : found;
		const seq = sink.message({ target, payload, flags, meta, subscriptions: [one.id] });
		if (one.wanted > 0) one.wanted--;
		if (one.refusal !== undefined) refused(one, undefined);
		if (isAsked) {
			if (one.how !== 'logged') unsettled.add(one, seq, reply, placeOf(flags, meta)?.sequence ?? '');
			else respond(reply, '');
		}
		if (one.wanted === 0) pull(one);
	}

	function onStatus(one: Open, code: string, meta: Uint8Array | undefined): void {
		const { reply, block = '' } = readMeta(meta);
		const { status } = readHeaders(block);
		const text = status?.text ?? '';
		// Flow control of a push consumer, which waits for an answer; a heartbeat has none.
		if (code === '100') {
			const stalled = headersOf(meta).pairs.find(([name]) => name === 'Nats-Consumer-Stalled')?.[1];
			const answer = reply ?? stalled;
			if (answer) connection.write(encodePublish(answer, '', '', none));
			return;
		}
		if (/consumer deleted|not found|push based/i.test(text) || code === '503') {
			const evidence = peerText(`${code} ${text}`.trim());
			if (code === '503')
				end(one, { code: 'consumer-ended', message: `Nothing delivers for ${named(one)} any more.`, evidence });
			else deleted(one, evidence);
			return;
		}
		if (/^exceeded|exceeds/i.test(text)) refused(one, peerText(text));
		// The request is over: expired, without messages, or more than the consumer allows.
		one.wanted = 0;
		clearTimeout(one.timer);
		const isEarly = code === '409' || code === '404';
		one.timer = setTimeout(() => pull(one), isEarly ? 1000 : 0);
	}

	return {
		async subscribe({ target, settle, batch }, id, hold) {
			const names = consumerOf(target);
			if (!names) throw fail('bad-target', 'Enter the stream and its consumer, such as ORDERS/worker.');
			const consumer = await readConsumer(api, names.stream, names.consumer);
			const before = open.get(id);
			if (before) end(before);
			const own = typeof batch === 'number' ? batch : undefined;
			const most = Math.max(1, hold?.limit ?? own ?? 10);
			const wanted = Math.min(most, own ?? most);
			const { maxBatch } = consumer;
			const unheld = consumer.ackPolicy === 'none' ? withoutAck : consumer.ackPolicy === 'all' ? ackAll : undefined;
			const how: Open['how'] = hold ? (unheld ? 'logged' : 'held') : settle === 'ack' ? 'logged' : 'manual';
			const kind = consumer.deliverSubject === '' ? 'pull' : 'push';
			const words =
				consumer.ackPolicy === 'none'
					? 'without acknowledgement'
					: how === 'manual'
						? 'each message waits for an outcome'
						: how === 'held'
							? 'acknowledged when processed'
							: 'acknowledged when logged';
			const one: Open = {
				...{ id, consumer, sid: 0, inbox: `${inbox}.pull.${++last}`, how, wanted: 0 },
				...{ waiting: new Map(), replies: new Map() },
				batch: maxBatch > 0n && maxBatch < wanted ? Number(maxBatch) : wanted,
				next: `${api.prefix}.CONSUMER.MSG.NEXT.${consumer.stream}.${consumer.name}`,
				isGranted: false,
				detail: `${kind} consumer, ${n(consumer.pending)} pending, ${words}`,
			};
			const subject = consumer.deliverSubject || one.inbox;
			one.sid = connection.subscribe(subject, consumer.deliverGroup || undefined, (from, payload, meta, flags) =>
				receive(one, from, payload, meta, flags),
			);
			open.set(id, one);
			if (how === 'held') one.extending = held.extend(one);
			if (kind === 'pull') pull(one);
			else check(one);
			await connection.flush().done;
			if (one.denial) {
				end(one);
				throw new FailureError(one.denial);
			}
			one.isGranted = true;
			return { detail: one.detail, ...(hold && unheld && { holding: unheld }) };
		},
		async unsubscribe(id) {
			const one = open.get(id);
			if (!one) return;
			end(one);
			await connection.flush().done;
		},
		settle: held.settle,
		held: () => held.size,
		isWaiting: unsettled.has,
		settled(reply, isAcknowledged) {
			for (const one of open.values()) {
				if (!one.waiting.has(reply)) continue;
				if (isAcknowledged && one.consumer.ackPolicy === 'all') unsettled.acknowledgedUpTo(one, reply);
				unsettled.forget(one, reply);
				pull(one);
			}
			unsettled.gone(reply);
		},
		denied({ kind, subject }, text) {
			for (const one of open.values()) {
				const { next, inbox: own, consumer } = one;
				if (subject !== (kind === 'subscribe' ? consumer.deliverSubject || own : next)) continue;
				const what = `${kind === 'subscribe' ? 'subscribe' : 'publish'} to "${peerText(subject)}"`;
				const message = `The user has no permission to ${what}, so nothing can be received from ${named(one)}.`;
				one.denial = { code: 'subscription-refused', message, evidence: errorLine(text) };
				if (one.isGranted) end(one, one.denial);
				return true;
			}
			return false;
		},
		stop() {
			for (const one of open.values()) {
				clearTimeout(one.timer);
				clearInterval(one.extending);
			}
			open.clear();
		},
	};
}
