import type { CheckRule } from '../../model/checks/rule';
import { checkProblems } from '../../model/profile/message-checks';
import { type Subscription, subscriptionId } from '../../model/profile/profile';
import { describe } from '../../protocols/descriptions';
import { invalidField, unknownProtocol } from '../failures';
import { type ProfileStore, storedProfile } from './store';

/**
 * Saves a subscription in the profile, or removes it there. A saved subscription with the same identity is replaced.
 */
export async function keepSubscription(
	profiles: Pick<ProfileStore, 'find' | 'update'>,
	id: string,
	subscription: Subscription,
	keep: boolean,
): Promise<void> {
	const profile = profiles.find(id)?.profile;
	if (!profile) return;
	const idOf = subscriptionId(describe(profile.protocol)?.subscription);
	const rest = (profile.subscriptions ?? []).filter((saved) => idOf(saved) !== idOf(subscription));
	await profiles.update(id, { ...profile, subscriptions: keep ? [...rest, subscription] : rest });
}

/** Adds a check to the profile, unless it is there. Throws `bad-field` with the member that is wrong. */
export async function addCheck(
	profiles: Pick<ProfileStore, 'find' | 'update'>,
	id: string,
	check: CheckRule,
): Promise<void> {
	const { profile } = storedProfile(profiles, id);
	const description = describe(profile.protocol);
	if (!description) throw unknownProtocol(profile.protocol);
	const [wrong] = checkProblems(check, description);
	if (wrong) throw invalidField(wrong.message, wrong.member);
	const { checks = [] } = profile;
	if (checks.some((one) => JSON.stringify(one) === JSON.stringify(check))) return;
	await profiles.update(id, { ...profile, checks: [...checks, check] });
}
