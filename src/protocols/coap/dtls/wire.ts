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

/** A wire on which everything is encrypted. */
export interface SecureWire extends Wire {
	security: Security;
	facts: Property[];
}

export interface SecureWireOptions extends KeySettings {
	clock: Clock;
	signal: AbortSignal;
	/** Milliseconds for the handshake. */
	within: number;
	/** Host and port, for sentences. */
	where: string;
}

/** Alert, handshake and the other record types of DTLS 1.2 and 1.0. */
const dtlsServer: Expected = {
	...{ ...expectedServer, server: 'a CoAP server with DTLS' },
	starts: (head) => /^[^ -~]\xfe[\xfd\xff]/.test(head),
};

/** Rejects with why there is no DTLS session. Its end is a failure of the wire. */
export async function openSecureWire(
	address: string,
	port: number,
	events: WireEvents,
	options: SecureWireOptions,
): Promise<SecureWire> {
	const { clock, signal, within, identity } = options;
	let client: Client | undefined;
	/** What is there instead, if nothing answers the handshake. */
	let other: FailureError | undefined;
	let failed = events.failed;
	const plain = await openWire(address, port, {
		message(bytes) {
			other ??= foreignServer(bytes, dtlsServer);
			client?.receive(bytes);
		},
		failed: (error) => failed(error),
		stranger: events.stranger,
	});
	return new Promise((resolve, reject) => {
		const settle = (action: () => void) => {
			late();
			signal.removeEventListener('abort', aborted);
			failed = events.failed;
			action();
		};
		const close = () => {
			client?.close();
			plain.close();
		};
		const give = (error: unknown) =>
			settle(() => {
				close();
				reject(error);
			});
		const aborted = () => give(cancelled());
		const late = clock.later(within, () =>
			give(client?.greeted ? new FailureError(unreadable(within / 1000)) : (other ?? noHandshake(options.where))),
		);
		failed = give;
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
			help: 'What the server says about the identity that it expects (RFC 4279, 2).',
		});
	const security = {
		// Each side has proved to the other that it knows the key.
		...{ encrypted: true, verified: true, version: 'DTLSv1.2', cipher: suite.name },
		authentication: 'pre-shared key',
	};
	return { security, facts };
}

const noHandshake = (where: string) =>
	fail('no-answer', `${where} does not answer the DTLS handshake.`, {
		remedy: { text: 'Check host and port: CoAP over DTLS is usually at port 5684, plain CoAP at 5683.' },
	});
