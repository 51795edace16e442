import { fail } from '../../base/failure';
import type { Adapter, ConnectContext, Link } from '../adapter';
import { attempt, authenticationWords, type Opened } from '../shared/attempt';
import { type Address, parseAddress } from '../shared/dial/address';
import { startTls } from '../shared/dial/dial';
import { type Pipe, socketPipe, webSocketPipe } from '../shared/pipe';
import { secureContext } from '../shared/tls/files';
import { openWebSocket } from '../shared/web-socket';
import { xmpp } from './describe/describe';
import { createLink } from './link';
import { forgetResource, type Settings, settingsOf } from './settings';
import { bind, negotiation, requestTls } from './sign-in/negotiate';
import { signIn } from './sign-in/sasl';
import { createWire, listenTo } from './wire/wire';
import { child, namespaces } from './wire/xml';

/** XMPP (RFC 6120, RFC 7395): its own stream on the XML parser saxes; ARCHITECTURE.md gives the reasons. */
export const adapter: Adapter = {
	async connect(context) {
		const address = parseAddress(context.profile.url, xmpp);
		const settings = settingsOf(context, address);
		const direct = address.scheme === 'xmpps' || address.scheme === 'wss';
		// A wrong file path must fail before anything is opened; STARTTLS reads the files late.
		if (address.scheme === 'xmpp') await secureContext(settings.tls);
		if (address.scheme === 'ws') mustAllow(settings, 'A ws:// URL');
		return attempt({ context, address, tls: direct ? settings.tls : undefined }, (opened) =>
			handshake(context, address, settings, opened),
		);
	},
};

function mustAllow({ allowUnencrypted }: Settings, what: string): void {
	if (!allowUnencrypted)
		throw fail('not-encrypted', `${what} has no encryption, so no password was sent.`, {
			final: true,
			remedy: { text: 'Use wss://, or allow signing in without encryption.' },
		});
}

async function handshake(context: ConnectContext, address: Address, settings: Settings, opened: Opened): Promise<Link> {
	const { host, port, scheme } = address;
	const framed = scheme === 'ws' || scheme === 'wss';
	let { socket, security } = opened;
	let pipe: Pipe | undefined;
	const wire = createWire({
		framed,
		limit: opened.limit,
		close() {
			pipe?.destroy();
			socket.destroy();
		},
	});
	const options = { error: opened.error, peer: address, word: 'server' } as const;
	try {
		pipe = framed ? await openFramed(address, settings, opened) : socketPipe(socket, options);
		listenTo(pipe, wire);
		const talk = negotiation(wire, (text) => pipe?.write(text), settings);
		let features = await talk.begin();
		if (scheme === 'xmpp' && !(settings.allowUnencrypted && !child(features, 'starttls', namespaces.tls))) {
			await requestTls(wire, talk, features);
			pipe.leave();
			const encrypted = await startTls({ host, port, tls: settings.tls, context }, opened);
			({ socket, security } = encrypted);
			pipe = socketPipe(socket, { ...options, error: encrypted.error });
			listenTo(pipe, wire);
			context.step('handshake');
			features = await talk.begin();
		}
		context.step('login');
		const { bound: binding, ...mechanisms } = await signIn(talk, features, {
			username: settings.local,
			domain: settings.domain,
			password: settings.password,
			wanted: settings.mechanism,
			certificate: security.authentication !== 'none',
			encrypted: security.encrypted,
			socket,
		});
		context.found(
			`signed in by ${mechanisms.used}${binding ? `, bound by ${binding}` : ''}; offered: ${mechanisms.offered.join(', ')}`,
		);
		features = await talk.begin();
		const bound = await bind(wire, talk, features, settings);
		context.found(`address ${bound.full}`);
		const authentication = authenticationWords(
			mechanisms.used === 'EXTERNAL' ? undefined : 'address and password',
			security,
		);
		return createLink({ context, wire, pipe, settings, bound, security: { ...security, mechanisms, authentication } });
	} catch (error) {
		forgetResource(context.memory);
		wire.fault(error);
		throw error;
	}
}

/** The WebSocket subprotocol "xmpp" (RFC 7395, section 3.1), which carries text messages only (section 3.2). */
async function openFramed(address: Address, { origin }: Settings, { socket, error, limit }: Opened): Promise<Pipe> {
	const request = 'Check the path in the URL (often /xmpp-websocket or /ws).';
	const ws = await openWebSocket(socket, {
		...{ address, protocol: xmpp, error, origin, limit },
		subprotocols: ['xmpp'],
		defaultPath: '/xmpp-websocket',
		remedies: { request, signIn: request, subprotocol: request },
		noSubprotocol: 'The server speaks WebSocket but not XMPP over it.',
	});
	return webSocketPipe(ws, {
		...{ error, peer: address, word: 'server', kind: 'text' },
		wrongKind: fail('not-xmpp', 'The server sent a binary message, but XMPP is text (RFC 7395, section 3.2).'),
	});
}
