import type { Route } from '../protocols/comparison';
import { connect, type Subject } from './connection';
import { type Measured, type MeasureOptions, measure } from './measure';

/** One run on the links of a route. */
export type OneRun = (run: Pick<MeasureOptions, 'size' | 'rate' | 'count' | 'probe'>) => Promise<Measured>;

/**
 * Opens sender and receiver, subscribes, and closes them after `use`. Returns the number of messages that arrived and were not
 * sent by the runs: those of others, and late ones. Throws the failure of either.
 */
export async function withLinks(
	subject: Subject,
	route: Route,
	signal: AbortSignal,
	use: (run: OneRun) => Promise<void>,
): Promise<number> {
	const sender = await connect(subject, signal);
	let receiver = sender;
	let own = 0;
	try {
		if (route.delivery === 'copy' && !route.echo) receiver = await connect(subject, signal);
		if (route.receive) {
			const { subscribe } = receiver.link;
			if (!subscribe) throw new Error('The connection cannot subscribe.');
			await subscribe.call(receiver.link, route.receive, 'compared');
		}
		await use(async (run) => {
			const measured = await measure({ ...run, sender, receiver, route, target: subject.target, signal });
			own += measured.delivered + measured.duplicated;
			return measured;
		});
		return route.delivery === 'copy' ? receiver.received - own : 0;
	} finally {
		await Promise.all([sender.close(), receiver !== sender && receiver.close()]);
	}
}
