import { createSession, type Session } from '../../../src/engine/session/session';
import { createStore, type Store } from '../../../src/engine/store/store';
import type { Hold } from '../../../src/model/contracts/hold';
import { defaultLimits, type Limits, type OpenRequest, type SessionState } from '../../../src/model/contracts/session';
import type { Values } from '../../../src/model/profile/field';
import type { Secrets, Subscription } from '../../../src/model/profile/profile';
import type { Incoming } from '../../../src/protocols/adapter';
import { describe } from '../../../src/protocols/descriptions';
import { adapters } from '../../../src/protocols/index';

export interface RealSession extends Session {
	store: Store;
	/** Opens with what was given at the start. */
	connect(): Promise<void>;
	/** The state is told with every change, except that changes within 100 ms are told once. */
	states: SessionState[];
}

export interface RealSessionOptions {
	url: string;
	values?: Values;
	secrets?: Secrets;
	subscriptions?: Subscription[];
	limits?: Partial<Limits>;
	/** Milliseconds before each attempt after the first; 50 without. */
	pause?: (attempt: number) => number;
	onMessage?: (message: Incoming, seq: number) => void;
	onChanged?: () => void;
	/** `OpenRequest.hold`. */
	hold?: Hold;
}

/** A session with its store and its protocol's adapter in this process, as the command line has it. */
export function realSession(protocol: string, options: RealSessionOptions): RealSession {
	const description = describe(protocol);
	const loadAdapter = adapters[protocol];
	if (!description || !loadAdapter) throw new Error(`No protocol ${protocol}.`);
	const limits = { ...defaultLimits, ...options.limits };
	const store = createStore(description, limits);
	const states: SessionState[] = [];
	const session = createSession({
		...{ description, loadAdapter, store, onMessage: options.onMessage },
		pause: options.pause ?? (() => 50),
		onChanged: ({ state }) => {
			if (states.at(-1) !== state) states.push(state);
			options.onChanged?.();
		},
	});
	const request: OpenRequest = {
		profile: {
			...{ id: 'test', name: 'Test', protocol, url: options.url, values: options.values ?? {} },
			subscriptions: options.subscriptions ?? [],
		},
		...{ secrets: options.secrets ?? {}, limits, reconnect: true },
		...(options.hold && { hold: options.hold }),
	};
	return { ...session, store, states, connect: () => session.open(request) };
}

/** Texts of the session's own notes in its log, oldest first. */
export function notes({ store }: RealSession): string[] {
	const { low, high } = store.reader.view('notes', { directions: ['note'] });
	const rows = store.reader.page('notes', low, high - low).rows;
	return rows.map(({ seq }) => Buffer.from(store.reader.payload(seq)).toString());
}
