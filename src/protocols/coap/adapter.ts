import { type Failure, FailureError, fail, toFailure } from '../../base/failure';
import type { Property, Security } from '../../model/contracts/session';
import type { Adapter, ConnectContext } from '../adapter';
import { hostAndPort, parseAddress } from '../shared/dial/address';
import { addressesOf } from '../shared/dial/lookup';
import { isErrno, socketFailure } from '../shared/dial/socket-failures';
import { cancelled } from '../shared/failures';
import { foreignServer } from '../shared/foreign-server';
import { numberValue } from '../shared/values';
import { coap } from './describe/describe';
import { expectedServer } from './describe/expected-server';
import { type KeySettings, keySettings } from './dtls/settings';
import type { SecureWire } from './dtls/wire';
import { type CoapLink, createLink } from './link';
import { realClock } from './wire/clock';
import { createExchange } from './wire/exchange';
import { probe } from './wire/probe';
import { ignoredNotes, openWire, type Wire } from './wire/udp-socket';

/** CoAP (RFC 7252) over UDP or DTLS, with its own exchange layer; ARCHITECTURE.md gives the reasons. */
export const adapter: Adapter = {
	async connect(context) {
		const address = parseAddress(context.profile.url, coap);
		const keys = address.scheme === 'coaps' ? keySettings(context.profile, context.secrets) : undefined;
		if (context.signal.aborted) throw cancelled();
		const addresses = await addressesOf(address, context);
		context.step(keys ? 'tls' : 'handshake');
		let lastError: unknown;
		// A name may have addresses without a server: localhost is often ::1 first.
		for (const [at, { address: ip }] of addresses.entries()) {
			const others = addresses.length - at - 1;
			try {
				return await attempt(context, { host: address.host, port: address.port }, ip, others, keys);
			} catch (error) {
				lastError = error;
				if (context.signal.aborted) break;
			}
		}
		throw lastError;
	},
};

const unencrypted: Security = { encrypted: false, verified: false, authentication: 'none' };
/** Milliseconds for one address while there are others to try. */
const withinPerAddress = 4000;

async function attempt(
	context: ConnectContext,
	peer: { host: string; port: number },
	address: string,
	others: number,
	keys: KeySettings | undefined,
): Promise<CoapLink> {
	const { sink, signal, profile, limits } = context;
	const { values } = profile;
	const failures = new AbortController();
	const explain = (error: unknown): Failure => socketFailure(asRefused(error), peer);
	let link: CoapLink | undefined;
	/** A foreign server that was recognized. It is reported only if nothing answers, since a single stray datagram does not end an attempt. */
	let foreign: FailureError | undefined;
	const ignored = ignoredNotes(sink);
	const events = {
		message(bytes: Buffer) {
			if (!link) foreign ??= foreignServer(bytes, expectedServer);
			exchange.receive(bytes);
		},
		failed(error: unknown) {
			if (isErrno(error) && (error.code === 'EMSGSIZE' || error.code === 'ENOBUFS')) return;
			failures.abort(new FailureError(explain(error)));
			link?.lost(explain(error));
		},
		stranger: (from: string) => ignored(`it came from ${from}`),
		opened: context.opened,
	};
	let wire: Wire | SecureWire | undefined;
	const within =
		others > 0 ? withinPerAddress : Math.max(1, (numberValue(values, 'connectTimeout') ?? 15) - 0.5) * 1000;
	const nstart = numberValue(values, 'nstart') ?? 1;
	const exchange = createExchange({ clock: realClock, nstart, send: (bytes) => wire?.send(bytes), ignored });
	const close = () => {
		exchange.stop();
		wire?.close();
	};
	try {
		if (keys) {
			// Loaded only for coaps://.
			const { openSecureWire } = await import('./dtls/wire');
			const options = { ...keys, clock: realClock, signal, within, where: hostAndPort(peer) };
			wire = await openSecureWire(address, peer.port, events, options);
		} else wire = await openWire(address, peer.port, events);
		if (signal.aborted) throw cancelled();
		const facts: Property[] = [{ label: 'Address', value: `${address}, UDP port ${peer.port}` }];
		const secure = 'security' in wire ? wire : undefined;
		if (secure) {
			facts.push(...secure.facts);
			context.found(`${secure.security.version}, ${secure.security.cipher}`);
			context.step('handshake');
		}
		let answersPings = false;
		if (values.probe === 'none')
			facts.push({ label: 'Server', value: 'not probed, so it is not known whether it can be reached' });
		else {
			const cancelTimer = realClock.later(within, () => failures.abort(foreign ?? unanswered(peer)));
			try {
				const sign = await probe(exchange, realClock, AbortSignal.any([signal, failures.signal]));
				answersPings = sign.answersPings;
				facts.push({ label: 'Server', value: sign.text });
			} catch (error) {
				throw failures.signal.aborted ? failures.signal.reason : error;
			} finally {
				cancelTimer();
			}
		}
		if (failures.signal.aborted) throw failures.signal.reason;
		context.found(facts.map(({ label, value }) => `${label}: ${value}`).join(', '));
		const limit = numberValue(values, 'maxMessageBytes') ?? limits.messageBytes;
		const security = secure?.security ?? unencrypted;
		link = createLink({ wire, exchange, clock: realClock, facts, sink, values, limit, answersPings, security });
		return link;
	} catch (error) {
		close();
		throw error instanceof FailureError ? error : new FailureError(isErrno(error) ? explain(error) : toFailure(error));
	}
}

/** The system reports a refused port when it receives the ICMP answer, on some systems as ECONNRESET. */
function asRefused(error: unknown): unknown {
	if (!isErrno(error) || error.code !== 'ECONNRESET') return error;
	return Object.assign(new Error(error.message), { code: 'ECONNREFUSED' });
}

function unanswered(peer: { host: string; port: number }): FailureError {
	return fail('no-answer', `${hostAndPort(peer)} answered neither a ping nor GET /.well-known/core.`, {
		remedy: {
			text: 'Check host and port. If the device sleeps or answers neither, set "When connecting" to "Send nothing".',
		},
	});
}
