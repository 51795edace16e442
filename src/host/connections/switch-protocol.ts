import type { Failure } from '../../base/failure';
import { checkProfile } from '../../model/profile/check';
import { withProtocol } from '../../model/profile/edit';
import { describe, descriptions } from '../../protocols/descriptions';
import { invalidField } from '../failures';
import { storedProfile } from '../profiles/store';
import type { Services } from '../services';
import { notify } from '../ui/notify';
import { showFailure } from '../ui/show';

/** The protocol that the peer speaks, if a profile can be switched to it. */
export const otherProtocol = ({ otherProtocol: id }: Failure, protocol: string) =>
	id === undefined || id === protocol ? undefined : describe(id);

/** Saves the profile with another protocol. Throws if it would not be valid. */
export async function switchProtocol(
	{ profiles }: Pick<Services, 'profiles'>,
	id: string,
	protocol: string,
): Promise<void> {
	const { profile } = storedProfile(profiles, id);
	const [from, to] = [describe(profile.protocol), describe(protocol)];
	if (!from || !to) throw invalidField('This version does not support the protocol.');
	const next = withProtocol({ ...profile }, from, to);
	const wrong = checkProfile(next, descriptions).find(({ severity }) => severity === 'error');
	if (wrong) throw invalidField(wrong.message);
	await profiles.update(id, next);
}

/**
 * Shows that the peer speaks another protocol and offers to switch to it. Resolves with true if the profile is saved with that
 * protocol.
 */
export async function offerSwitch(
	{ profiles, log }: Pick<Services, 'profiles' | 'log'>,
	{ id, name, protocol }: { id: string; name: string; protocol: string },
	error: unknown,
): Promise<boolean> {
	const failure = log.failure(error);
	log.error(name, failure);
	const other = otherProtocol(failure, protocol);
	if (!other) return false;
	const choose = `Switch to ${other.label}`;
	const choice = await notify('error', `${name}: ${failure.message}`, choose);
	if (choice !== choose) return false;
	try {
		await switchProtocol({ profiles }, id, other.id);
		return true;
	} catch (thrown) {
		await showFailure(log, name, thrown);
		return false;
	}
}
