import type { Receiver, Sender, Session } from 'rhea';
import { broken } from './frames';

/** What rhea has in a session and its typings do not name. */
interface Inside {
	incoming: {
		next_delivery_id: number | undefined;
		on_transfer(frame: TransferFrame, receiver: ReceiverInside): void;
	};
	outgoing: { next_pending_delivery: number };
	on_disposition(frame: { performative: Disposition }): void;
}

interface LinkInside {
	connection: { _register(): void };
}

interface ReceiverInside extends LinkInside {
	credit: number;
	delivery_count: number;
	issue_flow: boolean;
	on_flow(): void;
	_incomplete?: unknown;
}

interface TransferFrame {
	performative: { more?: boolean; delivery_id?: number | null };
}

interface Disposition {
	role: boolean;
	first: number;
	last?: number | null;
	state?: { descriptor?: { value?: unknown } } | null;
	/** The fields as they were read, in the order of the specification. */
	value: unknown[];
}

/** Position in a disposition. */
const stateField = 4;

/** Delivery states that rhea knows (AMQP 1.0, part 3, section 3.4); it writes any other to the console. */
const states: ReadonlySet<string> = new Set([
	...[0x23, 0x24, 0x25, 0x26, 0x27].map(String),
	...['received', 'accepted', 'rejected', 'released', 'modified'].map((name) => `amqp:${name}:list`),
]);

/**
 * Refuses outcomes for what was not sent, for which rhea would lose its place among the messages of the session, and messages,
 * unless `guardCredit` lets them in.
 */
export function guardSession(session: Session): void {
	const inside = session as unknown as Inside;
	const { incoming, outgoing } = inside;
	incoming.on_transfer = () => {
		throw broken('The server sent a message over a link that only sends.');
	};
	const process = inside.on_disposition;
	inside.on_disposition = (frame) => {
		const fields = frame.performative;
		if (fields.role && (fields.last || fields.first) >= outgoing.next_pending_delivery)
			throw broken('The server gave an outcome for a message that had not been sent completely.');
		if (fields.state && !states.has(String(fields.state.descriptor?.value))) fields.value[stateField] = undefined;
		process.call(session, frame);
	};
}

/** The credit of the link of a session. */
export interface Credit {
	/** Lets the server send so many messages more. */
	grant(count: number): void;
	/** Takes back all credit. What is on its way still arrives. */
	withdraw(): void;
}

/** Counts credit where the server cannot change it, and keeps rhea's counters in the 32 bits in which they are written. */
export function guardCredit(session: Session, library: Receiver): Credit {
	const { incoming } = session as unknown as Inside;
	const receiver = library as unknown as ReceiverInside;
	let granted = 0;
	const process: Inside['incoming']['on_transfer'] = Object.getPrototypeOf(incoming).on_transfer;
	incoming.on_transfer = (frame, link) => {
		const { more, delivery_id: id } = frame.performative;
		if (!link._incomplete) {
			if (id === undefined || id === null) throw broken('The server sent a message without a delivery ID.');
			if (granted <= 0) throw broken('The server sent more messages than it had credit for.');
			granted--;
		}
		// Credit was withdrawn while this message was on its way.
		if (!more && link.credit <= 0) link.credit = 1;
		process.call(incoming, frame, link);
		link.delivery_count >>>= 0;
		if (incoming.next_delivery_id !== undefined) incoming.next_delivery_id >>>= 0;
	};
	// Only a drain would change something, and none is asked for.
	receiver.on_flow = () => {};
	return {
		grant(count) {
			granted += count;
			library.add_credit(count);
		},
		withdraw() {
			receiver.credit = 0;
			receiver.issue_flow = true;
			receiver.connection._register();
		},
	};
}

/** Answers a drain: what is left of the credit is given back (AMQP 1.0, part 2, section 2.6.7). rhea would write it with its next frame. */
export function drainCredit(library: Sender): void {
	library.set_drained(true);
	(library as unknown as LinkInside).connection._register();
}
