import { toText } from '../../../model/contracts/payload';
import type { Values } from '../../../model/profile/field';
import { parseUrl, withoutCredentials } from '../../../model/profile/url';

/** The common ground of a command line, a request of a message file and a program. */
export interface Sketch {
	/** A verb of message files. */
	verb: string;
	/** Without user and password. */
	url?: string;
	username?: string;
	/** Never written into a message file. */
	password?: string;
	target: string;
	/** As in a message file. */
	headers: SketchHeader[];
	metadata?: [string, string][];
	messages: Message[];
	/** Parts of a command line that a request cannot express, as they were written. */
	dropped: string[];
	/** Id of the protocol, if it is known: several protocols share the schemes of their URLs. */
	protocol?: string;
	/** Values of the connection's profile, which has no secrets. A program signs in and finds the server as they say. */
	profile?: Values;
	/** The terms of the protocol itself: its verb or its mode of receiving, and the values of its fields. */
	own?: { verb: string; values: Values };
}

/**
 * `message`: a header of the message itself, even if its name is that of an option. `item`: one item of an option that is
 * a list. `bytes`: the value of an option for bytes. Without a kind the name decides.
 */
export type SketchHeader = [name: string, value: string, kind?: 'message' | 'item' | 'bytes'];

export type Message = { bytes: Uint8Array } | { file: string };

export const message = (text: string): Message => ({ bytes: new TextEncoder().encode(text) });

/** The text of a message if it is valid UTF-8. */
export function textOf(one: Message): string | undefined {
	return 'bytes' in one ? toText(one.bytes) : undefined;
}

/** The lines of a text without their ends, as one message each. */
export function linesOf(bytes: Uint8Array): Message[] {
	const messages: Message[] = [];
	for (let from = 0; from < bytes.length; ) {
		const at = bytes.indexOf(0x0a, from);
		const end = at === -1 ? bytes.length : at;
		messages.push({ bytes: bytes.slice(from, end > from && bytes[end - 1] === 0x0d ? end - 1 : end) });
		from = end + 1;
	}
	return messages;
}

/** Sets the URL without its credentials, which become the user name and the password of the sketch. */
export function takeUrl(sketch: Sketch, url: string): void {
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1] ?? '';
	sketch.url = withoutCredentials(url);
	try {
		const { credentials } = parseUrl(url, [{ scheme: scheme.toLowerCase(), defaultPort: 1, tls: false }]);
		if (credentials) sketch.username = credentials.username;
		if (credentials?.password !== undefined) sketch.password = credentials.password;
	} catch {
		// An invalid URL is written as it is. The check of the message file reports it where it stands.
	}
}
