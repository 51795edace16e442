import { fail } from '../../base/failure';
import { describe } from '../../protocols/descriptions';
import type { Services } from '../services';
import { notify } from '../ui/notify';
import { withNotification } from '../ui/progress';
import { pickMany } from '../ui/prompt';

/** Clearings that are on their way at once. */
const atOnce = 20;

/** Shows what is retained at and below a topic, and clears what the user leaves chosen. Resolves with how many. */
export async function clearRetained({ profiles, sessions }: Services, id: string, path: string): Promise<number> {
	const stored = profiles.find(id);
	const { retained, words } = (stored && describe(stored.profile.protocol)) ?? {};
	const target = words?.target ?? 'target';
	const session = sessions.get(id);
	if (!retained || !session) throw fail('no-retained', 'Nothing can be cleared here.');
	const engine = session.engine();
	const topics = await engine.marked(path, retained.flag);
	if (topics.length === 0) {
		void notify('information', `No retained message was seen at or below “${path}”.`);
		return 0;
	}
	const chosen = await pickMany(
		topics.map((label) => ({ label, picked: true })),
		{
			title: `Clear ${topics.length} Retained ${topics.length === 1 ? 'Message' : 'Messages'}`,
			placeHolder: `The server forgets the message of every ${target} that is ticked. This cannot be undone.`,
		},
	);
	if (!chosen || chosen.length === 0) return 0;
	let cleared = 0;
	let refused: unknown;
	await withNotification('Clearing retained messages', async (report, token) => {
		const queue = [...chosen];
		const work = async () => {
			for (let next = queue.shift(); next && !token.isCancellationRequested; next = queue.shift()) {
				try {
					const receipt = await engine.send(retained.clear(next.label));
					if (receipt.proof === 'refused' || receipt.proof === 'unknown') refused ??= fail('not-cleared', receipt.text);
					else cleared++;
				} catch (error) {
					refused ??= error;
				}
				report(`${cleared} of ${chosen.length}`, 100 / chosen.length);
			}
		};
		await Promise.all(Array.from({ length: atOnce }, work));
	});
	if (refused) throw refused;
	return cleared;
}
