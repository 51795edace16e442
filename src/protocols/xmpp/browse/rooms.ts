import { type Failure, FailureError, fail } from '../../../base/failure';
import type { Subscription } from '../../../model/profile/profile';
import { cutText } from '../../../model/text/text';
import type { Granted } from '../../adapter';
import { peerText } from '../../shared/peer-text';
import { errorOf, refusedBy } from '../describe/conditions';
import { bareJid, resourceOf } from '../describe/jid';
import type { Line } from '../wire/open-stream';
import { attribute, child, children, type Element, escapeXml, namespaces, xml } from '../wire/xml';

export interface Occupant {
	role: string;
	affiliation: string;
	/** Where the room tells it. */
	jid?: string;
	show: string;
	status?: string;
}

interface Room {
	/** Of the subscription. */
	id: string;
	nick: string;
	occupants: Map<string, Occupant>;
	subject?: string;
	state: 'joining' | 'in' | 'leaving';
	/** The line of the log of our wish to join. */
	seq?: number;
	settle?(failure?: FailureError, codes?: string[]): void;
}

const mostOccupants = 20_000;

/** Rooms that we are in or on the way into (XEP-0045). */
export interface Rooms {
	join(subscription: Subscription, id: string): Promise<Granted>;
	leave(target: string): Promise<void>;
	list(): { jid: string; nick: string; occupants: ReadonlyMap<string, Occupant>; subject?: string }[];
	/** The line of the wish to join that this error answers. */
	asked(error: Element): number | undefined;
	/** True if it is a room's: then it is no contact's. */
	presence(element: Element): boolean;
	subject(element: Element): void;
	lost(): void;
}

export function createRooms(line: Line): Rooms {
	const rooms = new Map<string, Room>();

	function join(subscription: Subscription, id: string): Promise<Granted> {
		const jid = subscription.target.toLowerCase();
		if (rooms.has(jid)) throw fail('joined', `We are in the room ${jid} already.`);
		const given = subscription.nick;
		const nick =
			typeof given === 'string' && given.trim() !== '' ? given.trim() : bareJid(line.full).split('@')[0] || 'workbench';
		const history = typeof subscription.history === 'number' ? subscription.history : 20;
		const password = typeof subscription.password === 'string' ? subscription.password : '';
		const room: Room = { id, nick, occupants: new Map(), state: 'joining' };
		rooms.set(jid, room);
		return new Promise((resolve, reject) => {
			room.settle = (failure, codes = []) => {
				room.settle = undefined;
				if (failure) {
					rooms.delete(jid);
					reject(failure);
				} else resolve({ detail: told(room, codes) });
			};
			const content =
				xml('history', { maxstanzas: String(history) }) + (password ? xml('password', {}, escapeXml(password)) : '');
			room.seq = line.say(xml('presence', { to: `${jid}/${nick}` }, xml('x', { xmlns: namespaces.muc }, content)));
		});
	}

	function told({ nick, occupants }: Room, codes: readonly string[]): string {
		const parts = [`in as ${nick}`, `${occupants.size} there`];
		if (codes.includes('201')) parts.push('the room was made by joining it');
		if (codes.includes('100')) parts.push('everyone sees your address');
		if (codes.includes('170')) parts.push('what is said is recorded');
		return parts.join(', ');
	}

	function ourself(jid: string, room: Room, type: string | undefined, codes: string[], x: Element | undefined): void {
		if (type !== 'unavailable') {
			if (room.state === 'joining') {
				room.state = 'in';
				room.settle?.(undefined, codes);
			}
			return;
		}
		// 303: the nick changes, and a presence under the new one follows.
		const nick = codes.includes('303') ? attribute(child(x, 'item') ?? noElement, 'nick') : undefined;
		if (nick !== undefined) {
			room.nick = nick;
			return;
		}
		rooms.delete(jid);
		room.settle?.(room.state === 'leaving' ? undefined : fail('left', `The room ${jid} let us out again.`));
		if (room.state !== 'in') return;
		const reason = peerText(child(child(x, 'item'), 'reason')?.text ?? '');
		const why = codes.includes('301')
			? 'banned us'
			: codes.includes('307')
				? 'put us out'
				: codes.includes('332')
					? 'is shut down'
					: 'ended our stay';
		const evidence = [codes.length > 0 && `status ${codes.join(', ')}`, reason].filter((one) => one).join(': ');
		const code = codes.find((one) => one !== '110');
		const end = { ...(code !== undefined && { code }), ...(reason !== '' && { reason }) };
		tellEnd(room, { code: 'put-out', message: `The room ${jid} ${why}.`, evidence, end });
	}

	function tellEnd({ id }: Room, failure: Failure): void {
		line.sink.subscription(id, { failure });
	}

	/** Before the join is complete it is refused by this; afterwards the room cannot be reached any more. */
	function presenceError(jid: string, room: Room, element: Element): void {
		const error = errorOf(child(element, 'error'));
		if (room.state === 'joining')
			room.settle?.(new FailureError(refusedBy('join-refused', `The room ${jid} did not let us in`, error)));
		if (room.state !== 'in') return;
		rooms.delete(jid);
		tellEnd(room, refusedBy('put-out', `The room ${jid} ended our stay`, error));
	}

	return {
		join,
		leave(target) {
			const jid = target.toLowerCase();
			const room = rooms.get(jid);
			if (!room) return Promise.resolve();
			room.state = 'leaving';
			return new Promise((resolve) => {
				const timer = setTimeout(() => room.settle?.(), 2000);
				room.settle = () => {
					clearTimeout(timer);
					room.settle = undefined;
					rooms.delete(jid);
					resolve();
				};
				line.say(xml('presence', { to: `${jid}/${room.nick}`, type: 'unavailable' }));
			});
		},
		list: () => [...rooms].filter(([, { state }]) => state === 'in').map(([jid, room]) => ({ jid, ...room })),
		asked(error) {
			const room = rooms.get(bareJid(attribute(error, 'from') ?? '').toLowerCase());
			return room?.state === 'joining' ? room.seq : undefined;
		},
		presence(element) {
			const from = attribute(element, 'from') ?? '';
			const jid = bareJid(from).toLowerCase();
			const room = rooms.get(jid);
			if (!room) return false;
			const type = attribute(element, 'type');
			if (type === 'error') {
				// An error about another occupant is not ours.
				if ([undefined, room.nick].includes(resourceOf(from))) presenceError(jid, room, element);
				return true;
			}
			const nick = resourceOf(from);
			// The room itself: what it can do, its picture.
			if (nick === undefined) return true;
			const x = child(element, 'x', namespaces.mucUser);
			const item = child(x, 'item') ?? noElement;
			const codes = children(x, 'status').map((one) => attribute(one, 'code') ?? '');
			if (type === 'unavailable') room.occupants.delete(nick);
			else if (room.occupants.size < mostOccupants)
				room.occupants.set(nick, {
					role: attribute(item, 'role') ?? 'none',
					affiliation: attribute(item, 'affiliation') ?? 'none',
					jid: attribute(item, 'jid'),
					show: child(element, 'show')?.text.trim() || 'online',
					status: cutText(child(element, 'status')?.text ?? '', 500) || undefined,
				});
			// 110 marks our own; the room may have changed the nick on the way in (210).
			if (codes.includes('110') || nick === room.nick) {
				if (codes.includes('110') && type !== 'unavailable') room.nick = nick;
				ourself(jid, room, type, codes, x);
			}
			return true;
		},
		subject(element) {
			const room = rooms.get(bareJid(attribute(element, 'from') ?? '').toLowerCase());
			const subject = child(element, 'subject');
			if (room && subject) room.subject = cutText(subject.text, 500);
		},
		lost() {
			const gone = fail('link-lost', 'The connection ended.');
			for (const room of [...rooms.values()]) room.settle?.(gone);
			rooms.clear();
		},
	};
}

const noElement: Element = { name: '', ns: '', attributes: {}, children: [], text: '' };
