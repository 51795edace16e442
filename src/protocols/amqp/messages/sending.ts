import { fail } from '../../../base/failure';
import type { Receipt } from '../../../model/contracts/message';
import type { Sink } from '../../adapter';
import { notOpen } from '../../shared/failures';
import type { Connection } from '../wire/connection';
import type { Prepared } from './drafts';
import { createPublishing, type Outcome, type Publishing } from './publishing';
import { createUnconfirmed, type Written } from './unconfirmed';

/** Bytes that may wait for a server that does not read or confirm; more are refused. */
const maxWaiting = 64 * 1024 * 1024;
/** Channels that stay open for exchanges. */
const maxChannels = 16;

export interface Sending {
	/** Throws a FailureError if a body of this size cannot be sent now. */
	check(bytes: number): void;
	send(prepared: Prepared): Promise<Receipt>;
}

/**
 * Sends messages of the user. Each exchange has its own channel, since the server closes the channel when an exchange is
 * missing or must not be written to. A message that may be refused for its properties gets a channel for itself.
 */
export function createSending(connection: Connection, note: Sink['note']): Sending {
	const channels = new Map<string, Publishing<Outcome | Written>>();
	const open = ({ confirm }: Prepared): Publishing<Outcome | Written> =>
		confirm
			? createPublishing(connection)
			: createUnconfirmed(connection, ({ message }) => note(`Messages without confirms were lost: ${message}`, true));

	function channelOf(prepared: Prepared): Publishing<Outcome | Written> {
		const key = JSON.stringify([prepared.exchange, prepared.confirm]);
		const cached = channels.get(key);
		channels.delete(key);
		const channel = cached?.open ? cached : open(prepared);
		channels.set(key, channel);
		if (channels.size > maxChannels)
			for (const [name, idle] of channels)
				if (idle !== channel && idle.waiting === 0) {
					channels.delete(name);
					void idle.close();
					break;
				}
		return channel;
	}

	return {
		check(bytes) {
			if (!connection.live) throw notOpen();
			if (connection.blocked !== undefined)
				throw fail('blocked', 'The server accepts no messages at the moment because one of its resources is low.', {
					evidence: `connection.blocked: ${connection.blocked}`,
					remedy: { text: 'Wait until the server has free memory or disk space again.' },
				});
			let waiting = 0;
			for (const channel of channels.values()) waiting += channel.waitingBytes;
			if (waiting > 0 && waiting + bytes > maxWaiting)
				throw fail(
					'not-reading',
					`The server does not read or confirm: ${waiting.toLocaleString('en')} bytes are waiting, and with this message they would exceed ${maxWaiting.toLocaleString('en')}.`,
					{ remedy: { text: 'Wait, or send less.' } },
				);
		},
		async send(prepared) {
			const began = performance.now();
			const own = prepared.needsOwnChannel ? open(prepared) : undefined;
			const outcome = await (own ?? channelOf(prepared)).publish(prepared);
			void own?.close();
			return receiptOf(outcome, Math.round((performance.now() - began) * 10) / 10);
		},
	};
}

export function receiptOf(outcome: Outcome | Written, ms: number): Receipt {
	switch (outcome.kind) {
		case 'confirmed':
			return { proof: 'acknowledged', text: `confirmed by the server in ${ms} ms`, ms };
		case 'written':
			return { proof: 'handed-over', text: `handed to the network in ${ms} ms (without a confirm)`, ms };
		case 'returned':
			return {
				proof: 'unrouted',
				text: `returned after ${ms} ms: no queue is bound for it`,
				ms,
				evidence: `basic.return ${outcome.code} ${outcome.text}`,
			};
		case 'refused':
			return { proof: 'refused', text: outcome.failure.message, ms, evidence: outcome.failure.evidence };
		case 'unknown':
			return {
				proof: 'unknown',
				text: 'The connection or channel ended before the server confirmed the message: it may or may not have arrived.',
				ms,
				evidence: [outcome.failure.message, outcome.failure.evidence].filter((part) => part).join(' '),
			};
	}
}
