import { subscriptionId } from '../../model/profile/profile';
import type { Received } from './connection';
import type { Plan } from './plan/plan';

/** Whether a message belongs to the subscriptions of the request, and not to another request on the connection. */
export function messageFilter({ subscriptions, description, receives }: Plan): (message: Received) => boolean {
	const { pattern, subscription } = description;
	const filters = subscriptions.map(({ target }) => pattern?.compile(target) ?? below(target));
	// Where more than the target belongs to a subscription, several may bring messages of one target, and the target may name
	// another thing than the messages do, such as a consumer.
	const ids = subscription?.identity && new Set(subscriptions.map(subscriptionId(subscription)));
	return ({ target, answers, subscriptions: sources }) => {
		if (!receives && subscription) return false;
		// The answer to a request, which may be an error, is no message of a subscription.
		if (subscription && answers !== undefined) return false;
		if (ids && ids.size > 0 && sources) return sources.some((id) => ids.has(id));
		return filters.length === 0 || filters.some((fits) => fits(target));
	};
}

/** For protocols without wildcards: ignores a leading slash and also accepts sub-resources of the target. */
function below(target: string): (one: string) => boolean {
	const wanted = target.replace(/^\/+(?=.)/, '');
	return (one) => {
		const path = one.replace(/^\/+(?=.)/, '');
		return path === wanted || path.startsWith(`${wanted}/`);
	};
}
