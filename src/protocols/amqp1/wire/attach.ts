import { randomBytes } from 'node:crypto';
import type { Delivery, Receiver, Sender, Session } from 'rhea';
import { withDeadline } from '../../../base/deadline';
import { type Failure, FailureError, fail } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import type { Value } from './codec/values';
import type { Connection } from './connection';
import { symbolsIn, textIn } from './performatives';
import type { Payload } from './reassembly';
import { linkRefusal, type PeerError } from './refusals';
import { type Credit, guardCredit, guardSession } from './session-guard';

/** Time for the server's attach, in milliseconds. */
const answerWithin = 10_000;
/** Time for the answer to a detach, in milliseconds. */
const closeWithin = 2000;

/** The server's side of a link (AMQP 1.0, part 2, section 2.7.3, and part 3, section 3.5). */
export interface Reply {
	address: string | undefined;
	/** What it will do with messages; undefined: it does not say. */
	distributionMode: string | undefined;
	/** Names of the filters that are in place. */
	filters: string[];
	/** Capabilities of the node. */
	capabilities: string[];
	/** Largest message that it accepts, in bytes; undefined: any. */
	maxMessageBytes: bigint | undefined;
}

/** A link with a session of its own, so that neither the credit nor the errors of another link affect it. */
export interface OwnLink<Library extends Sender | Receiver> {
	readonly library: Library;
	readonly reply: Reply;
	readonly open: boolean;
	/** Detaches and ends the session. Resolves when the server has answered, or will not within a short time. */
	close(): Promise<void>;
}

export interface AttachOptions {
	/** In sentences: "The server refused to send to". */
	refusal: string;
	/** In sentences: "The server ended the sending to". */
	ending: string;
	address: string;
	/** The server has ended the link, which was open. Not called at the end of the connection. */
	ended(failure: Failure): void;
}

export function attachSender(
	connection: Connection,
	terms: object,
	options: AttachOptions & {
		/** The server takes back the credit that is not used, also before the link is open. */
		draining(): void;
	},
): Promise<OwnLink<Sender>> {
	return attach(
		connection,
		options,
		(session, name) => {
			const sender = session.open_sender({ ...terms, name });
			sender.on('sender_draining' as never, options.draining as never);
			return sender;
		},
		false,
	);
}

/** A link that receives. It begins without credit. */
export type ReceivingLink = OwnLink<Receiver> & Credit;

export async function attachReceiver(
	connection: Connection,
	terms: object,
	options: AttachOptions & {
		/** `payload` is undefined for a message that the server has aborted, which has no outcome. */
		message(delivery: Delivery, payload: Payload | undefined): void;
	},
): Promise<ReceivingLink> {
	const { message } = options;
	let credit: Credit | undefined;
	const link = await attach(
		connection,
		options,
		(session, name) => {
			const receiver = session.open_receiver({ ...terms, name, credit_window: 0, autoaccept: false });
			// From the start: a message that is not taken would be that of the next event.
			receiver.on(
				'message' as never,
				(({ delivery }: { delivery: Delivery }) => {
					const payload = connection.take();
					// Aborting settles (AMQP 1.0, part 2, section 2.6.14), so that no outcome is written.
					if (!payload) (delivery as { remote_settled: boolean }).remote_settled = true;
					message(delivery, payload);
				}) as never,
			);
			credit = guardCredit(session, receiver);
			return receiver;
		},
		true,
	);
	return Object.assign(link, credit as Credit);
}

async function attach<Library extends Sender | Receiver>(
	connection: Connection,
	options: AttachOptions,
	open: (session: Session, name: string) => Library,
	isReceiver: boolean,
): Promise<OwnLink<Library>> {
	const { address, refusal, ending } = options;
	connection.requireOpen();
	const name = `mw-${randomBytes(8).toString('hex')}`;
	let fields: Value[] = [];
	connection.expect(name, (received) => {
		fields = received;
	});
	const session = connection.beginSession();
	guardSession(session);
	const library = open(session, name);
	let state = 'attaching' as 'attaching' | 'open' | 'ended';
	let refused: FailureError | undefined;
	let refuse: (failure: Failure) => void = () => {};
	const attached = new Promise<void>((resolve, reject) => {
		refuse = (failure) => {
			refused = new FailureError(failure);
			reject(refused);
		};
		library.on(
			(isReceiver ? 'receiver_open' : 'sender_open') as never,
			(() => {
				// A link without its source or target is refused: the reason follows in a detach (AMQP 1.0, part 2, section 2.6.3).
				if (fields[isReceiver ? sourceField : targetField]?.type === 'described') resolve();
			}) as never,
		);
	});
	const over = (error: PeerError | undefined, isWholeSession = false) => {
		const was = state;
		if (was === 'ended') return;
		finish(isWholeSession);
		if (was === 'attaching') refuse(linkRefusal(error, refusal, address));
		else options.ended(linkRefusal(error, ending, address));
	};
	library.on(
		(isReceiver ? 'receiver_close' : 'sender_close') as never,
		(() => over(library.error as PeerError)) as never,
	);
	session.on('session_close' as never, (() => over(session.error as PeerError, true)) as never);
	void connection.life.ended.then((failure) => {
		if (state === 'attaching') refuse(failure ?? { code: 'closed', message: 'The connection was closed.' });
		state = 'ended';
	});

	/** A link that is closed in both directions is removed by rhea; one of a session that has ended must not be detached. */
	function finish(isWholeSession = false): void {
		state = 'ended';
		connection.forget(name);
		if (connection.life.state === 'ended') return;
		if (!isWholeSession) library.close();
		session.close();
		connection.endedSession();
	}

	const stateNow = () => state;
	const refusedNow = () => refused;
	try {
		await withDeadline(attached, answerWithin, () =>
			fail(
				'no-answer',
				`The server did not answer the attach to "${peerText(address)}" within ${answerWithin / 1000} s.`,
			),
		);
		// A server may end the link in the packet in which it attaches it.
		const error = refusedNow();
		if (error) throw error;
	} catch (error) {
		if (stateNow() !== 'ended') finish();
		throw error;
	}
	state = 'open';
	return {
		library,
		reply: replyOf(fields, isReceiver),
		get open() {
			return state === 'open';
		},
		async close() {
			if (state !== 'open') return;
			const answered = new Promise<void>((resolve) => {
				session.on('session_close' as never, resolve as never);
				void connection.life.ended.then(() => resolve());
			});
			finish();
			await withDeadline(answered, closeWithin, () => undefined).catch(() => {});
		},
	};
}

/** Positions in the fields of attach. */
const sourceField = 5;
const targetField = 6;
const maxMessageField = 10;

function replyOf(fields: readonly Value[], isReceiver: boolean): Reply {
	const terminus = fields[isReceiver ? sourceField : targetField];
	const parts = terminus?.type === 'described' && terminus.value.type === 'list' ? terminus.value.value : [];
	const filter = isReceiver ? parts[7] : undefined;
	const max = fields[maxMessageField];
	return {
		address: textIn(parts[0]),
		distributionMode: isReceiver ? textIn(parts[6]) : undefined,
		filters:
			filter?.type === 'map'
				? filter.value.flatMap(([name, value]) => (value.type === 'null' ? [] : (textIn(name) ?? [])))
				: [],
		capabilities: symbolsIn(parts[isReceiver ? 10 : 6]),
		maxMessageBytes: max?.type === 'ulong' && max.value > 0n ? max.value : undefined,
	};
}
