import * as vscode from 'vscode';
import type { Proof } from '../../model/contracts/message';
import { describe } from '../../protocols/descriptions';
import { defaultsOf } from '../actions/ask-fields';
import { askTarget } from '../actions/pick-target';
import { confirmProduction } from '../connections/confirm';
import { pickConnection } from '../connections/connect';
import { noEditor } from '../failures';
import type { Panels } from '../panel/panel';
import type { Services } from '../services';
import { requireTrust } from '../trust';
import { notify } from '../ui/notify';
import type { Commands } from './registry';

/** Sends the selection of the active editor, or its whole document, and shows the receipt. */
export function sendCommands(services: Services, panels: Panels): Commands {
	const { profiles, sessions } = services;
	return {
		async sendSelection() {
			requireTrust();
			const editor = vscode.window.activeTextEditor;
			if (!editor) throw noEditor();
			const { document, selection } = editor;
			const payload = new TextEncoder().encode(document.getText(selection.isEmpty ? undefined : selection));
			const id = await pickConnection(services, `Send ${payload.length} Bytes Through`, 'connect');
			const stored = id === undefined ? undefined : profiles.find(id);
			const description = stored && describe(stored.profile.protocol);
			const verb = description?.verbs[0];
			if (!stored || !verb) return;
			const { profile } = stored;
			const target =
				verb.target === 'none'
					? ''
					: await askTarget(services, profile.id, {
							title: `${verb.label} ${payload.length} bytes to`,
							placeholder: verb.targetPlaceholder ?? '',
							check: verb.checkTarget,
						});
			if (target === undefined) return;
			const draft = { verb: verb.id, target, values: defaultsOf(verb.fields), payload };
			await confirmProduction(profile, draft);
			const receipt = await sessions.of(profile.id, profile.protocol).engine().send(draft);
			const panel = 'Open Panel';
			const text = `${profile.name}${target ? ` · ${target}` : ''}: ${receipt.text}`;
			const choice = await notify(kinds[receipt.proof], text, panel);
			if (choice === panel) panels.reveal(profile, target, false);
		},
	};
}

/** Severity of each receipt. */
const kinds: Record<Proof, Parameters<typeof notify>[0]> = {
	acknowledged: 'information',
	answered: 'information',
	'handed-over': 'information',
	pending: 'warning',
	unrouted: 'warning',
	unknown: 'warning',
	refused: 'error',
};
