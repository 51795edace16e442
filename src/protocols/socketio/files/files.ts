import { bytesValue } from '../../../model/profile/bytes-value';
import type { Values } from '../../../model/profile/field';
import type { Answer, FileSupport, Logged, Resent } from '../../message-files';
import { isAck, sioFlag, wantsAck } from '../describe/flags';
import type { SocketIoVerb } from '../describe/ids';
import { decodeMeta } from '../describe/message-meta';

export const files: FileSupport<SocketIoVerb, never> = {
	words: [{ name: 'EMIT', action: 'send', help: 'Emits an event: EMIT namespace/event.', verb: 'emit' }],
	verbs: { REQUEST: 'request' },
	values: (flags, meta) => ({ values: valuesOf(flags, meta as Uint8Array | undefined) }),
	resend,
	answer,
	tools: {
		commands: [],
		load: async () => (await import('./tools')).tools,
	},
};

function valuesOf(flags: number, meta: Uint8Array | undefined): Values {
	const { attachments } = decodeMeta(meta);
	return {
		...(attachments.length > 0 && { attachments: attachments.map(bytesValue) }),
		...(flags & sioFlag.volatile && { volatile: true }),
	};
}

function resend({ flags, meta }: Logged<Uint8Array>): Resent<SocketIoVerb> {
	const lost = flags & sioFlag.ack ? 'the acknowledgement, which is sent as an event' : undefined;
	return {
		verb: wantsAck(flags) ? 'request' : 'emit',
		values: valuesOf(flags, meta),
		...(lost !== undefined && { lost }),
		...(flags & sioFlag.numbered && { lost: 'the number as the name of the event, which is sent as a text' }),
	};
}

/** The acknowledgement that the sender of the event waits for. */
function answer({ target, flags }: Logged): Answer<SocketIoVerb> | undefined {
	if (!wantsAck(flags) || isAck(flags)) return undefined;
	return { verb: 'emit', target, values: {}, action: { id: 'acknowledge', field: 'arguments' } };
}
