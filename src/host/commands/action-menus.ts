import { section } from '../../model/contracts/settings';
import type { Action, ProtocolDescription } from '../../protocols/description';

/** Full name of the command that runs an action of a protocol. */
export const actionCommand = (protocol: string, action: string) => `${actionPrefix}${protocol}.${action}`;

/** Prefix of these commands. Their entries in package.json are generated. */
export const actionPrefix = `${section}.action.`;

interface Item {
	command: string;
	when: string;
	group?: string;
}

export interface ActionMenus {
	commands: { command: string; title: string; category: string; icon?: string }[];
	/** For `view/item/context`. */
	context: Item[];
	/** For `commandPalette`, which offers only actions on a connection: other actions need a node. */
	palette: Item[];
}

const view = `view == ${section}.connections`;

/** Commands and menu items for the actions that protocols offer on nodes and connections. */
export function actionMenus(descriptions: readonly ProtocolDescription[]): ActionMenus {
	const menus: ActionMenus = { commands: [], context: [], palette: [] };
	for (const { id, actions = [] } of descriptions) {
		actions.filter(inMenus).forEach((action, at) => {
			const command = actionCommand(id, action.id);
			const icon = action.icon ? { icon: `$(${action.icon})` } : {};
			menus.commands.push({ command, title: action.label, category: 'Messaging', ...icon });
			const item = (pattern: string) => {
				const group = `7_actions@${at + 1}`;
				menus.context.push({ command, when: `${view} && viewItem =~ ${pattern}`, group });
			};
			const { nodes = [], connection } = action.on;
			if (nodes.length > 0) item(`/^node is-${id} kind-(${nodes.join('|')})( |$)/`);
			if (connection) item(`/^connection-open.* is-${id} /`);
			menus.palette.push({ command, when: connection ? `${section}.hasOpen` : 'false' });
		});
	}
	return menus;
}

/** False for actions on messages only, which are offered in the panel. */
export const inMenus = ({ on }: Action): boolean => (on.nodes?.length ?? 0) > 0 || on.connection === true;
