import { fail } from '../../base/failure';
import type { Adapter, ConnectContext, Link } from '../adapter';
import { attempt, authenticationWords, type Opened } from '../shared/attempt';
import { type Address, parseAddress } from '../shared/dial/address';
import { startTls } from '../shared/dial/dial';
import { type Pipe, socketPipe, webSocketPipe } from '../shared/pipe';
import { secureContext } from '../shared/tls/files';
import { type TlsSettings, tlsSettings } from '../shared/tls/settings';
import { openWebSocket } from '../shared/web-socket';
import { nats } from './describe/describe';
import { createLink } from './link';
import { type Settings, settingsOf } from './settings';
import { type Connection, createConnection } from './wire/connection';
import type { ServerInfo } from './wire/info';
import { readSignIn, type SignIn } from './wire/sign-in';

/** NATS (client protocol, JetStream API) on a wire of its own; ARCHITECTURE.md gives the reasons. */
export const adapter: Adapter = {
	async connect(context) {
		const { profile, secrets } = context;
		const address = parseAddress(profile.url, nats);
		const settings = settingsOf(profile);
		const signIn = await readSignIn(settings, secrets);
		const tls = tlsSettings(profile, secrets);
		// A wrong file path must fail before anything is opened; the files are read again once the server has offered TLS.
		if (address.tls) await secureContext(tls);
		const direct = address.scheme === 'wss' || (address.tls && settings.tlsFirst);
		return attempt({ context, address, tls: direct ? tls : undefined }, (opened) =>
			handshake({ context, address, settings, tls, direct, signIn }, opened),
		);
	},
};

interface Handshake {
	context: ConnectContext;
	address: Address;
	settings: Settings;
	tls: TlsSettings;
	/** TLS, if any, has begun with the connection. */
	direct: boolean;
	signIn: SignIn;
}

async function handshake(options: Handshake, opened: Opened): Promise<Link> {
	const { context, settings, signIn } = options;
	const connection = createConnection(opened.limit);
	try {
		connection.attach(await pipeOver(options, opened));
		const info = await connection.greeting();
		context.found(`${info.name || info.id}, NATS server ${info.version}`);
		const security = await secure(connection, info, options, opened);
		const isAsked = info.authRequired || signIn.words !== undefined;
		if (isAsked) context.step('login');
		await connection.login(connectJson(settings, signIn, info, security.encrypted));
		if (isAsked) context.found(`signed in with ${signIn.words ?? 'no credentials'}`);
		return createLink({
			...{ context, connection, settings, limit: opened.limit },
			security: { ...security, authentication: authenticationWords(signIn.words, security) },
		});
	} catch (error) {
		connection.life.destroy();
		throw error;
	}
}

/** Begins TLS where the server requires it, or the profile does. Never goes on without encryption for `tls://`. */
async function secure(
	connection: Connection,
	info: ServerInfo,
	{ context, address, tls, direct }: Handshake,
	opened: Opened,
): Promise<Opened['security']> {
	const isWeb = address.scheme === 'ws' || address.scheme === 'wss';
	if (isWeb || direct || !(address.tls || info.tlsRequired)) return opened.security;
	if (!info.tlsRequired && !info.tlsAvailable)
		throw fail('no-tls', 'The server offers no TLS, so nothing was sent.', {
			remedy: { text: 'Use nats:// if the way to the server is safe, or enable TLS in the server.' },
			final: true,
		});
	connection.detach();
	const { host, port } = address;
	const encrypted = await startTls({ host, port, tls, context }, opened);
	connection.attach(socketPipe(encrypted.socket, { error: encrypted.error, peer: address, word: 'server' }));
	return encrypted.security;
}

function connectJson({ clientName }: Settings, signIn: SignIn, info: ServerInfo, encrypted: boolean): string {
	return JSON.stringify({
		...{ verbose: false, pedantic: false, lang: 'javascript', version: '1', protocol: 1, echo: true },
		...{ headers: true, no_responders: true, tls_required: encrypted, name: clientName },
		...signIn.members(info),
	});
}

async function pipeOver({ address, settings }: Handshake, { socket, error, limit }: Opened): Promise<Pipe> {
	const options = { error, peer: address, word: 'server' } as const;
	if (address.scheme !== 'ws' && address.scheme !== 'wss') return socketPipe(socket, options);
	const headers: Record<string, string[]> = {};
	for (const [name, value] of settings.headers) headers[name] = [...(headers[name] ?? []), value];
	const request = 'Check the port and path of the URL, and the request headers.';
	const webSocket = await openWebSocket(socket, {
		...{ address, error, headers, protocol: nats, subprotocols: [], origin: settings.origin },
		// A message of WebSocket may hold several of NATS.
		limit: limit + 1024 * 1024,
		remedies: { request, signIn: request, subprotocol: request },
		noSubprotocol: 'The server speaks WebSocket but not NATS over it.',
	});
	const wrongKind = fail('not-nats', 'The server sent a text message, but NATS over WebSocket is binary.');
	return webSocketPipe(webSocket, { ...options, kind: 'binary', wrongKind });
}
