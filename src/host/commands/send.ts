import * as vscode from 'vscode';
import { fail } from '../../base/failure';
import type { Proof } from '../../model/contracts/message';
import type { Field, Values } from '../../model/profile/field';
import { describe } from '../../protocols/descriptions';
import { askTarget } from '../actions/pick-target';
import { pickConnection } from '../connections/connect';
import { requireTrust } from '../connections/connection-request';
import { confirmProduction } from '../connections/production';
import type { Panels } from '../panel/panel';
import type { Services } from '../services';
import { notify } from '../ui/notify';
import type { Commands } from './registry';

/** Sends what is selected in any editor, or the whole document, and shows what was proven. */
export function sendCommands(services: Services, panels: Panels): Commands {
	const { profiles, sessions } = services;
	return {
		async sendSelection() {
			requireTrust();
			const editor = vscode.window.activeTextEditor;
			if (!editor)
				throw fail('no-editor', 'No text editor is active: open one and select what is to be sent.', {
					remedy: { text: 'New Text File', command: 'workbench.action.files.newUntitledFile' },
				});
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

/** How far from good each proof is: only an answer counts as success, and silence is said as such. */
const kinds: Record<Proof, Parameters<typeof notify>[0]> = {
	acknowledged: 'information',
	answered: 'information',
	'handed-over': 'information',
	pending: 'warning',
	unrouted: 'warning',
	unknown: 'warning',
	refused: 'error',
};

function defaultsOf(fields: readonly Field[]): Values {
	const values: Values = {};
	for (const field of fields) if ('default' in field && field.default !== undefined) values[field.key] = field.default;
	return values;
}
