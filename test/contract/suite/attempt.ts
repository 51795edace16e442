import { type Failure, FailureError } from '../../../src/base/failure';
import { redactingError, redactingLink } from '../../../src/engine/session/redact-sink';
import type { Draft, Receipt, Settlement } from '../../../src/model/contracts/message';
import { type ConnectStep, defaultLimits, type Limits } from '../../../src/model/contracts/session';
import type { Values } from '../../../src/model/profile/field';
import type { ResolvedProfile, Secrets, Subscription } from '../../../src/model/profile/profile';
import { configuredNames, createRedactor } from '../../../src/model/text/redact';
import type { Adapter, Granted, Link, Sending, SubscriptionChange } from '../../../src/protocols/adapter';

export interface Received {
	target: string;
	payload: Buffer;
	flags: number;
	meta?: object;
	/** Ids of subscriptions; see `idOf`. */
	subscriptions?: readonly string[];
	answers?: number;
}

export interface Recorded {
	messages: Received[];
	notes: string[];
	settlements: [seq: number, Settlement][];
	steps: ConnectStep[];
	/** Changes of subscriptions after they were granted. */
	changes: (SubscriptionChange & { target: string; mode?: string })[];
	browseChanges: number;
}

export interface AttemptOptions {
	adapter: Adapter;
	profile: ResolvedProfile;
	secrets?: Secrets;
	/** Replaces members of the profile's values. */
	values?: Values;
	limits?: Partial<Limits>;
	/** Milliseconds until the signal is aborted, as a session would do it. */
	deadline?: number;
	/** `ConnectContext.memory`; a new one unless given. */
	memory?: Map<string, unknown>;
	/** Called for each message after it was recorded. */
	onMessage?: () => void;
}

export function resolved(protocol: string, url: string, values: Values = {}): ResolvedProfile {
	return { id: 'test', name: 'Test', protocol, url, values, subscriptions: [] };
}

/** A link as the session uses it: each draft is prepared before it is sent, and subscriptions have ids. */
export interface TestLink extends Omit<Link, 'send' | 'subscribe' | 'unsubscribe'> {
	send(draft: Draft, sending?: Sending): Promise<Receipt>;
	subscribe?(subscription: Subscription): Promise<Granted>;
	unsubscribe?(subscription: Subscription): Promise<void>;
}

export const idOf = ({ target, mode }: Subscription): string => JSON.stringify({ target, mode });
const fromId = (id: string): { target: string; mode?: string } => JSON.parse(id);

export function testLink(link: Link): TestLink {
	const { subscribe, unsubscribe, ...rest } = link;
	return {
		...rest,
		send: async (draft, sending) => link.send(link.prepare(draft), sending),
		...(subscribe && { subscribe: (one: Subscription) => subscribe.call(link, one, idOf(one)) }),
		...(unsubscribe && { unsubscribe: (one: Subscription) => unsubscribe.call(link, one, idOf(one)) }),
	};
}

/** Makes one attempt as the session does, and records everything that the adapter reports. */
export async function connect(options: AttemptOptions): Promise<{ link: TestLink; recorded: Recorded }> {
	const recorded: Recorded = { messages: [], notes: [], steps: [], changes: [], browseChanges: 0, settlements: [] };
	const abort = new AbortController();
	const profile = { ...options.profile, values: { ...options.profile.values, ...options.values } };
	const { secrets = {} } = options;
	const clean = createRedactor(Object.values(secrets), configuredNames(profile));
	const timer = setTimeout(() => abort.abort(), options.deadline ?? 10_000);
	try {
		const connecting = options.adapter.connect({
			profile,
			secrets,
			limits: { ...defaultLimits, ...options.limits },
			signal: abort.signal,
			memory: options.memory ?? new Map(),
			step: (step) => recorded.steps.push(step),
			found: () => {},
			sink: {
				message({ target, payload, flags, meta, subscriptions, answers }) {
					const kept = meta instanceof Uint8Array ? Uint8Array.from(meta) : meta;
					recorded.messages.push({
						...{ target, payload: Buffer.from(payload), flags, meta: kept, answers },
						...(subscriptions && { subscriptions }),
					});
					options.onMessage?.();
					return recorded.messages.length - 1;
				},
				subscription: (id, change) => recorded.changes.push({ ...fromId(id), ...change }),
				browseChanged: () => recorded.browseChanges++,
				note: (text) => recorded.notes.push(text),
				settlement: (seq, state) => recorded.settlements.push([seq, state]),
			},
		});
		const link = await connecting.catch((error) => {
			throw error instanceof FailureError ? redactingError(error, clean) : error;
		});
		return { link: testLink(redactingLink(link, clean)), recorded };
	} finally {
		clearTimeout(timer);
	}
}

/** Returns the failure of an attempt that must not succeed. Rethrows everything that is not a FailureError. */
export async function refused(options: AttemptOptions): Promise<{ failure: Failure; steps: ConnectStep[] }> {
	try {
		const { link } = await connect(options);
		link.destroy();
	} catch (error) {
		if (error instanceof FailureError) return { failure: error.failure, steps: [] };
		throw error;
	}
	throw new Error('It connected.');
}

/** The number of sockets and timers that keep this process running. */
export function handles(): number {
	return process.getActiveResourcesInfo().filter((name) => /TCP|TLS|UDP|Timeout/.test(name)).length;
}

/** Whether a text is a plain sentence: it starts and ends like one and has one line. */
export function isSentence(text: string): boolean {
	return /^["\p{Lu}\d].{5,300}[.)]$/u.test(text) && !/[\p{Cc}\p{Cf}]/u.test(text);
}
