import type { Socket } from 'node:net';
import { fail } from '../../base/failure';
import type { Security } from '../../model/contracts/session';
import type { Adapter, ConnectContext, Link } from '../adapter';
import { type Address, parseAddress } from '../shared/dial/address';
import { type Dialed, dial, startTls } from '../shared/dial/dial';
import { secureContext } from '../shared/tls/files';
import { xmpp } from './describe/describe';
import { createLink } from './link';
import { forgetResource, type Settings, settingsOf } from './settings';
import { bind, negotiation, requestTls } from './sign-in/negotiate';
import { signIn } from './sign-in/sasl';
import { type Pipe, socketPipe, webSocketPipe } from './wire/pipe';
import { upgrade } from './wire/web-socket';
import { createWire } from './wire/wire';

/** XMPP (RFC 6120, RFC 7395): its own stream on the XML parser saxes; ARCHITECTURE.md gives the reasons. */
export const adapter: Adapter = {
	async connect(context) {
		const address = parseAddress(context.profile.url, xmpp);
		const settings = settingsOf(context, address);
		const direct = address.scheme === 'xmpps' || address.scheme === 'wss';
		// A wrong file path must fail before anything is opened; STARTTLS reads the files late.
		if (address.scheme === 'xmpp') await secureContext(settings.tls);
		if (address.scheme === 'ws') mustAllow(settings, 'A ws:// URL');
		const { host, port } = address;
		const dialed = await dial({ host, port, tls: direct ? settings.tls : undefined, context });
		return attempt(context, address, settings, dialed);
	},
};

function mustAllow({ allowUnencrypted }: Settings, what: string): void {
	if (!allowUnencrypted)
		throw fail('not-encrypted', `${what} has no encryption, so no password was sent.`, {
			final: true,
			remedy: { text: 'Use wss://, or allow signing in without encryption.' },
		});
}

async function attempt(context: ConnectContext, address: Address, settings: Settings, dialed: Dialed): Promise<Link> {
	const { signal } = context;
	const framed = address.scheme === 'ws' || address.scheme === 'wss';
	let pipe: Pipe | undefined;
	let socket: Socket = dialed.socket;
	const wire = createWire({
		framed,
		limit: settings.limit,
		close() {
			pipe?.destroy();
			socket.destroy();
		},
	});
	const abort = () => wire.fault(fail('cancelled', 'The connection attempt was cancelled.'));
	signal.addEventListener('abort', abort);
	try {
		if (signal.aborted) throw fail('cancelled', 'The connection attempt was cancelled.');
		let { security } = dialed;
		const talk = negotiation(wire, (text) => pipe?.write(text), settings);
		context.step('handshake');
		if (framed) {
			const opened = (ws: Parameters<typeof webSocketPipe>[0]) => {
				pipe = webSocketPipe(ws, socket, dialed.error, address, wire);
			};
			const { origin, limit } = settings;
			await upgrade(socket, dialed.error, { address, origin, limit, signal, opened });
		} else {
			pipe = socketPipe(socket, dialed.error, address, wire);
		}
		let features = await talk.begin();
		if (address.scheme === 'xmpp' && !(settings.allowUnencrypted && !offersTls(features))) {
			await requestTls(wire, talk, features);
			pipe?.leave();
			const { host, port } = address;
			const encrypted = await startTls({ host, port, tls: settings.tls, context }, dialed);
			({ socket, security } = encrypted);
			pipe = socketPipe(socket, encrypted.error, address, wire);
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
		return createLink({ context, wire, pipe: pipe as Pipe, settings, bound, security: secured(security, mechanisms) });
	} catch (error) {
		forgetResource(context.memory);
		wire.fault(error);
		throw error;
	} finally {
		signal.removeEventListener('abort', abort);
	}
}

const offersTls = (features: Parameters<typeof requestTls>[2]) =>
	features.children.some(({ name }) => name === 'starttls');

function secured(security: Security, mechanisms: NonNullable<Security['mechanisms']>): Security {
	const certificate = security.authentication !== 'none' ? security.authentication : undefined;
	const by = mechanisms.used === 'EXTERNAL' ? 'client certificate' : 'address and password';
	return {
		...security,
		mechanisms,
		authentication: certificate && by !== certificate ? `${by}, ${certificate}` : by,
	};
}
