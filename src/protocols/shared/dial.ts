import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Security } from '../../model/session';
import type { ConnectContext } from '../adapter';
import type { TlsSettings } from './tls-settings';

export interface DialOptions {
	/** Without brackets. */
	host: string;
	port: number;
	/** Undefined: plain TCP. */
	tls?: TlsSettings;
	context: Pick<ConnectContext, 'signal' | 'step' | 'found'>;
}

export interface Dialed {
	/** Open, without listeners of ours but one that keeps an error from being uncaught. The caller owns it. */
	socket: Socket | TLSSocket;
	/** `authentication` says "client certificate" or "none": the protocol may know better. */
	security: Security;
}

/**
 * Name lookup, TCP and TLS, each told as a step. Throws a FailureError with the reason in words; leaves no socket when
 * it throws or `signal` is aborted.
 */
export async function dial(_options: DialOptions): Promise<Dialed> {
	throw new Error('not yet');
}
