import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type * as vscode from 'vscode';
import { section } from '../../model/contracts/settings';
import type { Risk } from '../../model/profile/resolve';
import { originWords } from '../../model/profile/url';
import { unreadableAuthority } from '../failures';
import { askModal } from '../ui/notify';
import { visibleText } from '../ui/visible-text';

/** The risky settings of workspace connections that the user has approved, remembered on this machine only. */
export interface Approvals {
	/**
	 * Asks the user unless there is nothing to approve or exactly these values are approved for this origin. Those with a key
	 * in `given` were approved in another question, just before.
	 */
	ensure(
		profile: { id: string; name: string },
		origin: string,
		risks: readonly Risk[],
		given?: readonly string[],
	): Promise<boolean>;
	forget(id: string): Promise<void>;
}

export function createApprovals(state: vscode.Memento): Approvals {
	const stateKey = `${section}.approvals`;
	const approved = () => state.get<string[]>(stateKey, []);
	return {
		async ensure({ id, name }, origin, risks, given = []) {
			if (risks.length === 0) return true;
			const keyOf = async (some: readonly Risk[]) => {
				const values = await Promise.all(some.map(async (risk) => [risk.key, risk.value, await contentOf(risk)]));
				return JSON.stringify([id, origin, values]);
			};
			const key = await keyOf(risks);
			if (approved().includes(key)) return true;
			const others = risks.filter((risk) => !given.includes(risk.key));
			if (others.length < risks.length && (others.length === 0 || approved().includes(await keyOf(others)))) {
				await state.update(stateKey, [...approved(), key]);
				return true;
			}
			const connect = 'Connect Anyway';
			const choice = await askModal(
				'warning',
				`“${name}” is defined by this workspace and uses settings that need your approval.`,
				[`It connects to ${originWords(origin)} with:`, ...risks.map(({ text }) => visibleText(`• ${text}`))].join(
					'\n',
				),
				connect,
			);
			if (choice !== connect) return false;
			await state.update(stateKey, [...approved(), key]);
			return true;
		},
		async forget(id) {
			await state.update(
				stateKey,
				approved().filter((one) => JSON.parse(one)[0] !== id),
			);
		},
	};
}

/** Bytes. The file of all authorities that a machine trusts has about a quarter of this. */
const maxFileBytes = 1024 * 1024;

/** Hash of a file whose content is approved together with its path. Undefined if the file does not exist. */
async function contentOf({ path }: Risk): Promise<string | undefined> {
	const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
	if (path === undefined || !found) return undefined;
	// Reading a device or a pipe might never end.
	if (!found.isFile() || found.size > maxFileBytes) throw unreadableAuthority(path, maxFileBytes);
	return createHash('sha256')
		.update(await readFile(path))
		.digest('hex');
}
