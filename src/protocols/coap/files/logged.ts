import { direction } from '../../../model/contracts/message';
import type { Values } from '../../../model/profile/field';
import type { Logged, Resent } from '../../message-files';
import { codeIn, methodOf, typeIn } from '../describe/codes';
import type { CoapVerb } from '../describe/ids';
import { coapMeta } from '../describe/properties';
import { targetOptions } from '../describe/target';
import { option, toHex, uintOf } from '../wire/options';

/** Options of the block-wise transfer, which each transfer sets anew (RFC 7959). */
const ofTransfer: readonly number[] = [option.block1, option.block2, option.size1, option.size2];

/**
 * The request of a sent line. A received line is requested again from its target with the first method, GET, which has
 * neither options nor a body.
 */
export function resend({ target, flags, meta }: Logged): Resent<CoapVerb> {
	if (direction(flags) === 'in') return { values: {}, payload: new Uint8Array() };
	const { options = [] } = coapMeta(meta);
	const values: Values = { type: typeIn(flags) === 1 ? 'non' : 'con' };
	const queries = targetOptions(target).filter(({ number }) => number === option.uriQuery).length;
	const lists: Record<'query' | 'ifMatch' | 'etag', string[]> = { query: [], ifMatch: [], etag: [] };
	const others: [string, string][] = [];
	const text = (value: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(value);
	for (const { number, value } of options) {
		if (number === option.uriPath || ofTransfer.includes(number)) continue;
		if (number === option.uriQuery) lists.query.push(text(value));
		else if (number === option.ifMatch) lists.ifMatch.push(toHex(value));
		else if (number === option.etag) lists.etag.push(toHex(value));
		else if (number === option.ifNoneMatch) values.ifNoneMatch = true;
		else if (number === option.contentFormat) values.contentFormat = String(uintOf(value));
		else if (number === option.accept) values.accept = String(uintOf(value));
		else if (number === option.uriHost) values.uriHost = text(value);
		else others.push([String(number), toHex(value)]);
	}
	// The queries of the target come first.
	lists.query.splice(0, queries);
	for (const [key, list] of Object.entries(lists)) if (list.length > 0) values[key] = list;
	if (others.length > 0) values.options = others;
	const verb = methodOf(codeIn(flags) ?? 0);
	return { values, ...(verb && { verb }) };
}
