import { FailureError, fail } from '../../../base/failure';
import type { Property, Security } from '../../../model/contracts/session';
import { cancelled } from '../../shared/failures';
import { type Expected, foreignServer } from '../../shared/foreign-server';
import { peerText } from '../../shared/peer-text';
import { expectedServer } from '../describe/expected-server';
import type { Clock } from '../wire/clock';
import { openWire, type Wire, type WireEvents } from '../wire/udp-socket';
import { unreadable } from './alerts';
import { type Client, createClient, type Terms } from './client';
import type { KeySettings } from './settings';

/** A wire that encrypts everything. */
export interface SecureWire extends Wire {
	security: Security;
	facts: Property[];
}

export interface SecureWireOptions extends KeySettings {
	clock: Clock;
	signal: AbortSignal;
	/** Milliseconds that the handshake may take. */
	within: number;
	/** Host and port, for messages. */
	where: string;
}

/** Recognizes a DTLS server by the first bytes of a record of DTLS 1.2 or 1.0. */
const dtlsServer: Expected = {
	...{ ...expectedServer, server: 'a CoAP server with DTLS' },
	starts: (head) => /^[^ -~]\xfe[\xfd\xff]/.test(head),
};

/** Resolves with an open DTLS session, or rejects with the reason why there is none. The end of the session is reported by `failed`. */
export async function openSecureWire(
	address: string,
	port: number,
	events: WireEvents,
	options: SecureWireOptions,
): Promise<SecureWire> {
	const { clock, signal, within, identity } = options;
	let client: Client | undefined;
	/** A foreign server that was recognized; reported if nothing answers the handshake. */
	let foreign: FailureError | undefined;
	let failed = events.failed;
	const plain = await openWire(address, port, {
		message(bytes) {
			foreign ??= foreignServer(bytes, dtlsServer);
			client?.receive(bytes);
		},
		failed: (error) => failed(error),
		stranger: events.stranger,
		opened: events.opened,
	});
	return new Promise((resolve, reject) => {
		const settle = (action: () => void) => {
			cancelTimer();
			signal.removeEventListener('abort', aborted);
			failed = events.failed;
			action();
		};
		const close = () => {
			client?.close();
			plain.close();
		};
		const abandon = (error: unknown) =>
			settle(() => {
				close();
				reject(error);
			});
		const aborted = () => abandon(cancelled());
		const cancelTimer = clock.later(within, () =>
			abandon(client?.greeted ? new FailureError(unreadable(within / 1000)) : (foreign ?? noHandshake(options.where))),
		);
		failed = abandon;
		signal.addEventListener('abort', aborted);
		if (signal.aborted) return aborted();
		client = createClient({
			...options,
			send: plain.send,
			message: events.message,
			ended: (failure) => failed(new FailureError(failure)),
			opened(terms) {
				const write = (bytes: Buffer) => client?.write(bytes);
				settle(() => resolve({ send: write, close, ...described(terms, identity) }));
			},
		});
	});
}

function described({ suite, hint }: Terms, identity: Buffer): Pick<SecureWire, 'security' | 'facts'> {
	const facts: Property[] = [{ label: 'Identity', value: peerText(identity.toString()) || 'empty' }];
	if (hint.length > 0)
		facts.push({
			label: 'Identity hint',
			value: peerText(hint.toString()),
			help: 'The hint of the server for the identity that it expects (RFC 4279, 2).',
		});
	const security = {
		// Each side has proved that it knows the key.
		...{ encrypted: true, verified: true, version: 'DTLSv1.2', cipher: suite.name },
		authentication: 'pre-shared key',
	};
	return { security, facts };
}

const noHandshake = (where: string) =>
	fail('no-answer', `${where} does not answer the DTLS handshake.`, {
		remedy: { text: 'Check host and port. CoAP over DTLS usually uses port 5684, plain CoAP 5683.' },
	});
