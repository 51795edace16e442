import type { Message, Sender } from 'rhea';

/** A message in a queue, or with a client that has not settled it yet. */
export interface Stored {
	message: Message;
	/** Counts the messages of the queue, for browsing. */
	number: number;
}

interface Consumer {
	link: Sender;
	/** A copy of each message, which stays in the queue. */
	browses: boolean;
	/** The number of the last browsed message. */
	last: number;
}

/** Messages in their order, and the links that receive them in turn. */
export class Queue {
	private messages: Stored[] = [];
	private consumers: Consumer[] = [];
	private count = 0;
	private isScheduled = false;

	constructor(private readonly limit: number) {}

	get links(): Sender[] {
		return this.consumers.map(({ link }) => link);
	}

	put(message: Message): void {
		this.messages.push({ message, number: ++this.count });
		if (this.messages.length > this.limit) this.messages.shift();
		this.deliver();
	}

	/** Puts a message back to its place, such as one that was released. */
	restore(stored: Stored): void {
		const at = this.messages.findIndex(({ number }) => number > stored.number);
		this.messages.splice(at < 0 ? this.messages.length : at, 0, stored);
		this.deliver();
	}

	attach(link: Sender, browses: boolean): void {
		this.consumers.push({ link, browses, last: 0 });
		// Credit that came with the attach raises no event.
		this.deliver();
	}

	detach(link: Sender): void {
		this.consumers = this.consumers.filter((one) => one.link !== link);
	}

	/** Delivers after the present input: rhea writes a transfer in front of the attach of a link that has just been opened. */
	deliver(): void {
		if (this.isScheduled) return;
		this.isScheduled = true;
		setImmediate(() => {
			this.isScheduled = false;
			this.send();
		});
	}

	/** Sends what the links have credit for: browsers get all, consumers one after the other. */
	private send(): void {
		const sent = new Map<Sender, number>();
		// rhea takes credit for a message when it writes it, which is after this call.
		const canTake = (link: Sender) => link.sendable() && creditOf(link) > (sent.get(link) ?? 0);
		const give = (link: Sender, message: Message) => {
			sent.set(link, (sent.get(link) ?? 0) + 1);
			return link.send(message);
		};
		for (const one of this.consumers) {
			if (!one.browses) continue;
			for (const { message, number } of this.messages) {
				if (number <= one.last) continue;
				if (!canTake(one.link)) break;
				one.last = number;
				give(one.link, message);
			}
		}
		while (this.messages.length > 0) {
			const at = this.consumers.findIndex(({ link, browses }) => !browses && canTake(link));
			const [next] = at < 0 ? [] : this.consumers.splice(at, 1);
			if (!next) return;
			this.consumers.push(next);
			const stored = this.messages.shift() as Stored;
			const delivery = give(next.link, stored.message);
			// A link that settles by itself has no outcome.
			if (!delivery.settled) unsettledOf(next.link).set(delivery.id, stored);
		}
	}
}

/** The typings leave it out. */
const creditOf = (link: Sender) => (link as unknown as { credit: number }).credit;

const unsettled = new WeakMap<Sender, Map<number, Stored>>();

/** The messages that a link has sent and that are not settled, by the id of their delivery. */
export function unsettledOf(link: Sender): Map<number, Stored> {
	const found = unsettled.get(link) ?? new Map<number, Stored>();
	unsettled.set(link, found);
	return found;
}
