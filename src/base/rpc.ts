import { type BirpcReturn, createBirpc } from 'birpc';
import { type Check, isRecord } from './check';
import type { Disposable } from './disposable';
import { type Failure, FailureError, toFailure, withoutCommand } from './failure';
import type { Port } from './port';

/** Methods that a side offers. Arguments arrive unchecked; `Checks` defines what is accepted. */
// biome-ignore lint/suspicious/noExplicitAny: a contract is a type of methods with arguments of their own.
export type Methods = Record<string, (...args: any[]) => unknown>;

/** One check per argument for each method. A method without an entry cannot be called from the other side. */
export type Checks<T> = { [K in keyof T]: readonly Check[] };

export type Remote<T> = {
	[K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};

export interface Rpc<Theirs> extends Disposable {
	readonly remote: Remote<Theirs>;
	/** Number of messages that were undefined or whose arguments failed their checks. */
	readonly dropped: number;
}

export interface RpcOptions {
	/**
	 * Time after which a request is rejected with `no-answer`, in milliseconds. Five minutes by default, because a CoAP
	 * exchange may take four (RFC 7252 section 4.8.2).
	 */
	timeoutMs?: number;
	/** Methods of the other side that have no answer. */
	events?: readonly string[];
	/**
	 * Whether failures of the other side may offer a command. A page accepts them from the host; the host accepts none.
	 */
	remedyCommands?: boolean;
	onDropped?: (what: string) => void;
}

/**
 * Makes the methods of each side callable on the other side of a port, returning promises. An exception on one side
 * rejects the promise on the other with its Failure intact.
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
				// A page's messages are JSON, which has no `undefined` in lists.
				const values = posted.map((value) => value ?? undefined);
				if (!args.every((check, at) => check(values[at]))) {
					drop(`arguments of ${name}`);
					throw new FailureError({ code: 'bad-message', message: `Invalid arguments for ${name}.` });
				}
				return method.apply(ours, values);
			};
		},
		// With a method name: a result that cannot be posted, answered as an error. Without one: a failed call of this
		// side.
		onGeneralError: (_error, method) => method !== undefined,
		onTimeoutError: (name) => {
			throw new FailureError({ code: 'no-answer', message: `"${name}" was not answered in time.` });
		},
	});
	return {
		remote: birpc as unknown as Remote<Theirs>,
		get dropped() {
			return dropped;
		},
		dispose() {
			birpc.$close(new FailureError({ code: 'closed', message: 'The other side was closed.' }));
		},
	};
}

function isMessage(message: unknown): boolean {
	if (!isRecord(message)) return false;
	if (message.t === 'q') return typeof message.m === 'string' && Array.isArray(message.a);
	return message.t === 's' && typeof message.i === 'string' && (message.e === undefined || isRecord(message.e));
}
