import { limits } from './limits';
import { expired, type Message } from './message';

/** The last retained message of each topic, bounded: beyond the limits new topics are not kept. */
export class Retained {
	private readonly messages = new Map<string, Message>();
	private bytes = 0;

	/** An empty payload forgets the topic (MQTT 5, 3.3.1.3). */
	keep(message: Message): void {
		this.bytes -= this.messages.get(message.topic)?.payload.length ?? 0;
		this.messages.delete(message.topic);
		const { length } = message.payload;
		if (length === 0 || this.messages.size >= limits.retained || this.bytes + length > limits.retainedBytes) return;
		this.bytes += length;
		this.messages.set(message.topic, message);
	}

	matching(fits: (topic: string) => boolean): Message[] {
		return [...this.messages.values()].filter((message) => fits(message.topic) && !expired(message));
	}
}
