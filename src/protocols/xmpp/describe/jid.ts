import { shortened } from '../../../model/text/text';

/** An address (RFC 7622). The client checks only its structure; the server validates the rest. */
export interface Jid {
	local?: string;
	domain: string;
	resource?: string;
}

/** Maximum size of each part (RFC 7622, section 3). */
const maxBytes = 1023;
// biome-ignore lint/suspicious/noControlCharactersInRegex: no part of an address may have one.
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

/** One sentence that says what is wrong with an address, or undefined. */
export function checkJid(text: string): string | undefined {
	const { local, domain, resource } = splitJid(text);
	const named = JSON.stringify(shortened(text, 100));
	if (text === '') return 'Enter an address, such as bob@example.org.';
	if (local === '') return `${named} has nothing before the @.`;
	if (local !== undefined && forbidden.test(local))
		return `${named} has a character before the @ that is not allowed in an address.`;
	if (domain === '') return `${named} has no domain.`;
	if (forbidden.test(domain.replace(/^\[[0-9a-f:.]+\]$/i, 'x')))
		return `${named} has a character in its domain that is not allowed in an address.`;
	if (resource === '') return `${named} ends with a slash: the resource is missing.`;
	if ([local, domain, resource].some((part) => part !== undefined && encoder.encode(part).length > maxBytes))
		return `A part of the address is longer than ${maxBytes} bytes.`;
	return undefined;
}

/** Splits "pubsub.example.org/node": the address of a PubSub service, a slash, and the name of a node. */
export function splitNode(target: string): { service: string; node: string } {
	const slash = target.indexOf('/');
	return slash < 0 ? { service: target, node: '' } : { service: target.slice(0, slash), node: target.slice(slash + 1) };
}

export function checkNode(target: string): string | undefined {
	const { service, node } = splitNode(target);
	if (target === '' || node === '')
		return 'Write a node as its service, a slash and its name, such as pubsub.example.org/news.';
	return checkJid(service);
}

/** Whether two addresses are the same: local part and domain ignore case, the resource does not. */
export function sameJid(one: string, other: string): boolean {
	return (
		one === other ||
		(bareJid(one).toLowerCase() === bareJid(other).toLowerCase() && resourceOf(one) === resourceOf(other))
	);
}
