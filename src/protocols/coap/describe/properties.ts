import { isRecord } from '../../../base/check';
import type { Property } from '../../../model/contracts/session';
import { formatName } from '../../../model/text/content-formats';
import { type Received, readMessage } from '../wire/message';
import { findUint, isUnknownCritical, type Option, option, optionName, optionText, toHex } from '../wire/options';
import { codeIn, codeInWords, codeText, lateFlag, typeIn, types } from './codes';

/** Properties of a message in the log, besides its payload. */
export interface CoapMeta {
	/** Received messages: all bytes before the payload, with id, token and options. */
	head?: Uint8Array;
	/** Sent messages, whose id and token are not known beforehand. */
	options?: readonly Option[];
	/** Number of blocks of the payload, if there are several. */
	blocks?: number;
	/** Time from the request to this answer, in milliseconds. */
	ms?: number;
	/** Address and port of a device that answered a multicast. */
	from?: string;
}

/** A flood has nothing but heads, and the log keeps bytes at a fraction of the cost of an object. */
export type LoggedMeta = CoapMeta | Uint8Array;

export function coapMeta(logged: unknown): CoapMeta {
	if (logged instanceof Uint8Array) return { head: logged };
	return isRecord(logged) ? logged : {};
}

function headOf({ head }: CoapMeta): Received | undefined {
	const read = head && readMessage(head);
	return read && 'fault' in read ? undefined : read;
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
export function coapProperties(flags: number, logged: LoggedMeta | undefined): Property[] {
	const meta = coapMeta(logged);
	const head = headOf(meta);
	const properties: Property[] = [];
	const code = codeIn(flags) ?? head?.code;
	const add = (label: string, value: string | undefined, more: Partial<Property> = {}) => {
		if (value !== undefined) properties.push({ label, value, ...more });
	};
	if (code !== undefined) add('Code', code === 0 ? 'Empty: a ping (0.00)' : codeInWords(code));
	add('Type', typeWords[typeIn(flags)]);
	if (flags & lateFlag)
		add('Late', 'yes', {
			help: 'A newer notification was received before it (RFC 7641, 3.4), so it is not the present state.',
		});
	if (meta.ms !== undefined) add('Round trip', `${meta.ms} ms`);
	add('From', meta.from);
	if (meta.blocks !== undefined)
		add('Blocks', meta.blocks.toLocaleString('en-US'), { help: 'The payload was assembled from blocks (RFC 7959).' });
	if (head) {
		add('Token', toHex(head.token) || 'empty');
		add('Message ID', String(head.id));
	}
	for (const option of head?.options ?? meta.options ?? [])
		add(optionName(option.number), optionText(option), {
			group: 'Options',
			help: `Option ${option.number}${isUnknownCritical(option.number) ? ', a critical option that is unknown (RFC 7252, 5.4.1)' : ''}`,
		});
	return properties;
}

/** The media type that the message claims for its payload, if any. */
export function coapContentType(logged: LoggedMeta | undefined): string | undefined {
	const meta = coapMeta(logged);
	const options = headOf(meta)?.options ?? meta.options;
	const number = options && findUint(options, option.contentFormat);
	return number === undefined ? undefined : formatName(number);
}
