import type { Draft, Receipt } from '../../../model/contracts/message';
import type { Sink, Sending as Way } from '../../adapter';
import { notOpen } from '../../shared/failures';
import { peerText } from '../../shared/peer-text';
import { statusOf } from '../describe/flags';
import { acknowledgement } from '../jetstream/acknowledgement';
import type { Connection } from '../wire/connection';
import { encodePublish, type PreparedMessage, prepareDraft } from './drafts';
import type { Inbox } from './inbox';
import type { Publishes } from './publishes';

export interface Sending {
	prepare(draft: Draft): PreparedMessage;
	/** Throws `not-open`, and if answers cannot be received. */
	send(prepared: PreparedMessage, way?: Way): Promise<Receipt>;
}

/** No stream and no subscriber takes the subject: the server answers with this status. */
const noResponders = '503';
/** Largest number of milliseconds that a stream may take to acknowledge a message. */
const storedWithin = 10_000;

export function createSending(connection: Connection, inbox: Inbox, publishes: Publishes, sink: Sink): Sending {
	const { receipts } = publishes;

	function requireOpen(): void {
		if (connection.life.state !== 'open') throw notOpen();
	}

	function publish({ subject, reply, block, payload }: PreparedMessage): Promise<Receipt> {
		const receipt = receipts.open();
		connection.write(encodePublish(subject, reply, block, payload));
		publishes.follow(subject, reply, receipt);
		return receipt.promise;
	}

	async function request({ subject, block, payload, within, answers }: PreparedMessage, way?: Way): Promise<Receipt> {
		await inbox.ready();
		requireOpen();
		const receipt = receipts.open();
		let count = 0;
		const seconds = within / 1000;
		const box = inbox.open((from, body, meta, flags) => {
			sink.message({ target: from, payload: body, flags, meta, answers: way?.seq });
			if (statusOf(flags) === noResponders && count === 0) {
				receipt.settle('unrouted', (ms) => `no responders: no client is subscribed to the subject (${ms} ms)`, '503');
				return;
			}
			count++;
			if (count >= answers)
				receipt.settle('answered', (ms) => (answers === 1 ? `answered in ${ms} ms` : `${count} answers in ${ms} ms`));
			else way?.progress(`${count} of at most ${answers} answers`);
		});
		const settleCount = (why: string) =>
			count > 0
				? receipt.settle('answered', `${count} ${count === 1 ? 'answer' : 'answers'}, ${why}`)
				: receipt.settle('acknowledged', `no answer, ${why}; the server has taken the request`);
		receipt.onSettled(box.close);
		receipt.within(within, () => settleCount(`within ${seconds} s`));
		receipt.onAbort(way?.signal, () => settleCount('stopped waiting'));
		connection.write(encodePublish(subject, box.subject, block, payload));
		publishes.watch(subject, box.subject, receipt);
		return receipt.promise;
	}

	async function store({ subject, block, payload }: PreparedMessage, way?: Way): Promise<Receipt> {
		await inbox.ready();
		requireOpen();
		const receipt = receipts.open();
		const box = inbox.open((_, body, __, flags) => {
			if (statusOf(flags) === noResponders)
				receipt.settle(
					'refused',
					(ms) => `not stored: no stream has the subject "${peerText(subject)}" (${ms} ms)`,
					'503',
				);
			else acknowledgement(Buffer.from(body).toString('utf8'), receipt);
		});
		receipt.onSettled(box.close);
		receipt.within(storedWithin, () =>
			receipt.settle(
				'unknown',
				`no stream acknowledged it within ${storedWithin / 1000} s: it may or may not be stored`,
			),
		);
		receipt.onAbort(way?.signal, () => receipt.settle('unknown', 'stopped waiting: it may or may not be stored'));
		connection.write(encodePublish(subject, box.subject, block, payload));
		publishes.watch(subject, box.subject, receipt);
		return receipt.promise;
	}

	return {
		prepare(draft) {
			requireOpen();
			return prepareDraft(draft, connection);
		},
		async send(prepared, way) {
			requireOpen();
			if (prepared.verb === 'publish') return publish(prepared);
			return prepared.verb === 'request' ? request(prepared, way) : store(prepared, way);
		},
	};
}
