import type { Delivery } from 'rhea';
import { fail } from '../../../base/failure';
import type { Hold } from '../../../model/contracts/hold';
import { flag } from '../../../model/contracts/message';
import type { Subscription } from '../../../model/profile/profile';
import type { Granted, Sink } from '../../adapter';
import { peerText } from '../../shared/peer-text';
import { checkAddress } from '../describe/address';
import type { Amqp1Mode } from '../describe/ids';
import { attachReceiver, type ReceivingLink } from '../wire/attach';
import type { Connection } from '../wire/connection';
import { createCopies, keepingOf, maxHeld } from './copies';
import { type Arrived, createSplitter } from './incoming';
import { createReception, flagOf, type Reception, words } from './reception';
import type { Settling } from './settling';
import { sourceOf } from './terms';

export interface ReceivingOptions {
	connection: Connection;
	sink: Sink;
	settling: Settling;
	/** The user states that the server keeps browsed messages. */
	trustsBrowsing: boolean;
}

export interface Receiving {
	subscribe(subscription: Subscription, id: string, hold?: Hold): Promise<Granted>;
	unsubscribe(id: string): Promise<void>;
	/** A message of this subscription was settled. */
	settled(id: string): void;
	/** The subscriptions that are open: address, mode and credit in words. */
	open(): { address: string; mode: Amqp1Mode; words: string }[];
}

/** Without a further message for this long, received ones are released. Milliseconds. */
const quietFor = 1000;

/** The ways to receive. Each subscription has a link of its own, which gets no credit before its terms are known. */
export function createReceiving({ connection, sink, settling, trustsBrowsing }: ReceivingOptions): Receiving {
	const open = new Map<string, Reception>();
	const split = createSplitter();
	void connection.life.ended.then(() => {
		for (const { timer } of open.values()) clearTimeout(timer);
	});

	const log = ({ mode, address, subscriptions }: Reception, { payload, flags, meta }: Arrived, more = 0): number =>
		sink.message({ ...{ target: address, payload, meta, subscriptions }, flags: flags | flagOf[mode] | more });

	function arrived(reception: Reception, delivery: Delivery, bytes: Uint8Array, format: number, id: string): void {
		const isHeld = reception.hold !== undefined && !delivery.remote_settled;
		const seq = log(reception, split(bytes, format), isHeld ? flag.held : 0);
		if (isHeld) {
			reception.unsettled++;
			settling.hold(seq, { delivery, id, byCaller: true });
			refill(reception);
			return;
		}
		switch (reception.mode) {
			case 'consume':
				delivery.accept();
				break;
			case 'browse':
				// A copy: whatever its outcome is, the server keeps the message. In a queue of this link it would come again without end.
				if (reception.keeping === 'private') delivery.accept();
				else if (!reception.copies) delivery.release();
				else if (!reception.copies.add(delivery, bytes)) {
					notKept(reception, id);
					return;
				}
				break;
			case 'release':
				if (delivery.remote_settled) reception.lost++;
				reception.held.push(delivery);
				if (reception.held.length >= reception.credit) finishRelease(reception, id);
				else waitQuietly(reception, id);
				return;
			case 'receive':
				if (delivery.remote_settled) {
					sink.settlement(seq, { open: false, text: 'settled by the sender' });
					delivery.accept();
				} else {
					reception.unsettled++;
					settling.hold(seq, { delivery, id });
					return;
				}
		}
		refill(reception);
	}

	/** Gives credit so that at most `credit` messages are on their way or wait for an outcome. */
	function refill(reception: Reception): void {
		const { link, credit, unsettled, coming } = reception;
		if (!link?.open || reception.isOver) return;
		const missing = credit - unsettled - coming;
		// A user settles one by one and sees the next at once; a rule is spared a frame for each.
		const isSlow = reception.hold ? coming === 0 : unsettled > 0;
		if (missing >= Math.max(1, credit / 2) || (isSlow && missing > 0)) give(reception, link, missing);
	}

	function give(reception: Reception, link: ReceivingLink, credit: number): void {
		reception.coming += credit;
		link.grant(credit);
	}

	/** A message that was released came again: the server delivers the same ones without end. */
	function notKept(reception: Reception, id: string): void {
		const { address, copies } = reception;
		open.delete(id);
		void close(reception);
		sink.subscription(id, {
			failure: fail(
				'not-kept',
				`A message from "${peerText(address)}" came a second time, so browsing was stopped: the server offers copies, but delivers what it gets back again.`,
				{
					evidence: `after ${copies?.count} messages`,
					remedy: { text: 'Use "Receive and Release". Identical messages without an ID look the same.' },
				},
			).failure,
		});
	}

	function waitQuietly(reception: Reception, id: string): void {
		clearTimeout(reception.timer);
		reception.timer = setTimeout(() => finishRelease(reception, id), quietFor);
	}

	/** Releases what was received, in the order of arrival, and ends the subscription. */
	function finishRelease(reception: Reception, id: string): void {
		if (reception.isOver) return;
		const count = reception.held.length;
		void close(reception);
		open.delete(id);
		if (connection.life.state !== 'open') return;
		const { lost } = reception;
		const address = `"${peerText(reception.address)}"`;
		sink.subscription(id, {
			finished:
				count === 0
					? `No message arrived from ${address}.`
					: `Received ${count} from ${address} and released ${lost === 0 ? 'them' : count - lost}.`,
		});
		if (lost > 0)
			sink.note(
				`The server sent ${lost} of them settled, which it does not take back: they are only in this log.`,
				true,
			);
	}

	async function close(reception: Reception): Promise<void> {
		if (reception.isOver) return;
		reception.isOver = true;
		clearTimeout(reception.timer);
		const { held, link } = reception;
		reception.held = [];
		if (held.length > 0 && link?.open) {
			// First, so that the server does not deliver them over this link again. rhea sends a flow behind the outcomes of its turn.
			link.withdraw();
			await new Promise((resolve) => setImmediate(resolve));
			for (const delivery of held) delivery.release();
		}
		await link?.close();
	}

	async function begin(subscription: Subscription, id: string, mode: Amqp1Mode, hold?: Hold): Promise<Granted> {
		const address = subscription.target;
		const { source, filters } = sourceOf(subscription, mode);
		const reception = createReception(subscription, id, mode, hold);
		const link = await attachReceiver(
			connection,
			{ source, snd_settle_mode: mode === 'consume' && !hold ? 2 : 0 },
			{
				address,
				refusal: 'The server refused to send messages from',
				ending: 'The server ended the receiving from',
				ended(failure) {
					reception.isOver = true;
					clearTimeout(reception.timer);
					if (open.get(id) !== reception) return;
					open.delete(id);
					settling.dropped(id, 'not settled: the server ended the link');
					sink.subscription(id, { failure });
				},
				message(delivery, payload) {
					reception.coming--;
					if (!payload) {
						delivery.release();
						refill(reception);
					} else if (!reception.isOver) arrived(reception, delivery, payload.bytes, payload.format, id);
					// On its way when receiving was stopped: it goes back with the link, unless the server has settled it.
					else if (delivery.remote_settled) log(reception, split(payload.bytes, payload.format));
				},
			},
		);
		reception.link = link;
		try {
			if (mode === 'browse')
				reception.keeping = keepingOf(connection.server, address, link.reply.distributionMode, trustsBrowsing);
		} catch (error) {
			void close(reception);
			throw error;
		}
		if (reception.keeping === 'promised') {
			reception.copies = createCopies();
			reception.credit = Math.min(maxHeld, reception.credit);
		}
		open.set(id, reception);
		give(reception, link, reception.credit);
		if (mode === 'release') waitQuietly(reception, id);
		const ignored = filters.filter((name) => !link.reply.filters.includes(name));
		return {
			detail: [words(reception), ...ignored.map((name) => `the server ignores the filter ${name}`)].join('; '),
			...(ignored.length > 0 && { reduced: true }),
		};
	}

	return {
		async subscribe(subscription, id, hold) {
			const wrong = checkAddress(subscription.target);
			if (wrong) throw fail('bad-target', wrong);
			await this.unsubscribe(id);
			return begin(subscription, id, (subscription.mode ?? 'browse') as Amqp1Mode, hold);
		},
		async unsubscribe(id) {
			const reception = open.get(id);
			if (!reception) return;
			open.delete(id);
			settling.dropped(id, 'not settled: receiving was stopped, and the server delivers it again');
			await close(reception);
		},
		settled(id) {
			const reception = open.get(id);
			if (!reception) return;
			reception.unsettled--;
			refill(reception);
		},
		open: () => [...open.values()].map((one) => ({ address: one.address, mode: one.mode, words: words(one) })),
	};
}
