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
	limit: number;
	values: Values;
	sink: Sink;
}

export interface Observing extends Required<Pick<Link, 'subscribe' | 'unsubscribe'>> {
	readonly count: number;
	/** Takes this client off all lists, as far as the server answers within `ms`. */
	close(ms: number): Promise<void>;
	drop(): void;
}

/** Milliseconds. The session waits 12 s for the answer to a subscription, and shows its own sentence then. */
const registerWithin = 11_000;
const endWithin = 2000;
const mostObservations = 1000;

export function createObserving(options: ObservingOptions): Observing {
	const { sink } = options;
	const all = new Map<string, Observation>();

	return {
		get count() {
			return all.size;
		},
		async subscribe(subscription, id): Promise<Granted> {
			const { target } = subscription;
			if (all.size >= mostObservations) throw fail('too-many', `${mostObservations} resources are observed already.`);
			await all.get(target)?.end(endWithin);
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
					if (change.failure && all.get(target) === own) all.delete(target);
					sink.subscription(id, change);
				},
				note: (text) => sink.note(text, true),
			});
			all.set(target, own);
			const late = options.clock.later(registerWithin, () => {
				own.giveUp(fail('no-answer', `The server did not answer the wish to observe "${target}" in time.`).failure);
			});
			try {
				return await own.granted;
			} catch (error) {
				if (all.get(target) === own) all.delete(target);
				throw error;
			} finally {
				late();
			}
		},
		async unsubscribe({ target }) {
			const own = all.get(target);
			all.delete(target);
			await own?.end(endWithin);
		},
		async close(ms) {
			const open = [...all.values()];
			all.clear();
			await Promise.all(open.map((one) => one.end(ms)));
		},
		drop() {
			for (const one of all.values()) one.drop();
			all.clear();
		},
	};
}
