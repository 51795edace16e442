import type { Disposable } from '../../base/disposable';
import type { Services } from '../services';

/** Hands the checks of edited profiles to their sessions, which mark messages by them from now on. */
export function applyChangedChecks({
	profiles,
	sessions,
	connecting,
}: Pick<Services, 'profiles' | 'sessions' | 'connecting'>): Disposable {
	return profiles.onChanged(() => {
		for (const { id, status, engine } of sessions.all) {
			const stored = profiles.find(id);
			// A closed session gets them when it is opened.
			if (!stored || status.state.kind === 'closed') continue;
			try {
				const { resolved } = connecting.resolve(stored.profile, stored.source.folder);
				void engine()
					.setChecks(resolved.profile.checks ?? [])
					.catch(() => {});
			} catch {
				// What keeps the profile from being resolved is reported when it connects.
			}
		}
	});
}
