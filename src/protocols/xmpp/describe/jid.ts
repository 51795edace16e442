import { shortened } from '../../../model/text/text';

/** Addresses (RFC 7622), as far as a client needs to know them: what is right is for the server to judge. */
export interface Jid {
	local?: string;
	domain: string;
	resource?: string;
}

/** Bytes of each part (RFC 7622, section 3). */
const mostBytes = 1023;
// biome-ignore lint/suspicious/noControlCharactersInRegex: no part of an address has one.
const forbidden = /[\u0000-\u0020"&'/:<>@\u007f]/;
const encoder = new TextEncoder();

/** The first slash starts the resource, the first at sign before it ends the local part (RFC 7622, section 3.1). */
export function splitJid(text: string): Jid {
	const slash = text.indexOf('/');
	const bare = slash < 0 ? text : text.slice(0, slash);
	const at = bare.indexOf('@');
	return {
		...(at >= 0 && { local: bare.slice(0, at) }),
		domain: bare.slice(at + 1),
		...(slash >= 0 && { resource: text.slice(slash + 1) }),
	};
}

export function bareJid(text: string): string {
	const slash = text.indexOf('/');
	return slash < 0 ? text : text.slice(0, slash);
}

export function resourceOf(text: string): string | undefined {
	const slash = text.indexOf('/');
	return slash < 0 ? undefined : text.slice(slash + 1);
}

/** One sentence that says what is wrong, or undefined. */
export function checkJid(text: string): string | undefined {
	const { local, domain, resource } = splitJid(text);
	const named = JSON.stringify(shortened(text, 100));
	if (text === '') return 'The address is missing: it looks like bob@example.org.';
	if (local === '') return `${named} has nothing before the @.`;
	if (local !== undefined && forbidden.test(local)) return `${named} has a character before the @ that no address has.`;
	if (domain === '') return `${named} has no domain.`;
	if (forbidden.test(domain.replace(/^\[[0-9a-f:.]+\]$/i, 'x')))
		return `${named} has a character in its domain that no address has.`;
	if (resource === '') return `${named} ends with a slash: the resource is missing.`;
	if ([local, domain, resource].some((part) => part !== undefined && encoder.encode(part).length > mostBytes))
		return `A part of the address is longer than ${mostBytes} bytes.`;
	return undefined;
}

/** A PubSub node at its service, written "pubsub.example.org/node" (an address, a slash, and the node's name). */
export function splitNode(target: string): { service: string; node: string } {
	const slash = target.indexOf('/');
	return slash < 0 ? { service: target, node: '' } : { service: target.slice(0, slash), node: target.slice(slash + 1) };
}

export function checkNode(target: string): string | undefined {
	const { service, node } = splitNode(target);
	if (target === '' || node === '')
		return 'A node is written as its service, a slash, and its name: pubsub.example.org/news.';
	return checkJid(service);
}

/** Whether both mean the same: the server folds case, the resource keeps it. */
export function sameJid(one: string, other: string): boolean {
	return (
		one === other ||
		(bareJid(one).toLowerCase() === bareJid(other).toLowerCase() && resourceOf(one) === resourceOf(other))
	);
}
