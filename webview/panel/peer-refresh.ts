import type { LitElement, ReactiveController } from 'lit';
import type { Status } from '../../src/model/contracts/session';
import type { PanelStore } from './store';

/** Minimum time between two reads, however often the peer reports a change. Milliseconds. */
const pause = 1000;

interface Source {
	/** Time after which it is read without a reported change, where the protocol has no interval. Milliseconds. */
	every: number;
	read(): Promise<void> | void;
	/** A connection that was open has ended. */
	ended?(): void;
}

/**
 * Reads what the peer lists, one read at a time, while the element is visible and the connection open: when the link is new,
 * when the peer has reported a change, and after the protocol's interval.
 */
export class PeerRefresh implements ReactiveController {
	private ticker: ReturnType<typeof setInterval> | undefined;
	private reading = false;
	private readAt = 0;
	/** The link and the peer's count of changes at the last read; empty without a connection. */
	private reported = '';

	constructor(
		private readonly host: LitElement & { readonly store: PanelStore; readonly status: Status },
		private readonly source: Source,
	) {
		host.addController(this);
	}

	hostConnected() {
		this.ticker = setInterval(() => this.look(), pause);
	}

	hostDisconnected() {
		clearInterval(this.ticker);
	}

	hostUpdated() {
		this.look();
	}

	private look() {
		const { host, source } = this;
		if (document.hidden || !host.checkVisibility() || this.reading) return;
		const { state, browse } = host.status;
		if (state.kind !== 'open') {
			if (this.reported !== '') source.ended?.();
			this.reported = '';
			return;
		}
		const age = performance.now() - this.readAt;
		const reported = `${state.since} ${browse}`;
		const every = host.store.describe.browse?.refreshMs ?? source.every;
		const isNew = this.reported === '';
		if (!isNew && (age < pause || (reported === this.reported && age < every))) return;
		this.reported = reported;
		void this.now();
	}

	/** Reads at once, unless a read is under way. */
	readonly now = async () => {
		if (this.reading) return;
		this.reading = true;
		try {
			await this.source.read();
		} finally {
			this.reading = false;
			this.readAt = performance.now();
		}
	};
}
