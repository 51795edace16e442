import { type Failure, FailureError, fail } from '../../../base/failure';
import type { Subscription } from '../../../model/profile/profile';
import { cutText } from '../../../model/text/text';
import type { Granted } from '../../adapter';
import { peerText } from '../../shared/peer-text';
import { errorOf, refusedBy } from '../describe/conditions';
import { bareJid, resourceOf } from '../describe/jid';
import type { OpenStream } from '../wire/open-stream';
import { attribute, child, children, type Element, escapeXml, namespaces, xml } from '../wire/xml';

export interface Occupant {
	role: string;
	affiliation: string;
	/** The real address, where the room reveals it. */
	jid?: string;
	show: string;
	status?: string;
}

export interface JoinedRoom {
	jid: string;
	nick: string;
	/** Id of the subscription, alone in a list. */
	subscriptions: readonly [string];
	occupants: ReadonlyMap<string, Occupant>;
	subject?: string;
}

interface Room extends JoinedRoom {
	occupants: Map<string, Occupant>;
	state: 'joining' | 'in' | 'leaving';
	/** Line in the log of the presence that requests to join. */
	seq?: number;
	settle?(failure?: FailureError, codes?: string[]): void;
}

const maxOccupants = 20_000;
/** Milliseconds that a room may take to confirm that the user has left. */
const leaveWithin = 2000;
/** Messages of the history that are requested on joining unless the user says otherwise. */
const defaultHistory = 20;

/** The reason in a status code for the end of the user's stay (XEP-0045, section 15.6). */
const ends: [code: string, words: string][] = [
	['301', 'You were banned from the room'],
	['307', 'You were removed from the room'],
	['332', 'The service shut down, and with it the room'],
];

/** Rooms that the user is in or is joining (XEP-0045). */
export interface Rooms {
	join(subscription: Subscription, id: string): Promise<Granted>;
	leave(target: string): Promise<void>;
	list(): JoinedRoom[];
	/** Whether this is the address of a room that the user is in or is joining. */
	has(jid: string): boolean;
	/** Whether a message is one of the user's own, which a room sends to everyone including its author. */
	isOwn(from: string): boolean;
	/** The line of the request to join that this error answers. */
	requestOf(error: Element): number | undefined;
	/** Ids of the subscription that a stanza from this address comes by. */
	subscriptionsOf(from: string): readonly string[] | undefined;
	/** Takes in a presence. Returns whether it comes from a room, and so from no contact. */
	presence(element: Element): boolean;
	subject(element: Element): void;
	lost(): void;
}

export function createRooms(stream: OpenStream): Rooms {
	/** By address in lower case. */
	const rooms = new Map<string, Room>();
	const roomAt = (from: string) => (rooms.size === 0 ? undefined : rooms.get(bareJid(from).toLowerCase()));
	const roomOf = (element: Element) => roomAt(attribute(element, 'from') ?? '');

	function join(subscription: Subscription, id: string): Promise<Granted> {
		const jid = subscription.target.toLowerCase();
		if (rooms.has(jid)) throw fail('joined', `You are already in the room ${jid}.`);
		const history = typeof subscription.history === 'number' ? subscription.history : defaultHistory;
		const password = typeof subscription.password === 'string' ? subscription.password : '';
		const room: Room = {
			jid,
			subscriptions: [id],
			nick: nickOf(subscription),
			occupants: new Map(),
			state: 'joining',
		};
		rooms.set(jid, room);
		return new Promise((resolve, reject) => {
			room.settle = (failure, codes = []) => {
				room.settle = undefined;
				if (failure) {
					rooms.delete(jid);
					reject(failure);
				} else resolve({ detail: joinedWords(room, codes) });
			};
			const content =
				xml('history', { maxstanzas: String(history) }) + (password ? xml('password', {}, escapeXml(password)) : '');
			room.seq = stream.say(
				xml('presence', { to: `${jid}/${room.nick}` }, xml('x', { xmlns: namespaces.muc }, content)),
			);
		});
	}

	function nickOf({ nick }: Subscription): string {
		const text = typeof nick === 'string' ? nick.trim() : '';
		return text || bareJid(stream.full).split('@')[0] || 'workbench';
	}

	/** Takes in a presence of the user's own occupant. */
	function ownPresence(room: Room, type: string | undefined, codes: string[], x: Element | undefined): void {
		if (type !== 'unavailable') {
			if (room.state === 'joining') {
				room.state = 'in';
				room.settle?.(undefined, codes);
			}
			return;
		}
		// 303: the nick changes, and a presence under the new one follows.
		const item = child(x, 'item');
		const nick = codes.includes('303') && item ? attribute(item, 'nick') : undefined;
		if (nick !== undefined) {
			room.nick = nick;
			return;
		}
		rooms.delete(room.jid);
		room.settle?.(
			room.state === 'leaving'
				? undefined
				: fail('left', `The room ${room.jid} removed you while you were joining it.`),
		);
		if (room.state !== 'in') return;
		const reason = peerText(child(item, 'reason')?.text ?? '');
		const words = ends.find(([code]) => codes.includes(code))?.[1] ?? 'You were disconnected from the room';
		const evidence = [codes.length > 0 && `status ${codes.join(', ')}`, reason].filter((part) => part).join(': ');
		const code = codes.find((one) => one !== '110');
		const end = { ...(code !== undefined && { code }), ...(reason !== '' && { reason }) };
		reportEnd(room, { code: 'put-out', message: `${words} ${room.jid}.`, evidence, end });
	}

	function reportEnd({ subscriptions: [id] }: Room, failure: Failure): void {
		stream.sink.subscription(id, { failure });
	}

	/** While joining, an error refuses the request; afterwards the room cannot be reached any more. */
	function presenceError(room: Room, element: Element): void {
		const error = errorOf(child(element, 'error'));
		if (room.state === 'joining')
			room.settle?.(
				new FailureError(refusedBy('join-refused', `The room ${room.jid} refused the request to join`, error)),
			);
		if (room.state !== 'in') return;
		rooms.delete(room.jid);
		reportEnd(room, refusedBy('put-out', `You were disconnected from the room ${room.jid}`, error));
	}

	return {
		join,
		leave(target) {
			const room = rooms.get(target.toLowerCase());
			if (!room) return Promise.resolve();
			room.state = 'leaving';
			return new Promise((resolve) => {
				const timer = setTimeout(() => room.settle?.(), leaveWithin);
				room.settle = () => {
					clearTimeout(timer);
					room.settle = undefined;
					rooms.delete(room.jid);
					resolve();
				};
				stream.say(xml('presence', { to: `${room.jid}/${room.nick}`, type: 'unavailable' }));
			});
		},
		list: () => [...rooms.values()].filter(({ state }) => state === 'in'),
		has(jid) {
			const room = rooms.get(jid.toLowerCase());
			return room !== undefined && room.state !== 'leaving';
		},
		isOwn(from) {
			const room = roomAt(from);
			return room !== undefined && resourceOf(from) === room.nick;
		},
		requestOf(error) {
			const room = roomOf(error);
			return room?.state === 'joining' ? room.seq : undefined;
		},
		subscriptionsOf: (from) => roomAt(from)?.subscriptions,
		presence(element) {
			const room = roomOf(element);
			if (!room) return false;
			const nick = resourceOf(attribute(element, 'from') ?? '');
			const type = attribute(element, 'type');
			if (type === 'error') {
				// An error about another occupant does not concern the user's own stay.
				if (nick === undefined || nick === room.nick) presenceError(room, element);
				return true;
			}
			// A presence of the room itself: its capabilities or its picture.
			if (nick === undefined) return true;
			const x = child(element, 'x', namespaces.mucUser);
			const codes = children(x, 'status').map((status) => attribute(status, 'code') ?? '');
			if (type === 'unavailable') room.occupants.delete(nick);
			else if (room.occupants.size < maxOccupants) room.occupants.set(nick, occupantOf(element, x));
			// 110 marks the user's own occupant; the room may have changed the nick on joining (210).
			if (codes.includes('110') || nick === room.nick) {
				if (codes.includes('110') && type !== 'unavailable') room.nick = nick;
				ownPresence(room, type, codes, x);
			}
			return true;
		},
		subject(element) {
			const room = roomOf(element);
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

function joinedWords({ nick, occupants }: Room, codes: readonly string[]): string {
	const parts = [`in as ${nick}`, `${occupants.size} there`];
	if (codes.includes('201')) parts.push('the room was created');
	if (codes.includes('100')) parts.push('everyone sees your address');
	if (codes.includes('170')) parts.push('messages are recorded');
	return parts.join(', ');
}

function occupantOf(presence: Element, x: Element | undefined): Occupant {
	const item = child(x, 'item');
	const of = (name: string) => item && attribute(item, name);
	return {
		role: of('role') ?? 'none',
		affiliation: of('affiliation') ?? 'none',
		jid: of('jid'),
		show: child(presence, 'show')?.text.trim() || 'online',
		status: cutText(child(presence, 'status')?.text ?? '', 500) || undefined,
	};
}
