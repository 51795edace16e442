import type { Logged, LoggedValues, Resent } from '../../message-files';
import { natsFlag } from '../describe/flags';
import { type Pairs, readHeaders, readMeta } from '../describe/headers';
import { placeHeaders } from '../describe/place';

/** Reply subject and headers of a logged message, without what the server adds to it. */
export function values(flags: number, meta: object | undefined): LoggedValues {
	const { reply, pairs } = own(flags, meta);
	return { values: { ...(reply !== undefined && { reply }), ...(pairs.length > 0 && { headers: pairs }) } };
}

/** The fields that publish a logged message again with the same headers. */
export function resend({ flags, meta }: Logged): Resent<never> {
	const { isExact } = own(flags, meta);
	return { values: values(flags, meta).values, ...(!isExact && { lost: 'its headers, which are not well-formed' }) };
}

function own(flags: number, meta: object | undefined): { reply?: string; pairs: Pairs; isExact: boolean } {
	const { reply, block } = readMeta(meta instanceof Uint8Array ? meta : undefined);
	const { pairs, isExact } = block === undefined ? { pairs: [], isExact: true } : readHeaders(block);
	return {
		// The reply subject of a delivered message is the one for its acknowledgement.
		...(reply !== undefined && !(flags & natsFlag.consumed) && { reply }),
		pairs: flags & natsFlag.stored ? pairs.filter(([name]) => !placeHeaders.has(name)) : pairs,
		isExact,
	};
}
