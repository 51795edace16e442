import type { Values } from '../../../model/profile/field';
import type { Answer, Logged, LoggedValues, Resent } from '../../message-files';
import { natsFlag } from '../describe/flags';
import { type Pairs, readHeaders, readMeta } from '../describe/headers';
import type { NatsVerb } from '../describe/ids';
import { placeHeaders, placeOf } from '../describe/place';

/** Reply subject and headers of a logged message without what the server adds, and its place in JetStream. */
export function values(flags: number, meta: object | undefined): LoggedValues {
	const { stream, sequence, consumer, delivered } = placeOf(flags, bytesOf(meta)) ?? {};
	return {
		values: {
			...again(flags, meta),
			...(stream !== undefined && { stream }),
			...(sequence !== undefined && { sequence }),
			...(consumer !== undefined && { consumer }),
			...(delivered !== undefined && { delivered }),
		},
	};
}

const bytesOf = (meta: object | undefined) => (meta instanceof Uint8Array ? meta : undefined);

function again(flags: number, meta: object | undefined): Values {
	const { reply, pairs } = own(flags, meta);
	return { ...(reply !== undefined && { reply }), ...(pairs.length > 0 && { headers: pairs }) };
}

/** The inbox of a request. */
export function answer({ flags, meta }: Logged): Answer<NatsVerb> | undefined {
	const { reply } = own(flags, meta);
	return reply === undefined ? undefined : { verb: 'publish', target: reply, values: {} };
}

/** The fields that publish a logged message again with the same headers. */
export function resend({ flags, meta }: Logged): Resent<never> {
	const { isExact } = own(flags, meta);
	return { values: again(flags, meta), ...(!isExact && { lost: 'its headers, which are not well-formed' }) };
}

function own(flags: number, meta: object | undefined): { reply?: string; pairs: Pairs; isExact: boolean } {
	const { reply, block } = readMeta(bytesOf(meta));
	const { pairs, isExact } = block === undefined ? { pairs: [], isExact: true } : readHeaders(block);
	return {
		// The reply subject of a delivered message is the one for its acknowledgement.
		...(reply !== undefined && !(flags & natsFlag.consumed) && { reply }),
		pairs: flags & natsFlag.stored ? pairs.filter(([name]) => !placeHeaders.has(name)) : pairs,
		isExact,
	};
}
