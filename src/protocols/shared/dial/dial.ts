import net, { type Socket } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { FailureError } from '../../../base/failure';
import type { Security } from '../../../model/contracts/session';
import type { ConnectContext, Traffic } from '../../adapter';
import { cancelled } from '../failures';
import { peerChain, peerNames } from '../tls/certificates';
import { tlsFailure, verificationFailure, withHandshake, wrongHost } from '../tls/failures';
import { readTlsFiles, type TlsFiles } from '../tls/files';
import { changedCertificate, isPinned } from '../tls/pin';
import type { TlsSettings } from '../tls/settings';
import { nameForCertificate } from './address';
import { addressesOf, type Found } from './lookup';
import { type Peer, socketFailure } from './socket-failures';

export interface DialOptions {
	/** Without brackets. */
	host: string;
	port: number;
	/** Undefined: plain TCP. */
	tls?: TlsSettings;
	context: Pick<ConnectContext, 'signal' | 'step' | 'found' | 'opened'>;
}

export interface Dialed {
	/** Open, with no listener but the one that prevents uncaught errors. The caller owns it. */
	socket: Socket | TLSSocket;
	/**
	 * The error that the socket has reported, also before the caller listened. In TLS 1.3 a missing client certificate is
	 * reported only after the handshake, and Node then closes the socket without keeping the reason.
	 */
	error(): unknown;
	/** `authentication` is "client certificate" or "none"; the protocol adds its own. */
	security: Security;
}

const errors = new WeakMap<Socket, unknown>();

/**
 * Looks up the name and opens TCP and TLS, each reported as a step. Throws a FailureError with the reason. Leaves no
 * socket when it throws or `signal` is aborted.
 */
export async function dial(options: DialOptions): Promise<Dialed> {
	const { context } = options;
	// Files are read first, so that a wrong path costs no connection.
	const files = options.tls && (await readTlsFiles(options.tls));
	const addresses = await addressesOf(options, context);
	const socket = await open(options, addresses);
	if (!options.tls || !files) {
		const security = { encrypted: false, verified: false, authentication: 'none' };
		return { socket, security, error: () => errors.get(socket) };
	}
	context.step('tls');
	return encrypt(options, options.tls, files, socket);
}

/** Begins TLS on a connection that was not encrypted so far (STARTTLS). Listeners of the caller are not kept. */
export async function startTls(options: DialOptions & { tls: TlsSettings }, plain: Dialed): Promise<Dialed> {
	const files = await readTlsFiles(options.tls);
	options.context.step('tls');
	return encrypt(options, options.tls, files, plain.socket);
}

/** Waits for the event and resolves with the result of `done`. Destroys the socket on a failure or an abort. */
function settle<T>(
	socket: Socket,
	signal: AbortSignal,
	event: 'connect' | 'secureConnect',
	done: () => T,
	explain: (error: unknown) => FailureError,
): Promise<T> {
	return new Promise((resolve, reject) => {
		const end = () => {
			signal.removeEventListener('abort', abort);
			socket.off('error', failed).off('close', closed).off(event, ready);
		};
		const failed = (error: unknown) => {
			end();
			socket.destroy();
			reject(explain(error));
		};
		const abort = () => failed(cancelled());
		const closed = () => failed(Object.assign(new Error('disconnected before secure'), { code: 'ECONNRESET' }));
		const ready = () => {
			try {
				const result = done();
				end();
				resolve(result);
			} catch (error) {
				failed(error);
			}
		};
		// Stays, so that a later error is never uncaught.
		socket.on('error', (error) => {
			if (!errors.has(socket)) errors.set(socket, error);
		});
		socket.on('error', failed).on('close', closed).on(event, ready);
		signal.addEventListener('abort', abort);
		if (signal.aborted) abort();
	});
}

function open({ host, port, context }: DialOptions, addresses: Found[]): Promise<Socket> {
	context.step('tcp');
	const peer: Peer = { host, port };
	const socket = net.connect({
		host: net.isIP(host) ? addresses[0]?.address : host,
		port,
		noDelay: true,
		// All addresses are tried: "localhost" is often ::1 first, while the server listens on 127.0.0.1 only.
		autoSelectFamily: true,
		lookup: (_name, wanted, callback) => {
			if (wanted.all) callback(null, addresses);
			else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
		},
	});
	const explain = (error: unknown) => new FailureError(socketFailure(error, peer));
	const connected = () => {
		context.found(`connected to ${socket.remoteAddress}, port ${socket.remotePort}`);
		context.opened?.(trafficOf(socket));
		return socket;
	};
	return settle(socket, context.signal, 'connect', connected, explain);
}

/** TLS is set on top of this socket, so its bytes are the encrypted ones. */
const trafficOf = (socket: Socket): Traffic => ({
	handshake: true,
	get sent() {
		return socket.bytesWritten;
	},
	get received() {
		return socket.bytesRead;
	},
});

function encrypt(options: DialOptions, settings: TlsSettings, files: TlsFiles, plain: Socket): Promise<Dialed> {
	const { context, host, port } = options;
	const expected = nameForCertificate(settings.servername ?? host);
	const peer: Peer = { host, port };
	const readBefore = plain.bytesRead;
	const socket = tls.connect({
		socket: plain,
		host: expected,
		// SNI carries names only (RFC 6066, 3).
		servername: net.isIP(expected) ? '' : expected,
		secureContext: files.context,
		ALPNProtocols: settings.alpn?.length ? [...settings.alpn] : undefined,
		// Checked in `judge` before anything is sent, because Node's own refusal hides the certificate.
		rejectUnauthorized: false,
	});
	const judge = (): Dialed => {
		const chain = peerChain(socket);
		const [own, ...above] = chain;
		const pinned = !socket.authorized && isPinned(own?.fingerprint, settings.pin);
		if (settings.verify && !socket.authorized && !pinned) {
			const reason = String(socket.authorizationError ?? 'not verified');
			if (settings.pin) throw new FailureError(changedCertificate(reason, settings.pin, chain));
			if (/ALTNAME_INVALID/.test(reason) && own)
				throw new FailureError(wrongHost(expected, peerNames(socket), [own, ...above]));
			throw new FailureError(verificationFailure(reason, peer, chain, files.authorities));
		}
		const security: Security = {
			encrypted: true,
			verified: settings.verify || pinned,
			...(pinned && { pinned }),
			version: socket.getProtocol() ?? undefined,
			cipher: socket.getCipher().standardName,
			chain,
			authentication: settings.cert || settings.pfx ? 'client certificate' : 'none',
		};
		const alpn = socket.alpnProtocol ? `, ALPN ${socket.alpnProtocol}` : '';
		context.found(
			`${security.version}, ${security.cipher}${alpn}, certificate of ${own?.subject ?? '(no subject)'}${pinned ? ', pinned' : ''}`,
		);
		return { socket, security, error: () => errors.get(socket) };
	};
	const noteHandshake = (error: unknown) =>
		withHandshake(error, { client: files.client, answered: plain.bytesRead > readBefore });
	socket.on('error', noteHandshake);
	return settle(socket, context.signal, 'secureConnect', judge, (error) => {
		if (error instanceof FailureError) return error;
		noteHandshake(error);
		return new FailureError(tlsFailure(error, peer));
	});
}
