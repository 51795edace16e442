import { fail } from '../../base/failure';
import type { Draft } from '../../model/contracts/message';
import type { Profile } from '../../model/profile/profile';
import { describe } from '../../protocols/descriptions';
import { askModal } from '../ui/notify';
import { visibleText } from '../ui/visible-text';

/** Ids of connections that the user lets send without being asked again, until the window is closed. */
const allowed = new Set<string>();

type Marked = Pick<Profile, 'id' | 'name' | 'protocol' | 'production'>;
type Sent = Pick<Draft, 'verb' | 'target'> & { payload?: Uint8Array };

/**
 * Asks before anything is sent to what is marked as production, and says what: `draft`, where it is known by then, and
 * `often` for what is repeated. Throws `cancelled` if the user turns it down.
 */
export async function confirmProduction(profile: Marked, draft?: Sent, often = '') {
	if (profile.production !== true || allowed.has(profile.id)) return;
	const send = 'Send';
	const always = 'Send, and Do Not Ask Again in This Window';
	const choice = await askModal(
		'warning',
		`“${profile.name}” is marked as production. Send to it?`,
		draft ? `${wordsOf(profile, draft)}${often}` : '',
		send,
		always,
	);
	if (choice === always) allowed.add(profile.id);
	else if (choice !== send) throw fail('cancelled', `Nothing was sent to “${profile.name}”.`);
}

/** "Publish · farm/vent/set · 18 bytes" */
function wordsOf({ protocol }: Marked, { verb, target, payload }: Sent): string {
	const label = describe(protocol)?.verbs.find(({ id }) => id === verb)?.label ?? verb;
	const size = payload && `${payload.length.toLocaleString('en')} ${payload.length === 1 ? 'byte' : 'bytes'}`;
	return [label, visibleText(target, 300), size].filter(Boolean).join(' · ');
}
