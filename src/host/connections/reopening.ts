import { isRecord, isString } from '../../base/check';
import { type Disposable, DisposableStore } from '../../base/disposable';
import type { OpenRequest, Status } from '../../model/contracts/session';
import { type Profile, type Subscription, subscriptionId } from '../../model/profile/profile';
import { describe } from '../../protocols/descriptions';
import type { ProfileStore } from '../profiles/store';
import { modeOf } from './confirm';
import type { Sessions } from './sessions';

const stateKey = 'openConnections';

/** Maximum number of remembered subscriptions of one connection. */
const maxSubscriptions = 200;

/** The subscriptions of connections that are open, beyond those of their profiles, by the id of the profile. */
type Remembered = Record<string, Subscription[]>;

/**
 * Remembers which connections are open, because sessions and their logs end with the window. After a reload it knows which
 * ones had been open, and adds their subscriptions when they are opened again.
 */
export interface Reopening extends Disposable {
	/** Profiles that were open before the window was reloaded and have not been opened since. */
	readonly ended: readonly string[];
	/** The request with the subscriptions that the session had before the reload. Intrusive ones are left to the user. */
	restored(request: OpenRequest): OpenRequest;
}

/** The part of VS Code's workspace state that is used. */
interface State {
	get(key: string): unknown;
	update(key: string, value: unknown): PromiseLike<void>;
}

export function createReopening(state: State, sessions: Sessions, profiles: Pick<ProfileStore, 'find'>): Reopening {
	const lifetime = new DisposableStore();
	const ended = new Map(Object.entries(readState(state.get(stateKey))));
	const open = new Map<string, Subscription[]>();
	/** What was remembered last for each profile, so that a status without a change costs one comparison. */
	const seen = new Map<string, string>();

	lifetime.add(
		sessions.onChanged((id) => {
			const status = sessions.get(id)?.status;
			const profile = profiles.find(id)?.profile;
			// Sessions of message files have no profile. While a lost connection is attempted again nothing changes.
			if ((!profile && !open.has(id)) || status?.state.kind === 'connecting') return;
			const isOpen = status?.state.kind === 'open' || status?.state.kind === 'retrying';
			const key = isOpen ? status.subscriptions.map((one) => `${one.state} ${one.id}`).join('\n') : undefined;
			if (seen.get(id) === key) return;
			if (status && profile && key !== undefined) {
				seen.set(id, key);
				open.set(id, sessionOnly(profile, status));
				if (status.state.kind === 'open') ended.delete(id);
			} else {
				seen.delete(id);
				open.delete(id);
			}
			void state.update(stateKey, Object.fromEntries(open));
		}),
	);
	return {
		get ended() {
			return [...ended.keys()].filter((id) => profiles.find(id));
		},
		restored(request) {
			const { profile } = request;
			const before = ended.get(profile.id);
			const description = describe(profile.protocol);
			if (!before || !description) return request;
			const gentle = before.filter(({ mode }) => modeOf(description, mode)?.intrusive !== true);
			return { ...request, profile: { ...profile, subscriptions: [...profile.subscriptions, ...gentle] } };
		},
		dispose: () => lifetime.dispose(),
	};
}

/** The subscriptions that the profile does not have, without refused ones. */
function sessionOnly({ protocol, subscriptions = [] }: Profile, status: Status): Subscription[] {
	const idOf = subscriptionId(describe(protocol)?.subscription);
	const saved = new Set((subscriptions as Subscription[]).map(idOf));
	return status.subscriptions
		.filter((one) => one.state !== 'refused' && !saved.has(one.id))
		.slice(0, maxSubscriptions)
		.map(({ subscription }) => subscription);
}

function readState(value: unknown): Remembered {
	const found: Remembered = {};
	for (const [id, subscriptions] of Object.entries(isRecord(value) ? value : {}))
		if (Array.isArray(subscriptions))
			found[id] = subscriptions.filter((one): one is Subscription => isRecord(one) && isString(one.target));
	return found;
}
