import type { Delivery, Receiver } from 'rhea';
import { fail } from '../../../base/failure';
import type { Subscription } from '../../../model/profile/profile';
import type { Granted, Sink } from '../../adapter';
import { peerText } from '../../shared/peer-text';
import { checkAddress } from '../describe/address';
import { keepsBrowsed } from '../describe/browsing';
import { amqp1Flag } from '../describe/flags';
import type { Amqp1Mode } from '../describe/ids';
import { attachReceiver, type OwnLink } from '../wire/attach';
import type { Connection } from '../wire/connection';
import type { Arrived } from './incoming';
import { createSplitter } from './incoming';
import type { Settling } from './settling';
import { creditOf, sourceOf } from './terms';

export interface ReceivingOptions {
	connection: Connection;
	sink: Sink;
	settling: Settling;
	/** The user states that the server keeps browsed messages. */
	trustsBrowsing: boolean;
}

export interface Receiving {
	subscribe(subscription: Subscription, id: string): Promise<Granted>;
	unsubscribe(id: string): Promise<void>;
	/** A message of this subscription was settled. */
	settled(id: string): void;
	/** The subscriptions that are open: address, mode and credit in words. */
	open(): { address: string; mode: Amqp1Mode; words: string }[];
}

/** A subscription and its link. */
interface Reception {
	address: string;
	mode: Amqp1Mode;
	/** Messages that may be on their way or wait for an outcome. */
	credit: number;
	link: OwnLink<Receiver> | undefined;
	/** Messages for which the server has credit. */
	coming: number;
	/** Messages that the server had settled when it sent them, so that they cannot be released. */
	lost: number;
	/** Messages that are held until all are released. */
	held: Delivery[];
	/** Messages that the user has not settled yet. */
	unsettled: number;
	/** The server has made a queue for this link. */
	isPrivate: boolean;
	isOver: boolean;
	timer: ReturnType<typeof setTimeout> | undefined;
	subscriptions: readonly string[];
}

/** Without a further message for this long, received ones are released. Milliseconds. */
const quietFor = 1000;

const flagOf: Readonly<Record<Amqp1Mode, number>> = {
	browse: amqp1Flag.browsed,
	release: amqp1Flag.released,
	receive: amqp1Flag.held,
	consume: amqp1Flag.accepted,
};
const initialCredit: Readonly<Record<Amqp1Mode, number>> = { browse: 1000, release: 100, receive: 10, consume: 1000 };

/** The ways to receive. Each subscription has a link of its own, which gets no credit before its terms are known. */
export function createReceiving({ connection, sink, settling, trustsBrowsing }: ReceivingOptions): Receiving {
	const open = new Map<string, Reception>();
	const split = createSplitter();
	void connection.life.ended.then(() => {
		for (const { timer } of open.values()) clearTimeout(timer);
	});

	function arrived(reception: Reception, delivery: Delivery, { payload, flags, meta }: Arrived, id: string): void {
		const { mode, address } = reception;
		const seq = sink.message({
			...{ target: address, payload, meta, subscriptions: reception.subscriptions },
			flags: flags | flagOf[mode],
		});
		switch (mode) {
			case 'consume':
				delivery.accept();
				break;
			case 'browse':
				// A copy: whatever its outcome is, the server keeps the message. Should it not, releasing is harmless. In a queue of
				// this link it would come again without end.
				if (reception.isPrivate) delivery.accept();
				else delivery.release();
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
		if (missing >= Math.max(1, credit / 2) || (unsettled > 0 && missing > 0)) give(reception, link, missing);
	}

	function give(reception: Reception, { library }: OwnLink<Receiver>, credit: number): void {
		reception.coming += credit;
		library.add_credit(credit);
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
		const { address, lost } = reception;
		sink.subscription(id, { ended: true, detail: `released ${count - lost} messages` });
		sink.note(`Received ${count} from "${peerText(address)}" and released ${lost === 0 ? 'them' : count - lost}.`);
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
		for (const delivery of reception.held) delivery.release();
		reception.held = [];
		await reception.link?.close();
	}

	async function begin(subscription: Subscription, id: string, mode: Amqp1Mode): Promise<Granted> {
		const address = subscription.target;
		const { source, filters } = sourceOf(subscription, mode);
		const reception: Reception = {
			...{
				address,
				mode,
				link: undefined,
				held: [],
				unsettled: 0,
				coming: 0,
				lost: 0,
				isPrivate: false,
				isOver: false,
				timer: undefined,
			},
			...{ credit: creditOf(subscription, initialCredit[mode]), subscriptions: [id] },
		};
		const link = await attachReceiver(
			connection,
			{ source, snd_settle_mode: mode === 'consume' ? 2 : 0 },
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
				message: (({ delivery }: { delivery: Delivery }) => {
					const payload = connection.take();
					reception.coming--;
					// Aborted by the server, or on its way when the user has stopped.
					if (!payload || reception.isOver) {
						if (delivery) delivery.release();
						return;
					}
					arrived(reception, delivery, split(payload.bytes, payload.format), id);
				}) as never,
			},
		);
		reception.link = link;
		try {
			reception.isPrivate = mode === 'browse' && checkBrowsing(address, link.reply.distributionMode);
		} catch (error) {
			void close(reception);
			throw error;
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

	/**
	 * Decides, before any message is sent, whether the server keeps what it sends. Throws otherwise. Returns true for an address
	 * with a queue of its own for this link, from which no other client receives.
	 */
	function checkBrowsing(address: string, mode: string | undefined): boolean {
		const { server } = connection;
		const isRabbit = /rabbitmq/i.test(server.product);
		if (isRabbit && /^\/?(exchange|topic|exchanges)\//.test(address)) return true;
		const product = `${server.product} ${server.version}`.trim() || 'The server';
		const remedy = {
			text: 'Use "Receive and Release", which takes messages and puts them back, or "Receive", where you decide about each.',
		};
		if (mode !== 'copy')
			throw fail(
				'no-browsing',
				`The server does not offer copies of the messages in "${peerText(address)}", so nothing was read.`,
				{
					evidence: `distribution mode in the reply: ${mode === undefined ? 'none' : peerText(mode, { most: 40 })}`,
					remedy,
				},
			);
		if (isRabbit || !(trustsBrowsing || keepsBrowsed(server)))
			throw fail(
				'no-browsing',
				isRabbit
					? `${peerText(product)} offers copies, but holds the messages until the connection closes, so nothing was read.`
					: 'The server offers copies, but it is not known whether it keeps the messages, so nothing was read.',
				{
					evidence: `product: ${server.product || 'not named'}, container: ${server.containerId}`,
					remedy: isRabbit ? remedy : { text: `${remedy.text} Or allow "Browse with any product" in the connection.` },
				},
			);
		return false;
	}

	const words = ({ mode, credit, isPrivate }: Reception): string => {
		const limit = `credit ${credit.toLocaleString('en')}`;
		if (isPrivate) return `copies, from a queue of this connection, ${limit}`;
		return {
			browse: `browsing copies, ${limit}`,
			release: `at most ${credit.toLocaleString('en')} messages, released when no more arrive`,
			receive: `waiting for your outcome, ${limit}`,
			consume: `accepting: messages are removed, ${limit}`,
		}[mode];
	};

	return {
		async subscribe(subscription, id) {
			const wrong = checkAddress(subscription.target);
			if (wrong) throw fail('bad-target', wrong);
			await this.unsubscribe(id);
			return begin(subscription, id, (subscription.mode ?? 'browse') as Amqp1Mode);
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
