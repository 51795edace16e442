import { describe } from '../../protocols/descriptions';
import { noRetained, notCleared } from '../failures';
import type { Services } from '../services';
import { notify, withNotification } from '../ui/notify';
import { pickMany } from '../ui/prompt';

/** Number of messages that are cleared concurrently. */
const concurrency = 20;

/** Lists the retained messages at and below a topic and clears those that the user leaves ticked. Resolves with their number. */
export async function clearRetained(
	{ profiles, sessions }: Pick<Services, 'profiles' | 'sessions'>,
	id: string,
	path: string,
): Promise<number> {
	const stored = profiles.find(id);
	const { retained, words } = (stored && describe(stored.profile.protocol)) ?? {};
	const target = words?.target ?? 'target';
	const session = sessions.get(id);
	if (!retained || !session) throw noRetained();
	const engine = session.engine();
	const topics = await engine.marked(path, retained.flag);
	if (topics.length === 0) {
		void notify('information', `There are no known retained messages at or below “${path}”.`);
		return 0;
	}
	const chosen = await pickMany(
		topics.map((label) => ({ label, picked: true })),
		{
			title: `Clear ${topics.length} Retained ${topics.length === 1 ? 'Message' : 'Messages'}`,
			placeHolder: `Deletes the retained message of each selected ${target} from the server. This cannot be undone.`,
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
					if (receipt.proof === 'refused' || receipt.proof === 'unknown') refused ??= notCleared(receipt.text);
					else cleared++;
				} catch (error) {
					refused ??= error;
				}
				report(`${cleared} of ${chosen.length}`, 100 / chosen.length);
			}
		};
		await Promise.all(Array.from({ length: concurrency }, work));
	});
	if (refused) throw refused;
	return cleared;
}
