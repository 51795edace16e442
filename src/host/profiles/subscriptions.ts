import type { Subscription } from '../../model/profile/profile';
import type { ProfileStore } from './store';

/** Remembers a subscription in the profile, or forgets it there; one on the same target in the same way is replaced. */
export async function keepSubscription(
	profiles: Pick<ProfileStore, 'find' | 'update'>,
	id: string,
	subscription: Subscription,
	keep: boolean,
): Promise<void> {
	const profile = profiles.find(id)?.profile;
	if (!profile) return;
	const { target, mode } = subscription;
	const rest = (profile.subscriptions ?? []).filter((one) => one.target !== target || one.mode !== mode);
	await profiles.update(id, { ...profile, subscriptions: keep ? [...rest, subscription] : rest });
}
