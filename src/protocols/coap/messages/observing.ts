import { fail } from '../../../base/failure';
import type { Values } from '../../../model/profile/field';
import type { Subscription } from '../../../model/profile/profile';
import type { Granted, Link, Sink } from '../../adapter';
import { flagsOf, lateFlag } from '../describe/codes';
import { normal } from '../describe/target';
import type { AskOptions } from '../wire/no-answer';
import { type Observation, observe } from '../wire/observe';
import { requestOptions, szxOf } from './draft';
import { blocksOf, metaOf } from './sending';

export interface ObservingOptions extends Pick<AskOptions, 'exchange' | 'clock' | 'responseWithin'> {
	/** Maximum size of a representation, in bytes. */
	limit: number;
	/** Values of the profile. */
	values: Values;
	sink: Sink;
}

export interface Observing extends Required<Pick<Link, 'subscribe' | 'unsubscribe'>> {
	readonly count: number;
	/** Ends all observations, as far as the server answers within `ms`. */
	close(ms: number): Promise<void>;
	/** Ends all observations without sending anything. */
	drop(): void;
}

/** Milliseconds. Below the 12 s that the session waits for a subscription, so that this failure is the one reported. */
const registerWithin = 11_000;
const endWithin = 2000;
const maxObservations = 1000;

export function createObserving(options: ObservingOptions): Observing {
	const { sink } = options;
	/** By the target as subscribed to. */
	const observations = new Map<string, Observation>();

	return {
		get count() {
			return observations.size;
		},
		async subscribe(subscription, id): Promise<Granted> {
			const { target } = subscription;
			if (observations.size >= maxObservations)
				throw fail('too-many', `${maxObservations} resources are observed already.`);
			await observations.get(target)?.end(endWithin);
			const values = subscription as Subscription & Values;
			const filed = normal(target);
			const subscriptions = [id];
			const request = {
				...{ code: 1, confirmable: true, payload: new Uint8Array(), target: filed },
				...{ options: requestOptions(target, values, options.values), szx: szxOf(options.values.blockSize ?? 1024) },
			};
			const own = observe(request, {
				...options,
				deliver(message, blocks, late) {
					const flags = flagsOf(message.code, message.type, false) | (late ? lateFlag : 0);
					const meta = metaOf(message, blocksOf(blocks));
					sink.message({ target: filed, payload: message.payload, flags, meta, subscriptions });
				},
				changed(change) {
					if (change.failure && observations.get(target) === own) observations.delete(target);
					sink.subscription(id, change);
				},
				note: (text) => sink.note(text, true),
			});
			observations.set(target, own);
			const cancelTimer = options.clock.later(registerWithin, () => {
				const message = `The server did not answer the request to observe "${target}" in time.`;
				own.giveUp({ code: 'no-answer', message });
			});
			try {
				return await own.granted;
			} catch (error) {
				if (observations.get(target) === own) observations.delete(target);
				throw error;
			} finally {
				cancelTimer();
			}
		},
		async unsubscribe({ target }) {
			const own = observations.get(target);
			observations.delete(target);
			await own?.end(endWithin);
		},
		async close(ms) {
			const open = [...observations.values()];
			observations.clear();
			await Promise.all(open.map((observation) => observation.end(ms)));
		},
		drop() {
			for (const observation of observations.values()) observation.drop();
			observations.clear();
		},
	};
}
