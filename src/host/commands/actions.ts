import { section } from '../../model/contracts/settings';
import type { ProtocolDescription } from '../../protocols/description';
import { descriptions } from '../../protocols/descriptions';
import { actFromMenu } from '../actions/run-action';
import { openConnection, openConnections } from '../connections/connect';
import { noneOpen } from '../failures';
import type { Panels } from '../panel/panel';
import type { Services } from '../services';
import { requireTrust } from '../trust';
import type { Documents } from '../ui/documents';
import { pickOne } from '../ui/prompt';
import { actionCommand, inMenus } from './action-menus';
import { type Commands, nodeOf, profileId } from './registry';

/**
 * One command for each action that a protocol offers on nodes or on a connection. An action with fields opens its form in
 * the panel.
 */
export function actionCommands(services: Services, documents: Documents, panels: Panels): Commands {
	const commands: Commands = {};
	for (const description of descriptions)
		for (const action of (description.actions ?? []).filter(inMenus)) {
			const name = actionCommand(description.id, action.id).slice(section.length + 1);
			commands[name] = async (argument) => {
				const id = profileId(argument) ?? (await pick(services, description, action.label));
				const stored = id === undefined ? undefined : services.profiles.find(id);
				if (!stored) return;
				const node = nodeOf(argument);
				const on: { node?: string; name: string } =
					node?.kind === 'node' ? { node: node.node.id, name: node.node.name } : { name: stored.profile.name };
				if (action.view || (action.fields ?? []).length > 0) {
					requireTrust();
					openConnection(services, stored.profile.id);
					const { node: of, name } = on;
					panels.start(stored.profile, {
						...{ kind: 'action', action: action.id },
						...(of === undefined ? {} : { node: { id: of, name } }),
					});
					return;
				}
				await actFromMenu(services, documents, stored.profile, action, on, () => panels.open(stored.profile));
			};
		}
	return commands;
}

async function pick(services: Services, description: ProtocolDescription, title: string): Promise<string | undefined> {
	const open = openConnections(services).filter(({ profile }) => profile.protocol === description.id);
	const [only] = open;
	if (!only) throw noneOpen(description.label);
	if (open.length === 1) return only.profile.id;
	const items = open.map(({ profile }) => ({ label: profile.name, id: profile.id }));
	return (await pickOne(items, { title }))?.id;
}
