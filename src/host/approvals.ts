import * as vscode from 'vscode';
import type { Risk } from '../model/resolve';
import { section } from '../model/settings';

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
			const what = JSON.stringify([id, origin, risks.map((risk) => [risk.key, risk.value])]);
			if (approved().includes(what)) return true;
			const connect = 'Connect Anyway';
			const choice = await vscode.window.showWarningMessage(
				`“${name}” comes with this workspace and asks for more than a connection may without your approval.`,
				{ modal: true, detail: `It connects to ${origin} with:\n${risks.map(({ text }) => `• ${text}`).join('\n')}` },
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
