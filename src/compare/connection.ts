import { withDeadline } from '../base/deadline';
import { type Failure, FailureError } from '../base/failure';
import { attempt } from '../engine/session/attempt';
import { flag } from '../model/contracts/message';
import { defaultLimits } from '../model/contracts/session';
import type { ResolvedProfile, Secrets } from '../model/profile/profile';
import type { Incoming, Link, Sink, Traffic } from '../protocols/adapter';
import type { ProtocolDescription } from '../protocols/description';
import { adapters } from '../protocols/index';
import type { Bytes } from './report/types';

/** A connection to be measured, and where its messages go. */
export interface Subject {
	/** As the user named it: the connection and the target. */
	name: string;
	profile: ResolvedProfile;
	secrets: Secrets;
	description: ProtocolDescription;
	target: string;
}

/** An open link without the log and the tree of a session. */
export interface Connection {
	readonly link: Link;
	/** Bytes of all its sockets so far. */
	traffic(): Bytes;
	/** Messages that have arrived so far. */
	readonly received: number;
	/** Replaces the listener. */
	onMessage(listener: (message: Incoming) => void): void;
	/** The reason of its end; undefined while it is open. */
	readonly ended: Failure | undefined;
	close(): Promise<void>;
}

/** Milliseconds. */
const closeWithin = 1500;

const open = new Set<(failure: Failure) => void>();

/** Ends the open connections after an error that a library has thrown outside of any call. False: there are none. */
export function fault(error: unknown): boolean {
	const evidence = error instanceof Error ? error.message : String(error);
	const message = 'The peer sent something that the protocol library could not handle.';
	for (const end of open) end({ code: 'library-fault', message, evidence });
	return open.size > 0;
}

/** Opens a link. `sockets` is filled as sockets are opened, so that an attempt can be watched. */
export async function connect(subject: Subject, signal: AbortSignal, sockets: Traffic[] = []): Promise<Connection> {
	const { profile, secrets, description } = subject;
	const loadAdapter = adapters[description.id];
	if (!loadAdapter) throw new Error(`No protocol "${description.id}" here.`);
	let listener: (message: Incoming) => void = () => {};
	let ended: Failure | undefined;
	let lines = 0;
	let received = 0;
	const sink: Sink = {
		message(message) {
			if (message.flags & flag.out) return lines++;
			received++;
			listener(message);
			return lines++;
		},
		subscription(_, { failure }) {
			if (failure) ended ??= failure;
		},
		settlement() {},
		browseChanged() {},
		note() {},
	};
	const link = await attempt({
		...{ adapter: await loadAdapter(), sink, signal, memory: new Map() },
		request: { profile: { ...profile, subscriptions: [] }, secrets, limits: defaultLimits, reconnect: false },
		onStep() {},
		onFound() {},
		onSocket: (socket) => void sockets.push(socket),
	});
	const end = (failure: Failure) => {
		ended ??= failure;
		link.destroy();
	};
	open.add(end);
	void link.ended.then((failure) => {
		ended ??= failure ?? { code: 'closed', message: 'The connection was closed.' };
		open.delete(end);
	});
	return {
		link,
		traffic: () => total(sockets),
		onMessage(next) {
			listener = next;
		},
		get received() {
			return received;
		},
		get ended() {
			return ended;
		},
		async close() {
			await withDeadline(link.close(), closeWithin, () => new FailureError({ code: 'late', message: '' })).catch(
				() => {},
			);
			link.destroy();
			open.delete(end);
		},
	};
}

export function total(sockets: readonly Traffic[]): Bytes {
	return sockets.reduce((sum, { sent, received }) => ({ sent: sum.sent + sent, received: sum.received + received }), {
		sent: 0,
		received: 0,
	});
}

/**
 * The connection without the fields that two links must not share. A session of the user with the same client id would lose
 * its connection, or its messages, to the comparison.
 */
export function withoutIdentity(subject: Subject): Subject {
	const own = subject.description.comparison?.ownFields ?? [];
	const values = Object.fromEntries(Object.entries(subject.profile.values).filter(([key]) => !own.includes(key)));
	return { ...subject, profile: { ...subject.profile, values } };
}
