import type { Property } from '../../../model/contracts/session';
import { formatName } from '../../../model/text/content-formats';
import { headOf } from '../wire/head';
import { findUint, isUnknownCritical, type Option, option, optionName, optionText } from '../wire/options';
import { codeIn, codeInWords, codeText, lateFlag, typeIn, types } from './codes';

/** What the adapter logs with each message. A plain object. */
export interface CoapMeta {
	/** Where the flags cannot say it. */
	code?: number;
	/**
	 * Of a received one: all before its payload, in hexadecimal. One string costs a flood a fraction of what its options
	 * as objects would, and keeps no datagram.
	 */
	head?: string;
	/** Of a sent one, whose id and token are not known beforehand. */
	options?: readonly Option[];
	/** Blocks that the payload came or goes in, if more than one. */
	blocks?: number;
	/** From the request to this answer, in milliseconds. */
	ms?: number;
	/** Who answered to a multicast. */
	from?: string;
}

const typeWords = [
	'confirmable (CON)',
	'non-confirmable (NON)',
	'piggybacked on the acknowledgement (ACK)',
	'reset (RST)',
];

export function typeText(flags: number): string {
	return types[typeIn(flags)];
}

export function codeColumn(flags: number): string {
	const code = codeIn(flags);
	if (code === undefined) return '?';
	if (code === 0) return 'ping';
	return code < 32 ? codeInWords(code) : codeText(code);
}

/** Every property and option of a message in words. */
export function coapProperties(flags: number, given: unknown): Property[] {
	const meta = (typeof given === 'object' && given !== null ? given : {}) as CoapMeta;
	const head = meta.head === undefined ? undefined : headOf(meta.head);
	const properties: Property[] = [];
	const code = codeIn(flags) ?? meta.code;
	const add = (label: string, value: string | undefined, more: Partial<Property> = {}) => {
		if (value !== undefined) properties.push({ label, value, ...more });
	};
	if (code !== undefined) add('Code', code === 0 ? 'Empty: a ping (0.00)' : codeInWords(code));
	add('Type', typeWords[typeIn(flags)]);
	if (flags & lateFlag)
		add('Late', 'yes', {
			help: 'A newer notification had come before it (RFC 7641, 3.4): it is not the present state.',
		});
	if (meta.ms !== undefined) add('Round trip', `${meta.ms} ms`);
	add('From', meta.from);
	if (meta.blocks !== undefined)
		add('Blocks', meta.blocks.toLocaleString('en-US'), { help: 'The payload was put together of them (RFC 7959).' });
	add('Token', head?.token === '' ? 'empty' : head?.token);
	if (head) add('Message ID', String(head.id));
	for (const one of head?.options ?? meta.options ?? [])
		add(optionName(one.number), optionText(one), {
			group: 'Options',
			help: `Option ${one.number}${isUnknownCritical(one.number) ? ', which must be understood and is not known here (RFC 7252, 5.4.1)' : ''}`,
		});
	return properties;
}

/** The media type of the payload; undefined where it claims none. */
export function coapContentType(given: unknown): string | undefined {
	const meta = given as CoapMeta | null | undefined;
	const options = meta?.head === undefined ? meta?.options : headOf(meta.head).options;
	const number = options && findUint(options, option.contentFormat);
	return number === undefined ? undefined : formatName(number);
}
