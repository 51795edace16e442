import { section } from '../../model/contracts/settings';
import type { Action, ProtocolDescription } from '../../protocols/description';
import { connectionActions, type MenuEntry, nodeEntries, titleCase } from '../../protocols/menus';

/** Full name of a command that belongs to one protocol: an action, a way to receive, or composing. */
export const actionCommand = (protocol: string, action: string) => `${section}.action.${protocol}.${action}`;

/** Names of the commands that are no actions. */
export const protocolCommands = {
	receive: 'receive',
	mode: (id: string) => `receive-${id}`,
	compose: 'compose',
	composeHere: 'compose-here',
};

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
const shown = (pattern: string) => `${view} && viewItem =~ ${pattern}`;

/** Groups of the menus. VS Code sorts them by name and separates them by lines. */
const nodeGroups = { read: '1_node', change: '4_change', remove: '9_remove' } as const;
const connectionGroups = { read: '3_peer', change: '3_peer', remove: '8_remove' } as const;

/** Commands and menu items of each protocol, with its own words, for nodes and connections. */
export function actionMenus(descriptions: readonly ProtocolDescription[]): ActionMenus {
	const menus: ActionMenus = { commands: [], context: [], palette: [] };
	for (const description of descriptions) {
		for (const action of (description.actions ?? []).filter(inMenus)) {
			const { icon, label, on } = action;
			add(menus, description, action.id, label, icon, on.connection ? `${section}.hasOpen` : 'false');
		}
		ofConnection(menus, description);
		ofNodes(menus, description);
	}
	return menus;
}

function add(
	menus: ActionMenus,
	{ id }: ProtocolDescription,
	name: string,
	title: string,
	icon = '',
	palette = 'false',
) {
	const command = actionCommand(id, name);
	menus.commands.push({ command, title, category: 'Messaging', ...(icon ? { icon: `$(${icon})` } : {}) });
	menus.palette.push({ command, when: palette });
}

/** The condition of a menu item on the rows of `start`. A state of the peer that must not be there is excluded first. */
function pattern({ when }: Pick<Action, 'when'>, start: string, end: string): string {
	if (!when) return `/^${start}${end}/`;
	const state = `.* on-${when.state}( |$)`;
	return when.is ? `/^(?=${state})${start}${end}/` : `/^(?!${state})${start}${end}/`;
}

function ofConnection(menus: ActionMenus, description: ProtocolDescription): void {
	const { id, words, subscription } = description;
	const put = (name: string, group: string, of: Pick<Action, 'when'> = {}) =>
		menus.context.push({
			command: actionCommand(id, name),
			when: shown(pattern(of, 'connection-open.*', ` is-${id} `)),
			group,
		});
	if (subscription) {
		add(menus, description, protocolCommands.receive, `${titleCase(words.subscribe)}…`, 'add');
		put(protocolCommands.receive, '2_open@2');
	}
	add(menus, description, protocolCommands.compose, `${words.send}…`, 'send');
	put(protocolCommands.compose, '2_open@3');
	connectionActions(description).forEach((action, at) => {
		put(action.id, `${connectionGroups[action.group ?? 'change']}@${at + 1}`, action);
	});
}

/** Where an entry stands that has a command of its own, and on which rows. */
function rowsOf({ id }: ProtocolDescription, entry: MenuEntry): { name: string; rows: string } | undefined {
	switch (entry.kind) {
		case 'action':
			return {
				name: entry.action.id,
				rows: pattern(entry.action, `node is-${id}`, ` kind-(${(entry.action.on.nodes ?? []).join('|')})( |$)`),
			};
		case 'receive':
			return entry.mode
				? { name: protocolCommands.mode(entry.mode.id), rows: `/^node is-${id} .*mode-${entry.mode.id}( |$)/` }
				: { name: protocolCommands.receive, rows: `/^(topic|node) is-${id} .*sub( |$)/` };
		case 'compose':
			return { name: protocolCommands.composeHere, rows: `/^(topic|node) is-${id} .*compose( |$)/` };
		default:
			return undefined;
	}
}

/** Commands of the template that stand between the entries of a protocol. */
const generalCommands = { show: `${section}.openInPanel`, copy: `${section}.copyTopic` } as const;

function ofNodes(menus: ActionMenus, description: ProtocolDescription): void {
	const { id } = description;
	nodeEntries(description).forEach((entry, at) => {
		const group = `${nodeGroups[entry.group]}@${at + 1}`;
		const own = rowsOf(description, entry);
		if (own) {
			if (entry.kind === 'receive' && entry.mode) add(menus, description, own.name, entry.label, entry.icon);
			if (entry.kind === 'compose') add(menus, description, own.name, entry.label, entry.icon);
			menus.context.push({ command: actionCommand(id, own.name), when: shown(own.rows), group });
		} else if (entry.kind === 'show' || entry.kind === 'copy')
			menus.context.push({
				command: generalCommands[entry.kind],
				when: shown(`/^(topic|node) is-${id} .*${entry.kind === 'show' ? 'log' : 'name'}( |$)/`),
				group,
			});
	});
	menus.context.push({
		command: actionCommand(id, protocolCommands.composeHere),
		when: shown(`/^(topic|node) is-${id} .*compose( |$)/`),
		group: 'inline@1',
	});
}

/** False for actions on messages only, which are offered in the panel. */
export const inMenus = ({ on }: Action): boolean => (on.nodes?.length ?? 0) > 0 || on.connection === true;
