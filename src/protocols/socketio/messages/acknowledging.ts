import { fail } from '../../../base/failure';
import type { ActResult } from '../../../model/contracts/browse';
import type { Outcome } from '../../../model/contracts/hold';
import { bytesListOf } from '../../../model/profile/bytes-value';
import type { Act, Sink } from '../../adapter';
import { type Arguments, toArguments } from '../describe/arguments';
import type { SocketIoAction } from '../describe/ids';
import type { Sending } from './sending';

/** An event whose sender waits for an acknowledgement. */
export interface Asked {
	namespace: string;
	id: string;
	target: string;
	/** It is acknowledged by `Link.settle`. */
	isHeld: boolean;
}

export interface Acknowledging {
	/** The sender of a logged event waits for an acknowledgement. */
	asked(seq: number, event: Asked): void;
	settle(seqs: readonly number[], outcome: Outcome): void;
	/** Held events without an outcome. */
	held(): number;
	/** A namespace was left: its events are not held any more. */
	left(namespace: string): void;
	act(act: Act): Promise<ActResult>;
}

const noArguments: Arguments = { list: Buffer.from('[]'), attachments: [] };
/** Events that are remembered as unanswered. */
const maxOpen = 10_000;

/** Answers received events, by hand or when they were processed. An event can be answered once, as long as the link lasts. */
export function createAcknowledging(sending: Sending, sink: Sink): Acknowledging {
	const open = new Map<number, Asked>();
	let held = 0;

	function close(seq: number, event: Asked, text: string): void {
		open.delete(seq);
		if (event.isHeld) held--;
		sink.settlement(seq, { open: false, text });
	}

	async function answer(seq: number, event: Asked, args: Arguments): Promise<void> {
		await sending.acknowledge(event.namespace, event.id, event.target, args);
		if (open.get(seq) === event) close(seq, event, 'acknowledged');
	}

	const actions: Record<SocketIoAction, (act: Act) => Promise<ActResult>> = {
		async acknowledge({ messages: [message], values }) {
			const event = message && open.get(message.seq);
			if (!message || !event)
				throw fail(
					'not-waiting',
					'The event cannot be acknowledged any more: it was answered, or came over an earlier connection.',
				);
			const text = typeof values.arguments === 'string' ? values.arguments : '';
			const args = toArguments(Buffer.from(text), 'list', bytesListOf(values.attachments));
			await answer(message.seq, event, args);
			return { text: 'Acknowledged.' };
		},
	};

	return {
		asked(seq, event) {
			const [oldest] = open.size >= maxOpen ? open : [];
			if (oldest) close(...oldest, 'not acknowledged');
			open.set(seq, event);
			if (event.isHeld) held++;
			sink.settlement(seq, { open: true, text: 'waits for an acknowledgement', atEnd: 'not acknowledged' });
		},
		settle(seqs, outcome) {
			for (const seq of seqs) {
				const event = open.get(seq);
				if (!event?.isHeld) continue;
				event.isHeld = false;
				held--;
				// Without one, the user can still answer it. It fails if the link has ended.
				if (outcome === 'done') answer(seq, event, noArguments).catch(() => {});
			}
		},
		held: () => held,
		left(namespace) {
			for (const event of open.values()) {
				if (event.namespace !== namespace || !event.isHeld) continue;
				event.isHeld = false;
				held--;
			}
		},
		act(act) {
			const run = actions[act.action as SocketIoAction];
			if (!run) throw fail('no-action', 'Unknown action.');
			return run(act);
		},
	};
}
