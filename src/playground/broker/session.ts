import { limits } from './limits';
import { expired, type Message, propertiesFor } from './message';
import type { Output } from './output';

interface Delivery {
	message: Message;
	qos: 0 | 1 | 2;
	retain: boolean;
	identifiers: number[];
}

/**
 * What the broker remembers of a client, connected or not: messages that wait, deliveries not yet acknowledged, QoS 2
 * messages received and not yet released (MQTT 5, 4.1 and 4.3).
 */
export class Session {
	private output: Output | undefined;
	private queue: Delivery[] = [];
	private queueBytes = 0;
	/** By packet id; `released`: PUBREC has come, PUBREL has gone. */
	private readonly flying = new Map<number, Delivery & { released: boolean }>();
	private lastId = 0;
	/** Packet ids of QoS 2 messages that were routed and not yet released. */
	readonly received = new Set<number>();
	/** Messages that did not fit and were not delivered. */
	dropped = 0;

	constructor(
		readonly id: string,
		/** Seconds that the session outlives its connection; Infinity: always. */
		public expiry: number,
	) {}

	get online(): boolean {
		return this.output !== undefined;
	}

	/** The client is here: what it has not acknowledged is sent again, then what has waited. */
	attach(output: Output): void {
		this.output = output;
		for (const [id, delivery] of this.flying) {
			if (delivery.released) output.send({ cmd: 'pubrel', messageId: id });
			else this.transmit(delivery, id, true);
		}
		this.flush();
	}

	detach(): void {
		this.output = undefined;
	}

	deliver(message: Message, qos: 0 | 1 | 2, retain: boolean, identifiers: number[]): void {
		const delivery = { message, qos: Math.min(qos, message.qos) as 0 | 1 | 2, retain, identifiers };
		if (delivery.qos === 0) {
			if (this.output && this.output.waiting <= limits.socketSoft) this.transmit(delivery, undefined, false);
			else this.dropped++;
			return;
		}
		if (this.queue.length >= limits.queue || this.queueBytes + message.payload.length > limits.queueBytes) {
			this.dropped++;
			return;
		}
		this.queue.push(delivery);
		this.queueBytes += message.payload.length;
		this.flush();
	}

	/** PUBACK and PUBCOMP, and a PUBREC that refuses. */
	acknowledged(id: number): void {
		this.flying.delete(id);
		this.flush();
	}

	/** PUBREC: whether the id is known. */
	recorded(id: number): boolean {
		const delivery = this.flying.get(id);
		if (delivery) delivery.released = true;
		return delivery !== undefined;
	}

	private flush(): void {
		while (this.output && this.queue.length > 0 && this.flying.size < this.output.receiveMaximum) {
			const delivery = this.queue.shift() as Delivery;
			this.queueBytes -= delivery.message.payload.length;
			if (expired(delivery.message)) continue;
			const id = this.nextId();
			// A message the client cannot take counts as delivered (MQTT 5, 3.1.2.11.4).
			if (this.transmit(delivery, id, false)) this.flying.set(id, { ...delivery, released: false });
		}
	}

	private nextId(): number {
		do this.lastId = (this.lastId % 65_535) + 1;
		while (this.flying.has(this.lastId));
		return this.lastId;
	}

	private transmit(delivery: Delivery, id: number | undefined, dup: boolean): boolean {
		const { message, qos, retain, identifiers } = delivery;
		return (
			this.output?.send({
				cmd: 'publish',
				topic: message.topic,
				payload: message.payload,
				qos,
				retain,
				dup,
				...(id === undefined ? {} : { messageId: id }),
				properties: propertiesFor(message, identifiers),
			}) ?? false
		);
	}
}
