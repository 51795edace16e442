import { fail } from '../../../base/failure';
import type { Subscription } from '../../../model/profile/profile';
import type { Granted, Sink } from '../../adapter';
import { peerText } from '../../shared/peer-text';
import { natsFlag } from '../describe/flags';
import { checkFilter, isInternal } from '../describe/subjects';
import { messageFlags } from '../jetstream/message-flags';
import type { Connection, Route } from '../wire/connection';
import { type Denied, errorLine } from '../wire/server-errors';
import { createHiddenCount, type HiddenCount } from './hidden-count';
import type { Inbox } from './inbox';

interface Open {
	sid: number;
	subject: string;
	queue: string;
	hidden?: HiddenCount;
	/** The text of the error by which the server has refused it. */
	refusal?: string;
	isGranted: boolean;
}

export interface Subscribing {
	subscribe(subscription: Subscription, id: string): Promise<Granted>;
	unsubscribe(id: string): Promise<void>;
	/** A subscription was refused. Returns whether it was one of these. */
	denied(denied: Denied, text: string): boolean;
	/** An error that names no subject, such as too many subscriptions. Returns whether it belongs to one of these. */
	failed(text: string): boolean;
	stop(): void;
}

/** Subscriptions of core NATS, with and without a queue group. */
export function createSubscribing(connection: Connection, inbox: Inbox, sink: Sink): Subscribing {
	/** By id of the subscription. */
	const open = new Map<string, Open>();

	/** Receives the messages of a subscription. `hides`: without internal subjects. */
	function route(id: string, hidden: HiddenCount | undefined): Route {
		const subscriptions = [id];
		return (target, payload, meta, flags) => {
			if (isOwnTraffic(target, meta)) return;
			const all = meta ? messageFlags(target, meta, flags) : flags;
			// A delivery by a consumer has the subject of the stored message, but was sent to an internal one.
			if (hidden && (all & natsFlag.consumed || isInternal(target))) {
				hidden.add();
				return;
			}
			sink.message({ target, payload, flags: all, meta, subscriptions });
		};
	}

	/** Reply subjects of this connection, whose messages are logged as answers, and its own requests to the system. */
	function isOwnTraffic(target: string, meta: Uint8Array | undefined): boolean {
		const first = target.charCodeAt(0);
		if (first === 0x24) return meta !== undefined && inbox.isOwn(Buffer.from(meta).toString('latin1'));
		return first === inbox.firstLetter && inbox.isOwn(target);
	}

	function end(id: string, one: Open): void {
		if (open.get(id) === one) open.delete(id);
		one.hidden?.stop();
		connection.unsubscribe(one.sid);
	}

	return {
		async subscribe({ target, mode, queue: group, internal }, id) {
			const wrong = checkFilter(target);
			if (wrong) throw fail('bad-target', wrong);
			const queue = mode === 'queue' && typeof group === 'string' ? group : '';
			if (mode === 'queue' && (queue === '' || /[\s\p{Cc}]/u.test(queue)))
				throw fail('bad-queue', 'The name of the queue group is empty or contains a space.', { field: 'queue' });
			const before = open.get(id);
			if (before) end(id, before);
			const hides = internal !== true && /^[*>]/.test(target);
			const hidden = hides ? createHiddenCount((detail) => sink.subscription(id, { detail })) : undefined;
			const sid = connection.subscribe(target, queue, route(id, hidden));
			const one: Open = { sid, subject: target, queue, hidden, isGranted: false };
			open.set(id, one);
			await connection.flush().done;
			if (one.refusal !== undefined) {
				end(id, one);
				throw fail('subscription-refused', refusalWords(one), { evidence: errorLine(one.refusal) });
			}
			one.isGranted = true;
			return { detail: queue === '' ? (hides ? 'without internal subjects' : undefined) : `queue group "${queue}"` };
		},
		async unsubscribe(id) {
			const one = open.get(id);
			if (!one) return;
			end(id, one);
			await connection.flush().done;
		},
		denied({ kind, subject, queue = '' }, text) {
			if (kind !== 'subscribe') return false;
			for (const [id, one] of open) {
				if (one.subject !== subject || one.queue !== queue) continue;
				one.refusal = text;
				if (!one.isGranted) return true;
				end(id, one);
				sink.subscription(id, {
					failure: { code: 'subscription-refused', message: refusalWords(one), evidence: errorLine(text) },
				});
				return true;
			}
			return false;
		},
		failed(text) {
			const waiting = [...open.values()].find((one) => !one.isGranted && one.refusal === undefined);
			if (waiting && /subscription|subject/i.test(text)) waiting.refusal = text;
			return waiting?.refusal === text;
		},
		stop() {
			for (const one of open.values()) one.hidden?.stop();
			open.clear();
		},
	};
}

function refusalWords({ subject, queue, refusal = '' }: Open): string {
	const what = `"${peerText(subject)}"${queue && ` with the queue group "${peerText(queue)}"`}`;
	if (/^permissions violation/i.test(refusal)) return `The user has no permission to subscribe to ${what}.`;
	if (/maximum subscriptions/i.test(refusal))
		return `The server refused ${what}: the user has as many subscriptions as it may have.`;
	return `The server refused the subscription to ${what}.`;
}
