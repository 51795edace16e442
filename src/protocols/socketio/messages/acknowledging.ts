import { fail } from '../../../base/failure';
import type { ActResult } from '../../../model/contracts/browse';
import { bytesListOf } from '../../../model/profile/bytes-value';
import type { Act, Sink } from '../../adapter';
import { toArguments } from '../describe/arguments';
import type { SocketIoAction } from '../describe/ids';
import type { Sending } from './sending';

export interface Acknowledging {
	/** The sender of a logged event waits for an acknowledgement. */
	asked(seq: number, namespace: string, id: string): void;
	act(act: Act): Promise<ActResult>;
}

/** Events that are remembered as unanswered. */
const maxOpen = 10_000;

/** Answers received events by hand. An event can be answered once, as long as the link lasts. */
export function createAcknowledging(sending: Sending, sink: Sink): Acknowledging {
	const open = new Map<number, { namespace: string; id: string }>();

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
			await sending.acknowledge(event.namespace, event.id, message.target, args);
			open.delete(message.seq);
			sink.settlement(message.seq, { open: false, text: 'acknowledged' });
			return { text: 'Acknowledged.' };
		},
	};

	return {
		asked(seq, namespace, id) {
			const oldest = open.size >= maxOpen ? open.keys().next().value : undefined;
			if (oldest !== undefined) {
				open.delete(oldest);
				sink.settlement(oldest, { open: false, text: 'not acknowledged' });
			}
			open.set(seq, { namespace, id });
			sink.settlement(seq, { open: true, text: 'waits for an acknowledgement', atEnd: 'not acknowledged' });
		},
		act(act) {
			const run = actions[act.action as SocketIoAction];
			if (!run) throw fail('no-action', 'Unknown action.');
			return run(act);
		},
	};
}
