import { type BirpcReturn, createBirpc } from 'birpc';
import { type Check, isRecord } from './check';
import type { Disposable } from './disposable';
import { type Failure, FailureError, toFailure, withoutCommand } from './failure';
import type { Port } from './port';

/** Methods that a side offers. Every one may be called with anything: the checks say with what. */
// biome-ignore lint/suspicious/noExplicitAny: a contract is a type of methods with arguments of their own.
export type Methods = Record<string, (...args: any[]) => unknown>;

/** For each method, one check per argument. A method without an entry cannot be called from the other side. */
export type Checks<T> = { [K in keyof T]: readonly Check[] };

export type Remote<T> = {
	[K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};

export interface Rpc<Theirs> extends Disposable {
	readonly remote: Remote<Theirs>;
	/** Messages that nobody defined, or whose arguments failed their checks. */
	readonly dropped: number;
}

export interface RpcOptions {
	/** No request hangs for ever: after this it is a rejected promise with the code `no-answer`. Five minutes unless given: a CoAP exchange may take four (RFC 7252, 4.8.2). */
	timeoutMs?: number;
	/** Methods of the other side that are told and not answered. */
	events?: readonly string[];
	/** Failures of the other side may offer a command. A page takes them from the host; the host takes none. */
	remedyCommands?: boolean;
	onDropped?: (what: string) => void;
}

/**
 * The same methods on both sides of a port, returning promises. What is thrown on one side is a rejected promise on
 * the other with its Failure intact.
 */
export function connect<Ours extends object, Theirs extends object>(
	port: Port,
	ours: Ours,
	checks: Checks<Ours>,
	options: RpcOptions = {},
): Rpc<Theirs> {
	let dropped = 0;
	const drop = (what: string) => {
		dropped++;
		options.onDropped?.(what);
	};
	const received = options.remedyCommands ? (failure: Failure) => failure : withoutCommand;
	let subscription: Disposable | undefined;
	const birpc: BirpcReturn<Methods, Methods> = createBirpc<Methods, Methods>(ours as Methods, {
		bind: 'functions',
		timeout: options.timeoutMs ?? 300_000,
		eventNames: [...(options.events ?? [])],
		post: (message) => port.post(message),
		on: (listener) => {
			subscription = port.onMessage((message) => {
				if (isMessage(message)) listener(message);
				else drop('malformed message');
			});
		},
		off: () => subscription?.dispose(),
		serialize: (message) => (message.e === undefined ? message : { ...message, e: toFailure(message.e) }),
		deserialize: (message) =>
			message.e === undefined ? message : { ...message, e: new FailureError(received(message.e)) },
		resolver: (name) => {
			const args = Object.hasOwn(checks, name) ? checks[name as keyof Ours] : undefined;
			const method = args && (ours as Methods)[name];
			if (!args || !method) {
				drop(`method ${String(name).slice(0, 40)}`);
				return undefined;
			}
			return (...posted: unknown[]) => {
				// A page's messages go as JSON, whose lists have no undefined.
				const given = posted.map((value) => value ?? undefined);
				if (!args.every((check, at) => check(given[at]))) {
					drop(`arguments of ${name}`);
					throw new FailureError({ code: 'bad-message', message: `The arguments of ${name} are not what it takes.` });
				}
				return method.apply(ours, given);
			};
		},
		// With a method: a result that cannot be posted, which is answered as an error. Without: a call of ours that failed.
		onGeneralError: (_error, method) => method !== undefined,
		onTimeoutError: (name) => {
			throw new FailureError({ code: 'no-answer', message: `No answer came to "${name}" in time.` });
		},
	});
	return {
		remote: birpc as unknown as Remote<Theirs>,
		get dropped() {
			return dropped;
		},
		dispose() {
			birpc.$close(new FailureError({ code: 'closed', message: 'The other side has gone away.' }));
		},
	};
}

function isMessage(message: unknown): boolean {
	if (!isRecord(message)) return false;
	if (message.t === 'q') return typeof message.m === 'string' && Array.isArray(message.a);
	return message.t === 's' && typeof message.i === 'string' && (message.e === undefined || isRecord(message.e));
}
