import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { child, children, type Element, namespaces } from '../wire/xml';

/** Data of the TLS connection that a sign-in is bound to, so that it cannot be replayed on another one (RFC 5056). */
export interface Binding {
	type: 'tls-unique' | 'tls-exporter';
	data: Buffer;
}

/**
 * Chooses among the types that the server announces (XEP-0440). Without an announcement the type is tls-unique (RFC 5802,
 * section 6), which TLS 1.3 does not have. On TLS 1.3 nothing is guessed, since a wrong guess looks like a wrong
 * password; ejabberd 23.01 offers -PLUS mechanisms on TLS 1.3 all the same.
 */
export function bindingOf(features: Element, socket: Socket): Binding | undefined {
	if (!(socket instanceof TLSSocket)) return undefined;
	const list = child(features, 'sasl-channel-binding', namespaces.channelBinding);
	const announced = list && children(list, 'channel-binding').map(({ attributes }) => attributes.type);
	if (socket.getProtocol() === 'TLSv1.3') return announced?.includes('tls-exporter') ? exporter(socket) : undefined;
	return !announced || announced.includes('tls-unique') ? unique(socket) : undefined;
}

/** RFC 9266, section 2. */
function exporter(socket: TLSSocket): Binding {
	return { type: 'tls-exporter', data: socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)) };
}

/** The first Finished message of the handshake: the client's, unless a session is resumed (RFC 5929, section 3.1). */
function unique(socket: TLSSocket): Binding | undefined {
	const data = socket.isSessionReused() ? socket.getPeerFinished() : socket.getFinished();
	return data && { type: 'tls-unique', data };
}
