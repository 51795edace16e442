import type { Action, Mode, ProtocolDescription } from './description';

/** What a menu offers for a node of the peer. `group`: from harmless to destructive; a line separates two groups. */
export type MenuEntry = { group: 'read' | 'change' | 'remove'; label: string; icon?: string } & (
	| { kind: 'action'; action: Action }
	/** Without a mode: the protocol has only one way to receive. */
	| { kind: 'receive'; mode?: Mode }
	| { kind: 'compose' | 'show' | 'copy' }
);

export const menuGroups = ['read', 'change', 'remove'] as const;

/** "Subscribe or join" as the title of a command: "Subscribe or Join". */
export const titleCase = (text: string): string =>
	text.replace(/\b(?!(?:a|an|and|as|by|for|from|in|into|of|or|the|to|with)\b)[a-z](?![A-Z])/g, (letter, at) =>
		at === 0 || text[at - 1] === ' ' ? letter.toUpperCase() : letter,
	);

/**
 * Everything that menus of this protocol can offer for a node, in order. The panel and the sidebar draw the same entries:
 * each shows those that apply to the node.
 */
export function nodeEntries({ words, subscription, actions = [] }: ProtocolDescription): MenuEntry[] {
	const onNodes = actions.filter(({ on }) => (on.nodes?.length ?? 0) > 0);
	const of = (wanted: MenuEntry['group']) =>
		onNodes.filter(({ group = 'change' }) => group === wanted).map(actionEntry);
	const modes: MenuEntry[] = (subscription?.modes ?? []).map((mode) => ({
		...{ kind: 'receive', group: mode.intrusive ? 'remove' : 'read', mode, icon: mode.icon },
		label: `${mode.menu ?? mode.label}${mode.intrusive || mode.form ? '…' : ''}`,
	}));
	if (subscription && modes.length === 0)
		modes.push({ kind: 'receive', group: 'read', label: titleCase(words.subscribe), icon: 'add' });
	const receiving = (wanted: MenuEntry['group']) => modes.filter(({ group }) => group === wanted);
	return [
		...of('read'),
		...receiving('read'),
		{ kind: 'compose', group: 'read', label: `${words.send} Here`, icon: 'send' },
		{ kind: 'show', group: 'read', label: `Show Only Its ${titleCase(words.messages)}`, icon: 'filter' },
		{ kind: 'copy', group: 'read', label: 'Copy Name', icon: 'copy' },
		...of('change'),
		...receiving('remove'),
		...of('remove'),
	];
}

/** The actions on the connection itself, in the order of their groups. */
export const connectionActions = ({ actions = [] }: Pick<ProtocolDescription, 'actions'>): Action[] =>
	menuGroups.flatMap((wanted) => actions.filter(({ on, group = 'change' }) => on.connection && group === wanted));

/** Whether the state of the peer allows it. `states`: as the link reports them. */
export const isOffered = ({ when }: Pick<Action, 'when'>, states: readonly string[] = []): boolean =>
	when === undefined || states.includes(when.state) === when.is;

const actionEntry = (action: Action): MenuEntry => ({
	...{ kind: 'action', group: action.group ?? 'change', label: action.label, action },
	...(action.icon ? { icon: action.icon } : {}),
});
