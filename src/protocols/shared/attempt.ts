import type { Socket } from 'node:net';
import type { Security } from '../../model/contracts/session';
import type { ConnectContext } from '../adapter';
import type { Address } from './dial/address';
import { dial } from './dial/dial';
import { cancelled } from './failures';
import type { TlsSettings } from './tls/settings';

export interface AttemptOptions {
	context: ConnectContext;
	/** Host and port of the server. */
	address: Pick<Address, 'host' | 'port'>;
	/** Undefined: plain TCP. */
	tls?: TlsSettings;
}

/** An open socket, on which the handshake of the protocol can begin. */
export interface Opened {
	socket: Socket;
	/** The error that the socket has reported. */
	error(): unknown;
	/** As TLS has it; see `authenticationWords`. */
	security: Security;
	/** Largest message accepted, in bytes. */
	limit: number;
}

/**
 * Name lookup, TCP and TLS, and then `handshake` on the socket. Destroys the socket when the handshake throws and when
 * the attempt is cancelled; a cancelled attempt throws `cancelled`, whatever the handshake has thrown.
 */
export async function attempt<T>(
	{ context, address, tls }: AttemptOptions,
	handshake: (opened: Opened) => Promise<T>,
): Promise<T> {
	const { signal, profile, limits } = context;
	const { socket, security, error } = await dial({ host: address.host, port: address.port, tls, context });
	const destroy = () => void socket.destroy();
	signal.addEventListener('abort', destroy);
	try {
		if (signal.aborted) throw cancelled();
		context.step('handshake');
		const { maxMessageBytes } = profile.values;
		const limit = typeof maxMessageBytes === 'number' ? maxMessageBytes : limits.messageBytes;
		const result = await handshake({ socket, error, security, limit });
		if (signal.aborted) throw cancelled();
		return result;
	} catch (fault) {
		socket.destroy();
		throw signal.aborted ? cancelled() : fault;
	} finally {
		signal.removeEventListener('abort', destroy);
	}
}

/** How the user is authenticated, for `Security.authentication`: by the protocol, and by TLS. */
export function authenticationWords(protocol: string | undefined, tls: Security): string {
	const parts = [protocol, tls.authentication === 'none' ? undefined : tls.authentication];
	return parts.filter((part) => part).join(', ') || 'none';
}
