import type { Failure } from '../../base/failure';

export interface LinkLifeOptions {
	/** Begins the goodbye. The peer's answer, or its end of the connection, is reported by `end`. */
	goodbye(): void;
	/** Milliseconds that the goodbye may take. */
	goodbyeWithin: number;
	/** Called once, before `ended` resolves: stops timers, settles what is open and closes the socket. */
	destroyed(): void;
}

/** The states of one link, and the one reason for its end. */
export interface LinkLife {
	readonly state: 'open' | 'closing' | 'ended';
	/** As `Link.ended`. */
	readonly ended: Promise<Failure | undefined>;
	/** Records why the link will end. The first fault counts, since later ones follow from it. */
	blame(failure: Failure): void;
	/**
	 * The link has ended: for the blamed reason, else for this one. During a goodbye a reason that was not blamed is
	 * expected and dropped.
	 */
	end(reason?: Failure): void;
	/** As `Link.close`. */
	close(): Promise<void>;
	/** As `Link.destroy`. */
	destroy(): void;
}

export function createLinkLife({ goodbye, goodbyeWithin, destroyed }: LinkLifeOptions): LinkLife {
	let state: LinkLife['state'] = 'open';
	let blamed: Failure | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let resolveEnd: (failure: Failure | undefined) => void = () => {};
	const ended = new Promise<Failure | undefined>((resolve) => {
		resolveEnd = resolve;
	});

	function end(reason?: Failure): void {
		if (state === 'ended') return;
		const failure = blamed ?? (state === 'closing' ? undefined : reason);
		state = 'ended';
		clearTimeout(timer);
		destroyed();
		resolveEnd(failure);
	}

	return {
		get state() {
			return state;
		},
		ended,
		blame(failure) {
			blamed ??= failure;
		},
		end,
		async close() {
			if (state === 'open') {
				state = 'closing';
				timer = setTimeout(end, goodbyeWithin);
				goodbye();
			}
			await ended;
		},
		destroy: () => end(),
	};
}
