import { fail } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import type { Connection, Route } from '../wire/connection';
import { type Denied, errorLine } from '../wire/server-errors';

export interface Inbox {
	/** Resolves when the inbox is subscribed to. Throws if the server refuses that. */
	ready(): Promise<void>;
	/** A reply subject, whose messages `route` receives until `close`. */
	open(route: Route): { subject: string; close(): void };
	/** The UTF-16 unit with which its subjects begin. */
	readonly firstLetter: number;
	/** Whether a subject is a reply subject of this connection. */
	isOwn(subject: string): boolean;
	/** The subscription to the inbox was refused. Returns whether it was this one. */
	denied(denied: Denied, text: string): boolean;
}

/** Reply subjects of a connection, all in one subscription with a wildcard. `prefix` is random and ends without a dot. */
export function createInbox(connection: Connection, prefix: string): Inbox {
	const all = `${prefix}.*`;
	const open = new Map<string, Route>();
	let last = 0;
	let subscribed: Promise<void> | undefined;
	let refusal: string | undefined;

	async function subscribe(): Promise<void> {
		const sid = connection.subscribe(all, undefined, (subject, payload, meta, flags) => {
			open.get(subject)?.(subject, payload, meta, flags);
		});
		await connection.flush().done;
		if (refusal === undefined) return;
		connection.unsubscribe(sid);
		throw fail(
			'inbox-refused',
			`The user has no permission to subscribe to "${peerText(all)}", where answers would arrive, so nothing was sent.`,
			{
				evidence: errorLine(refusal),
				remedy: { text: 'Set "Inbox prefix" of the connection to a prefix that this user may subscribe to.' },
			},
		);
	}

	return {
		ready() {
			subscribed ??= subscribe();
			return subscribed;
		},
		open(route) {
			const subject = `${prefix}.${++last}`;
			open.set(subject, route);
			return { subject, close: () => open.delete(subject) };
		},
		firstLetter: prefix.charCodeAt(0),
		isOwn: (subject) => subject.startsWith(prefix),
		denied({ kind, subject }, text) {
			if (kind !== 'subscribe' || subject !== all) return false;
			refusal ??= text;
			return true;
		},
	};
}
