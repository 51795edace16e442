import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type * as vscode from 'vscode';
import { fail } from '../../base/failure';
import { section } from '../../model/contracts/settings';
import type { Risk } from '../../model/profile/resolve';
import { askModal } from '../ui/notify';
import { visibleText } from '../ui/visible-text';

/** Remembers, on this machine only, which risky settings of a workspace's connection the user has approved. */
export interface Approvals {
	/** True if there is nothing to approve, or it is approved for exactly these values at this origin. */
	ensure(profile: { id: string; name: string }, origin: string, risks: readonly Risk[]): Promise<boolean>;
	forget(id: string): Promise<void>;
}

export function createApprovals(state: vscode.Memento): Approvals {
	const key = `${section}.approvals`;
	const approved = () => state.get<string[]>(key, []);
	return {
		async ensure({ id, name }, origin, risks) {
			if (risks.length === 0) return true;
			const values = await Promise.all(risks.map(async (risk) => [risk.key, risk.value, await contentOf(risk)]));
			const what = JSON.stringify([id, origin, values]);
			if (approved().includes(what)) return true;
			const connect = 'Connect Anyway';
			const choice = await askModal(
				'warning',
				`This workspace sets something for “${name}” that needs your approval.`,
				[`It connects to ${origin} with:`, ...risks.map(({ text }) => visibleText(`• ${text}`))].join('\n'),
				connect,
			);
			if (choice !== connect) return false;
			await state.update(key, [...approved(), what]);
			return true;
		},
		async forget(id) {
			await state.update(
				key,
				approved().filter((one) => JSON.parse(one)[0] !== id),
			);
		},
	};
}

/** In bytes; all authorities that a machine trusts are a quarter of it. */
const largest = 1024 * 1024;

/** Identifies the content of a file that is approved with its path; a file that does not exist has none. */
async function contentOf({ path }: Risk): Promise<string | undefined> {
	const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
	if (path === undefined || !found) return undefined;
	// A device or a pipe would be read for ever.
	if (!found.isFile() || found.size > largest)
		throw fail('unreadable-file', `${path} is not a file of at most ${largest} bytes, so it was not read.`, {
			final: true,
		});
	return createHash('sha256')
		.update(await readFile(path))
		.digest('hex');
}
