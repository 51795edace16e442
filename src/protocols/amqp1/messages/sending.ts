import type { Delivery, Sender } from 'rhea';
import { FailureError, toFailure } from '../../../base/failure';
import type { Receipt } from '../../../model/contracts/message';
import type { Sending as Progress } from '../../adapter';
import { refuseWhenFull } from '../../shared/failures';
import { type OpenReceipt, Receipts } from '../../shared/receipts';
import { attachSender, type OwnLink } from '../wire/attach';
import type { Connection } from '../wire/connection';
import { errorText, type PeerError } from '../wire/refusals';
import { drainCredit } from '../wire/session-guard';
import type { PreparedMessage } from './draft';

/** What a sender hears of its message meanwhile, and how it stops waiting. */
export type Way = Partial<Pick<Progress, 'progress' | 'signal'>>;

/** Links that stay attached for addresses. */
const maxLinks = 16;

export interface Sending {
	/** Throws a FailureError if a message of this size cannot be sent now. */
	check(bytes: number): void;
	send(prepared: PreparedMessage, way?: Way): Promise<Receipt>;
	/** The connection has ended. */
	lost(): void;
}

interface Waiting {
	prepared: PreparedMessage;
	receipt: OpenReceipt;
	way: Way | undefined;
	sent: boolean;
}

/** A link to one address and its messages. */
interface Lane {
	link: OwnLink<Sender> | undefined;
	/** Messages that wait for the attach, for credit, or for room in the session. */
	queue: Waiting[];
	/** Messages that wait for their outcome. */
	open: Map<Delivery, Waiting>;
	/** rhea has a message that it has not taken off the credit yet. */
	isHanding: boolean;
	/** The server takes back the credit that is not used. */
	isDraining: boolean;
	over: boolean;
}

/** Sends messages, each address over a link of its own. */
export function createSending(connection: Connection): Sending {
	const receipts = new Receipts();
	const lanes = new Map<string, Lane>();
	/** Bytes of messages that have not been handed to the library. */
	let queued = 0;

	function laneOf({ address, settled }: PreparedMessage): Lane {
		const key = `${settled} ${address}`;
		const cached = lanes.get(key);
		lanes.delete(key);
		const lane = cached && !cached.over ? cached : begin(key, address, settled);
		lanes.set(key, lane);
		if (lanes.size > maxLinks)
			for (const [name, idle] of lanes)
				if (idle !== lane && idle.link && idle.queue.length === 0 && idle.open.size === 0) {
					lanes.delete(name);
					idle.over = true;
					void idle.link.close();
					break;
				}
		return lane;
	}

	function begin(key: string, address: string, settled: boolean): Lane {
		const lane: Lane = {
			link: undefined,
			queue: [],
			open: new Map(),
			isHanding: false,
			isDraining: false,
			over: false,
		};
		const end = (error: unknown) => {
			lane.over = true;
			if (lanes.get(key) === lane) lanes.delete(key);
			const failure = toFailure(error);
			for (const waiting of [...lane.queue, ...lane.open.values()]) {
				if (!waiting.sent) {
					queued -= waiting.prepared.bytes.length;
					waiting.receipt.settle('refused', failure.message, failure.evidence);
				} else
					waiting.receipt.settle(
						'unknown',
						'The link ended before the server gave the outcome: it may or may not have arrived.',
						[failure.message, failure.evidence].filter((part) => part).join(' '),
					);
			}
			lane.queue = [];
			lane.open.clear();
		};
		attachSender(
			connection,
			{ target: { address }, snd_settle_mode: settled ? 1 : 0, treat_modified_as_released: false },
			{
				address,
				refusal: 'The server refused to receive messages for',
				ending: 'The server ended the link to',
				// A message that the server refuses may end its link: this is its answer.
				ended: (failure) => end(new FailureError(failure)),
				draining() {
					lane.isDraining = true;
					pump(lane);
				},
			},
		).then((link) => {
			lane.link = link;
			listen(lane, link);
			pump(lane);
		}, end);
		return lane;
	}

	function listen(lane: Lane, { library }: OwnLink<Sender>): void {
		const on = (event: string, settle: (waiting: Waiting, delivery: Delivery) => void) =>
			library.on(
				event as never,
				(({ delivery }: { delivery: Delivery }) => {
					const waiting = lane.open.get(delivery);
					if (!waiting) return;
					lane.open.delete(delivery);
					settle(waiting, delivery);
					// An outcome that the server has not settled (AMQP 1.0, part 2, section 2.6.12).
					if (!delivery.remote_settled) delivery.update(true);
					pump(lane);
				}) as never,
			);
		on('accepted', ({ receipt }) => receipt.settle('acknowledged', (ms) => `accepted by the server in ${ms} ms`));
		on('rejected', ({ receipt }, { remote_state }) => {
			const error = (remote_state as { error?: PeerError } | undefined)?.error;
			receipt.settle('refused', `The server rejected the message: ${errorText(error)}.`, 'outcome rejected');
		});
		on('modified', ({ receipt }, { remote_state }) => {
			const { delivery_failed, undeliverable_here } = (remote_state ?? {}) as Record<string, unknown>;
			const words = [delivery_failed && 'delivery failed', undeliverable_here && 'undeliverable here'];
			const text = words.filter((one) => one).join(', ') || 'without a reason';
			receipt.settle('refused', `The server returned the message (modified): ${text}.`, 'outcome modified');
		});
		on('released', ({ receipt }) => {
			// RabbitMQ 4 releases what it cannot route; RabbitMQ 3 accepts it.
			const isRabbit = /rabbitmq/i.test(connection.server.product);
			receipt.settle(
				isRabbit ? 'unrouted' : 'refused',
				isRabbit
					? 'released: no queue is bound for it'
					: 'The server did not take the message (released); it may be sent again.',
				'outcome released',
			);
		});
		on('settled', ({ receipt }) =>
			receipt.settle('unknown', 'The server settled the message without saying what became of it.'),
		);
		library.on('sendable' as never, (() => pump(lane)) as never);
	}

	function pump(lane: Lane): void {
		const { link } = lane;
		if (!link?.open || connection.life.state !== 'open') return;
		while (lane.queue.length > 0 && !lane.isHanding && link.library.sendable()) {
			const waiting = lane.queue.shift() as Waiting;
			const { prepared, receipt } = waiting;
			queued -= prepared.bytes.length;
			const max = link.reply.maxMessageBytes;
			if (max !== undefined && prepared.bytes.length > max) {
				receipt.settle(
					'refused',
					`The message has ${prepared.bytes.length.toLocaleString('en')} bytes with its properties; the server accepts ${max.toLocaleString('en')}.`,
				);
				continue;
			}
			waiting.sent = true;
			const delivery = link.library.send(prepared.bytes as never, undefined, 0);
			// rhea sends in the next turn, in front of this.
			lane.isHanding = true;
			process.nextTick(() => {
				lane.isHanding = false;
				pump(lane);
			});
			if (!prepared.settled) lane.open.set(delivery, waiting);
			else connection.whenWritten(() => receipt.settle('handed-over', 'sent settled: the server gives no outcome'));
		}
		if (lane.isDraining && !lane.isHanding) {
			lane.isDraining = false;
			drainCredit(link.library);
		}
		for (const { way } of lane.queue.slice(0, 1)) way?.progress?.('waiting for credit of the server');
	}

	return {
		check(bytes) {
			connection.requireOpen();
			refuseWhenFull('server', connection.waiting + queued, bytes);
		},
		send(prepared, way) {
			const receipt = receipts.open();
			const waiting: Waiting = { prepared, receipt, way, sent: false };
			const lane = laneOf(prepared);
			lane.queue.push(waiting);
			queued += prepared.bytes.length;
			receipt.onAbort(way?.signal, () => {
				if (waiting.sent) receipt.settle('unknown', 'The server gave no outcome; the wait for it was stopped.');
				else {
					lane.queue = lane.queue.filter((one) => one !== waiting);
					queued -= prepared.bytes.length;
					receipt.settle('refused', 'The message was not sent: the server had not given credit for it.');
				}
			});
			pump(lane);
			return receipt.promise;
		},
		lost() {
			for (const lane of lanes.values())
				for (const { receipt, sent } of lane.queue)
					if (!sent) receipt.settle('unknown', 'The connection ended before the message was sent.');
			receipts.lost();
		},
	};
}
