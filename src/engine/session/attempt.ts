import { fail } from '../../base/failure';
import type { ConnectStep, OpenRequest } from '../../model/contracts/session';
import type { Adapter, ConnectContext, Link, Sink, Traffic } from '../../protocols/adapter';
import { redactingError, redactingLink, redactingSink, redactorFor } from './redact-sink';

const stepWords: Record<ConnectStep, string> = {
	lookup: 'while looking up the name',
	tcp: 'while opening the TCP connection',
	tls: 'during the TLS handshake',
	handshake: 'during the protocol handshake',
	login: 'while signing in',
};

/** Default connect timeout in seconds. */
const defaultTimeout = 15;

export interface AttemptOptions {
	adapter: Adapter;
	request: OpenRequest;
	memory: Map<string, unknown>;
	holding?: ConnectContext['holding'];
	sink: Sink;
	/** Aborted by the user. */
	signal: AbortSignal;
	onStep(step: ConnectStep): void;
	onFound(detail: string): void;
	/** As `ConnectContext.opened`. */
	onSocket?(socket: Traffic): void;
}

/**
 * Makes one attempt that settles within its deadline, whatever the adapter does. A link that opens later is destroyed.
 */
export function attempt(options: AttemptOptions): Promise<Link> {
	const { request, signal } = options;
	const clean = redactorFor(request);
	const timeout = request.profile.values.connectTimeout;
	const seconds = typeof timeout === 'number' && timeout > 0 ? timeout : defaultTimeout;
	const abort = new AbortController();
	let step: ConnectStep = 'lookup';
	return new Promise((resolve, reject) => {
		const give = (error: unknown) => {
			clearTimeout(timer);
			signal.removeEventListener('abort', cancelled);
			reject(error);
			abort.abort();
		};
		const cancelled = () => give(fail('cancelled', 'The connection attempt was cancelled.'));
		const timer = setTimeout(
			() =>
				give(
					fail('connect-timeout', `The server did not answer within ${seconds} s ${stepWords[step]}.`, {
						remedy: { text: 'Check host and port, or raise the connect timeout of the connection.' },
					}),
				),
			seconds * 1000,
		);
		if (signal.aborted) return cancelled();
		signal.addEventListener('abort', cancelled);
		const entered = (next: ConnectStep) => {
			step = next;
			if (!abort.signal.aborted) options.onStep(next);
		};
		options.adapter
			.connect({
				profile: request.profile,
				secrets: request.secrets,
				limits: request.limits,
				signal: abort.signal,
				step: entered,
				found: (detail) => {
					if (!abort.signal.aborted) options.onFound(clean(detail));
				},
				sink: redactingSink(options.sink, clean),
				memory: options.memory,
				...(request.hold && { hold: request.hold }),
				...(options.holding && { holding: options.holding }),
				...(options.onSocket && { opened: options.onSocket }),
			})
			.then(
				(link) => {
					clearTimeout(timer);
					signal.removeEventListener('abort', cancelled);
					if (abort.signal.aborted) link.destroy();
					else resolve(redactingLink(link, clean));
				},
				(error) => give(redactingError(error, clean)),
			);
	});
}
