/*
 * A target is a namespace and the name of an event: "chat/message" is the event "message" of the namespace "/chat", and
 * "message" that of the main namespace "/". Namespaces have slashes of their own, so the event is what follows the last one.
 * In its name "/" and "%" are percent-encoded; a "%" that begins neither "%2F" nor "%25" stands for itself.
 */

export interface Address {
	/** With its slash in front: "/chat". */
	namespace: string;
	event: string;
}

/** A leading slash is accepted. */
export function parseTarget(target: string): Address {
	const text = target.replace(/^\//, '');
	const slash = text.lastIndexOf('/');
	return {
		namespace: `/${slash < 0 ? '' : text.slice(0, slash)}`,
		event: text.slice(slash + 1).replace(/%(2f|25)/gi, (_, code) => (code === '25' ? '%' : '/')),
	};
}

export function targetOf({ namespace, event }: Address): string {
	const name = event.replace(/[%/]/g, (character) => (character === '/' ? '%2F' : '%25'));
	return namespace === '/' ? name : `${namespace.slice(1)}/${name}`;
}

/** The namespace as it is sent, with a slash in front. */
export const namespaceOf = (text: string): string => (text.startsWith('/') ? text : `/${text}`);

/** Names that the libraries keep for themselves; a server that uses them refuses the packet. */
const reserved = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']);

/** One sentence that says what is wrong with an event, or undefined. */
export function checkEvent(target: string): string | undefined {
	const { namespace, event } = parseTarget(target);
	if (event === '') return 'The name of the event is missing.';
	if (reserved.has(event)) return `"${event}" is a reserved name: Socket.IO servers end the connection that sends it.`;
	return checkNamespace(namespace);
}

/** One sentence that says what is wrong with a namespace, or undefined. */
export function checkNamespace(text: string): string | undefined {
	if (text.includes(',')) return 'The name of a namespace cannot contain a comma, which ends it in a packet.';
	if (text.includes('?')) return 'A namespace has no query: write it into the query parameters of the connection.';
	if (/[\p{Cc}\p{Cs}]/u.test(text)) return 'The name of a namespace cannot contain control characters.';
	return undefined;
}
