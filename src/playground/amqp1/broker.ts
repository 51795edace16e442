import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import rhea, { type Container, type EventContext, type Message, type Receiver, type Sender } from 'rhea';
import { createFrameGuard } from './frame-guard';
import { limits } from './limits';
import { Queue, unsettledOf } from './queue';

/** Address of the queue of rejected messages. */
export const deadLetters = 'dead-letters';
/** Messages to it go to those who listen now, and are not stored. */
export const topic = 'news';
/** Messages to it are answered at their reply address. */
export const service = 'time';
/** An address that no client may use. */
const forbidden = 'forbidden';

const connectionOptions = {
	...{ max_frame_size: 65_536, idle_time_out: 120_000, properties: { product: 'Messaging Workbench playground' } },
	receiver_options: { autoaccept: false, credit_window: 100 },
};

/** A broker for demonstrations. Any other address is a queue, which is made when it is first used. */
export class Broker {
	private readonly container: Container;
	private readonly queues = new Map<string, Queue>();
	/** The queues of the topic's subscribers, and those of dynamic addresses, by their link. */
	private readonly owned = new Map<Sender, { address: string; queue: Queue }>();
	private readonly sockets = new Set<Socket>();

	constructor() {
		this.container = rhea.create_container({ id: 'Messaging Workbench playground' });
		this.container.sasl_server_mechanisms.enable_anonymous();
		// The typings leave out the check of the password.
		(
			this.container.sasl_server_mechanisms.enable_plain as (check: (user: string, password: string) => boolean) => void
		)((user, password) => user === 'guest' && password === 'guest');
		this.on('receiver_open', ({ receiver }) => receiver && this.openTarget(receiver));
		this.on('sender_open', ({ sender }) => sender && this.openSource(sender));
		this.on('message', (context) => this.take(context));
		this.on('sendable', ({ sender }) => sender && this.queueOf(sender)?.deliver());
		this.on('sender_draining', ({ sender }) => sender?.set_drained(true));
		for (const outcome of ['accepted', 'rejected', 'released', 'modified'] as const)
			this.on(outcome, (context) => this.settle(context, outcome));
		this.on('sender_close', ({ sender }) => sender && this.close(sender));
		this.on('session_close', (context) => this.closeAll(({ session }) => session === context.session));
		for (const event of ['connection_close', 'disconnected'])
			this.on(event, (context) => this.closeAll(({ connection }) => connection === context.connection));
		// Without a listener rhea throws them in the event loop.
		for (const event of [
			'error',
			'protocol_error',
			'connection_error',
			'session_error',
			'sender_error',
			'receiver_error',
		])
			this.on(event, () => {});
	}

	/** Serves one client. Invalid input ends this connection only. */
	attach(socket: Socket): void {
		socket.on('error', () => {});
		if (this.sockets.size >= limits.clients) {
			socket.destroy();
			return;
		}
		this.sockets.add(socket);
		const guard = createFrameGuard();
		socket.on('close', () => this.sockets.delete(socket));
		socket.on('data', (chunk: Buffer) => {
			if (!guard(chunk) || socket.writableLength > limits.waitingBytes) end(socket);
		});
		(
			this.container.create_connection(connectionOptions as never) as unknown as { accept(socket: Socket): void }
		).accept(socket);
	}

	/** Stores or distributes a message. False if there is no room for another queue. */
	publish(address: string, message: Message): boolean {
		if (address === topic) {
			for (const owned of this.owned.values()) if (owned.address === topic) owned.queue.put(message);
			return true;
		}
		const queue = this.queue(address);
		queue?.put(message);
		return queue !== undefined;
	}

	close(link: Sender): void;
	close(): void;
	close(link?: Sender): void {
		if (!link) {
			for (const socket of this.sockets) end(socket);
			return;
		}
		const queue = this.queueOf(link);
		queue?.detach(link);
		for (const stored of unsettledOf(link).values()) queue?.restore(stored);
		unsettledOf(link).clear();
		const owned = this.owned.get(link);
		this.owned.delete(link);
		if (owned && owned.address !== topic) this.queues.delete(owned.address);
	}

	private on(event: string, listener: (context: EventContext) => void): void {
		this.container.on(event, listener);
	}

	private queue(address: string): Queue | undefined {
		const found = this.queues.get(address);
		if (found || this.queues.size >= limits.queues) return found;
		const created = new Queue(limits.messages);
		this.queues.set(address, created);
		return created;
	}

	private queueOf(link: Sender): Queue | undefined {
		return this.owned.get(link)?.queue ?? this.queues.get(link.source?.address ?? '');
	}

	private openTarget(link: Receiver): void {
		const { address } = link.target ?? {};
		const fault = faultOf(address) ?? (this.canQueue(address) ? undefined : full);
		// A link that is refused has no target (AMQP 1.0, part 2, section 2.6.3).
		if (fault) link.close(fault);
		else link.set_target({ address });
	}

	private openSource(link: Sender): void {
		const { source } = link;
		if (source?.dynamic) {
			const address = `temporary-${randomUUID()}`;
			const queue = this.queues.size < limits.queues ? new Queue(limits.copies) : undefined;
			link.set_source({ address, dynamic: true } as never);
			if (!queue) {
				link.close(full);
				return;
			}
			this.queues.set(address, queue);
			this.owned.set(link, { address, queue });
			queue.attach(link, false);
			return;
		}
		const address = source?.address;
		const browses = String(source?.distribution_mode ?? '') === 'copy';
		const fault = faultOf(address) ?? (this.canQueue(address) ? undefined : full);
		if (fault) {
			link.close(fault);
			return;
		}
		// Filters are not supported, and the source in the answer has none.
		link.set_source({ address, distribution_mode: browses ? 'copy' : 'move' } as never);
		if (address === topic) this.owned.set(link, { address, queue: new Queue(limits.copies) });
		else this.queue(address);
		this.queueOf(link)?.attach(link, browses);
	}

	private canQueue(address: string): boolean {
		return [topic, service].includes(address) || this.queue(address) !== undefined;
	}

	private take({ receiver, message, delivery }: EventContext): void {
		const address: string = receiver?.target?.address ?? '';
		if (!message || !delivery) return;
		if (address !== service) {
			if (this.publish(address, message)) delivery.accept();
			else delivery.reject(full);
			return;
		}
		const replyTo = message.reply_to;
		if (typeof replyTo !== 'string' || faultOf(replyTo)) {
			delivery.reject({ condition: 'amqp:invalid-field', description: 'The service needs an address in reply-to.' });
			return;
		}
		delivery.accept();
		this.publish(replyTo, {
			...{
				to: replyTo,
				correlation_id: message.correlation_id ?? message.message_id,
				content_type: 'application/json',
			},
			body: JSON.stringify({ now: new Date().toISOString() }),
		} as Message);
	}

	private settle({ sender, delivery }: EventContext, outcome: 'accepted' | 'rejected' | 'released' | 'modified'): void {
		const stored = sender && delivery && unsettledOf(sender).get(delivery.id);
		if (!stored) return;
		unsettledOf(sender).delete(delivery.id);
		const { message } = stored;
		const state = delivery.remote_state ?? {};
		const queue = this.queueOf(sender);
		// rhea reports a modified message as released as well, and first.
		const isDead = outcome === 'rejected' || state.undeliverable_here;
		if (isDead && sender.source?.address !== deadLetters) {
			const { condition = '', description = '' } = state.error ?? {};
			const annotations = {
				'x-opt-first-death-queue': sender.source?.address,
				'x-opt-reason': `${condition} ${description}`,
			};
			this.publish(deadLetters, {
				...message,
				message_annotations: { ...message.message_annotations, ...annotations },
			});
		} else if (state.delivery_failed)
			queue?.restore({ ...stored, message: { ...message, delivery_count: (message.delivery_count ?? 0) + 1 } });
		else if (outcome !== 'accepted' && outcome !== 'rejected') queue?.restore(stored);
	}

	private closeAll(isOf: (link: Sender) => boolean): void {
		for (const link of this.links) if (isOf(link)) this.close(link);
	}

	/** The links that receive from a queue. */
	private get links(): Sender[] {
		return [...new Set([...this.queues.values(), ...[...this.owned.values()].map(({ queue }) => queue)])].flatMap(
			(queue) => queue.links,
		);
	}
}

/** With an error, because rhea ends a connection, its links and its timers on an error or the end of the input only. */
const end = (socket: Socket) => socket.destroy(new Error('The playground has closed the connection.'));

const full = {
	condition: 'amqp:resource-limit-exceeded',
	description: `The playground has at most ${limits.queues} queues.`,
};

/** Why an address cannot be used. */
function faultOf(address: unknown): { condition: string; description: string } | undefined {
	if (typeof address !== 'string' || address === '')
		return { condition: 'amqp:not-found', description: 'The link names no address.' };
	if (address.length > 255) return { condition: 'amqp:invalid-field', description: 'The address is too long.' };
	if (address === forbidden)
		return { condition: 'amqp:unauthorized-access', description: `No client may use "${forbidden}".` };
	return undefined;
}
