import type { Received } from '../run/connection';

/** The header in which a message says which rules it has passed, where its protocol has headers. */
export const ruleHeader = 'x-messaging-workbench-rule';

/** The rules that a message has passed, each with the place where it received the message: "1a2b3c4d1@0f1e2d3c". */
export type Way = readonly string[];

/** Longest way. A message with a longer one is taken for one in a loop. */
const maxWay = 16;
/** The latest sent messages, which are remembered; at most twice as many are. And for how long, in milliseconds. */
const minRemembered = 25_000;
const rememberedFor = 60_000;
/** Bytes of a payload that tell it from others, besides its length. */
const maxHashed = 64 * 1024;

/**
 * Finds messages that come back to a rule, directly or through other rules and brokers. The way of a message is in a
 * header, which also reaches rules of other processes; and for a minute, in memory for the messages that were sent to a
 * connection from which a rule of this process receives. One object for all rules of a process.
 */
export interface Loops {
	newRule(): string;
	/** A rule receives from this connection until the returned function is called. */
	receives(connection: string): () => void;
	/** The way of a received message without the receiving rule. */
	wayOf(connection: string, message: Received): Way;
	/** Remembers the way of a message before it is sent. */
	sends(connection: string, target: string, payload: Uint8Array, way: Way): void;
}

interface Remembered {
	way: Way;
	until: number;
}

/** `now`: in milliseconds. */
export function createLoops(random: (bytes: number) => Uint8Array, now: () => number): Loops {
	const prefix = [...random(4)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
	const sources = new Map<string, number>();
	/** The latest sent messages, and those before: a Map that loses its first entry with each new one is slow. */
	let sent = new Map<string, Remembered>();
	let before: ReadonlyMap<string, Remembered> = new Map();
	let rules = 0;

	return {
		newRule: () => `${prefix}${(rules++).toString(36)}`,
		receives(connection) {
			sources.set(connection, (sources.get(connection) ?? 0) + 1);
			return () => {
				const left = (sources.get(connection) ?? 1) - 1;
				if (left > 0) sources.set(connection, left);
				else sources.delete(connection);
			};
		},
		wayOf(connection, message) {
			const header = message.headers.find(([name]) => name.toLowerCase() === ruleHeader)?.[1];
			const written = header === undefined ? [] : readWay(header);
			if (sent.size === 0) return written;
			const key = keyOf(connection, message.target, message.payload);
			const remembered = sent.get(key) ?? before.get(key);
			return remembered && remembered.until > now() ? [...new Set([...written, ...remembered.way])] : written;
		},
		sends(connection, target, payload, way) {
			if (!sources.has(connection)) return;
			if (sent.size >= minRemembered) {
				before = sent;
				sent = new Map();
			}
			sent.set(keyOf(connection, target, payload), { way, until: now() + rememberedFor });
		},
	};
}

/** The step of a way for a rule that has received a message there. */
export const stepOf = (rule: string, connection: string, target: string): string =>
	`${rule}@${hashOf(placeText(connection, target))}`;

/** Whether a rule has processed the message before, or the way is too long to go on. */
export const hasPassed = (way: Way, rule: string): boolean =>
	way.length >= maxWay || way.some((one) => one.startsWith(`${rule}@`));

/** Whether the message was received there before. */
export function hasBeenAt(way: Way, connection: string, target: string): boolean {
	const place = `@${hashOf(placeText(connection, target))}`;
	return way.some((one) => one.endsWith(place));
}

export const wayText = (way: Way): string => way.join(',');

/** The header is text of a peer: anything else than a way counts as none. */
function readWay(text: string): Way {
	return text.length <= 1000 && /^[0-9a-z]{1,20}@[0-9a-f]{8}(?:,[0-9a-z]{1,20}@[0-9a-f]{8})*$/.test(text)
		? text.split(',')
		: [];
}

const placeText = (connection: string, target: string) => `${connection}\n${target}`;

/** FNV-1a, 32 bits. */
const prime = 0x01000193;
const basis = 0x811c9dc5;

function hashText(text: string, start: number): number {
	let hash = start;
	for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), prime);
	return hash >>> 0;
}

const hashOf = (text: string): string => hashText(text, basis).toString(16).padStart(8, '0');

/** Two hashes with different starts, so that messages are not taken for each other by chance. */
function keyOf(connection: string, target: string, payload: Uint8Array): string {
	let first = hashText(target, hashText(connection, basis));
	let second = hashText(target, first ^ 0x5bd1e995);
	const end = Math.min(payload.length, maxHashed);
	for (let at = 0; at < end; at++) {
		const byte = payload[at] as number;
		first = Math.imul(first ^ byte, prime);
		second = Math.imul(second ^ (byte + at), prime);
	}
	return `${first >>> 0}:${second >>> 0}:${payload.length}`;
}
