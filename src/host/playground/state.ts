import type { Disposable } from '../../base/disposable';
import { Emitter, type Event } from '../../base/event';
import { FailureError, toFailure } from '../../base/failure';
import { localPort, type PlaygroundServer } from '../../model/contracts/playground';

/** The servers of the playground that this window uses, as far as they are known. */
export interface PlaygroundState extends Disposable {
	readonly servers: readonly PlaygroundServer[];
	readonly onChanged: Event<void>;
	set(servers: readonly PlaygroundServer[]): void;
	/** Why the playground does not accept connections at this URL, in one line. Undefined if it is not its URL. */
	explain(url: unknown): string | undefined;
	/** The failure of a connection to this URL, with the explanation as its remedy if it was refused. */
	explained(error: unknown, url: unknown): unknown;
}

export function createPlaygroundState(): PlaygroundState {
	const changed = new Emitter<void>();
	let servers: readonly PlaygroundServer[] = [];
	const state: PlaygroundState = {
		get servers() {
			return servers;
		},
		onChanged: changed.event,
		set(next) {
			// A copy, because the list stays the caller's.
			servers = [...next];
			changed.fire();
		},
		explain(url) {
			const port = localPort(url)?.port;
			const server = servers.find((one) => one.port === port && one.state !== 'open');
			if (server?.state === 'starting')
				return `${server.label} of the playground is starting (${secondsOf(server)} s).`;
			return server?.text;
		},
		explained(error, url) {
			const failure = toFailure(error);
			const text = failure.code === 'refused' ? state.explain(url) : undefined;
			return text === undefined ? error : new FailureError({ ...failure, remedy: { text } });
		},
		dispose: () => changed.dispose(),
	};
	return state;
}

/** Seconds that a server is in its state. */
export const secondsOf = ({ since }: PlaygroundServer): number => Math.max(0, Math.round((Date.now() - since) / 1000));
