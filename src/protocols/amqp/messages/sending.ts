import { fail } from '../../../base/failure';
import type { Receipt } from '../../../model/contracts/message';
import type { Connection } from '../wire/connection';
import type { Prepared } from './drafts';
import { createPublishing, type Outcome, type Publishing } from './publishing';

/** What may wait for a server that does not read or confirm, before more is refused. Bytes. */
const mostWaiting = 64 * 1024 * 1024;
/** Channels that are kept for exchanges. */
const mostChannels = 16;

export interface Sending {
	/** Throws why nothing can be sent now. */
	check(bytes: number): void;
	send(prepared: Prepared): Promise<Receipt>;
}

/**
 * Messages of the user. Each exchange has a channel of its own, so that one that does not exist, or may not be written
 * to, takes nothing else with it; what the server may refuse for its properties goes alone.
 */
export function createSending(connection: Connection): Sending {
	const channels = new Map<string, Publishing>();

	function channelOf(exchange: string): Publishing {
		const known = channels.get(exchange);
		channels.delete(exchange);
		const channel = known?.open ? known : createPublishing(connection);
		channels.set(exchange, channel);
		if (channels.size > mostChannels)
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
			if (!connection.live) throw fail('not-open', 'The connection is not open, so nothing was sent.');
			if (connection.blocked !== undefined)
				throw fail('blocked', 'The server takes no messages at the moment, because a resource of it is low.', {
					evidence: `connection.blocked: ${connection.blocked}`,
					remedy: { text: 'Wait until memory or disk of the server is free again.' },
				});
			let waiting = 0;
			for (const channel of channels.values()) waiting += channel.waitingBytes;
			if (waiting > 0 && waiting + bytes > mostWaiting)
				throw fail(
					'not-reading',
					`The server does not confirm: ${waiting.toLocaleString('en')} bytes are waiting, and with this message they would exceed ${mostWaiting.toLocaleString('en')}.`,
					{ remedy: { text: 'Wait, or send less.' } },
				);
		},
		async send(prepared) {
			const began = performance.now();
			const alone = prepared.risky ? createPublishing(connection) : undefined;
			const outcome = await (alone ?? channelOf(prepared.exchange)).publish(prepared);
			void alone?.close();
			return receiptOf(outcome, Math.round((performance.now() - began) * 10) / 10);
		},
	};
}

export function receiptOf(outcome: Outcome, ms: number): Receipt {
	switch (outcome.kind) {
		case 'confirmed':
			return { proof: 'acknowledged', text: `confirmed by the server in ${ms} ms`, ms };
		case 'returned':
			return {
				proof: 'unrouted',
				text: `returned in ${ms} ms: no queue takes it`,
				ms,
				evidence: `basic.return ${outcome.code} ${outcome.text}`,
			};
		case 'refused':
			return { proof: 'refused', text: outcome.failure.message, ms, evidence: outcome.failure.evidence };
		case 'unknown':
			return {
				proof: 'unknown',
				text: 'The connection or channel ended before the server had confirmed it: it may or may not have arrived.',
				ms,
				evidence: [outcome.failure.message, outcome.failure.evidence].filter((part) => part).join(' '),
			};
	}
}
