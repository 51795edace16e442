import * as vscode from 'vscode';
import type { BrowseNode } from '../../model/contracts/browse';
import { formatCount } from '../../model/text/words';
import type { ProtocolDescription } from '../../protocols/description';
import { describe } from '../../protocols/descriptions';
import type { Services } from '../services';
import { nameLabel, paragraphs } from './labels';
import type { FailedNode, InfoNode, PeerNode, RestNode, SeenNode } from './nodes';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** The tree item of a resource of the peer, and of the rows beside resources. */
export function peerItem(
	node: PeerNode | InfoNode | FailedNode | RestNode | SeenNode,
	{ log, sessions }: Pick<Services, 'log' | 'sessions'>,
	open: boolean,
): vscode.TreeItem {
	const { profile } = node.connection.stored;
	const words = describe(profile.protocol)?.words;
	switch (node.kind) {
		case 'node':
			return resourceItem(node, sessions.get(profile.id)?.status.states);
		case 'info': {
			const item = new vscode.TreeItem('');
			item.description = node.text.split('\n')[0];
			item.iconPath = new vscode.ThemeIcon('info', new vscode.ThemeColor('descriptionForeground'));
			item.tooltip = node.text;
			item.contextValue = 'info';
			item.accessibilityInformation = { label: node.text };
			return item;
		}
		case 'failed': {
			const { message, evidence, remedy } = log.clean(node.failure);
			const item = new vscode.TreeItem(message);
			item.description = 'click to try again';
			item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
			item.tooltip = paragraphs(message, evidence, remedy?.text);
			item.contextValue = 'failed';
			item.command = { title: 'Refresh', command: 'messagingWorkbench.refreshNodes', arguments: [node] };
			return item;
		}
		case 'rest': {
			const item = new vscode.TreeItem('Show more');
			item.description = `${formatCount(node.shown)} of ${formatCount(node.total)} are listed`;
			item.iconPath = new vscode.ThemeIcon('ellipsis');
			item.contextValue = 'rest';
			item.command = { title: 'Show More', command: 'messagingWorkbench.showMoreNodes', arguments: [node] };
			return item;
		}
		case 'seen': {
			const targets = words?.targets ?? 'targets';
			const item = new vscode.TreeItem(`From messages: ${targets}`, open ? Expanded : Collapsed);
			item.description = formatCount(sessions.get(profile.id)?.status.topics ?? 0);
			item.iconPath = new vscode.ThemeIcon('list-tree');
			item.tooltip = `The ${targets} of received and sent ${words?.messages ?? 'messages'}`;
			item.contextValue = 'seen';
			return item;
		}
	}
}

/** The ways to receive from a node, or `sub` where the protocol has only one. */
function receiving(description: ProtocolDescription | undefined, { modes, subscription }: BrowseNode): string[] {
	if (!description?.subscription) return [];
	const all = description.subscription.modes ?? [];
	if (all.length === 0) return ['sub'];
	const fitting = subscription?.mode === undefined ? (modes ?? all.map(({ id }) => id)) : [subscription.mode];
	return fitting.map((mode) => `mode-${mode}`);
}

/** Parts of a context value for the states of the peer, which decide about menu entries. */
export const stateCapabilities = (states: readonly string[] = []): string[] => states.map((state) => `on-${state}`);

function resourceItem({ connection, node, opened }: PeerNode, states: readonly string[] | undefined): vscode.TreeItem {
	const description = describe(connection.stored.profile.protocol);
	const kind = description?.browse?.kinds[node.kind];
	const kindLabel = kind?.label ?? node.kind;
	const item = new vscode.TreeItem(nameLabel(node.name), node.expandable ? (opened ? Expanded : Collapsed) : None);
	if (node.description) item.description = node.description;
	item.iconPath = new vscode.ThemeIcon(
		node.bad ? 'warning' : (kind?.icon ?? 'circle-small'),
		node.bad ? new vscode.ThemeColor('problemsWarningIcon.foreground') : undefined,
	);
	const properties = (node.properties ?? []).map(({ label, value }) => `${label}: ${value}`);
	item.tooltip = paragraphs(`${kindLabel} ${node.name}`, node.description, ...properties);
	const canSend = description?.verbs.some((verb) => verb.target !== 'none') && node.target !== undefined;
	const capabilities = [
		`is-${description?.id}`,
		`kind-${node.kind}`,
		...(node.subscription ? receiving(description, node) : []),
		(node.compose || canSend) && 'compose',
		node.target !== undefined && 'log',
		(node.target !== undefined || !node.expandable) && 'name',
		...stateCapabilities(states),
	];
	item.contextValue = `node ${capabilities.filter(Boolean).join(' ')}`;
	if (node.target !== undefined && !node.expandable)
		item.command = {
			title: 'Open in Panel',
			command: 'messagingWorkbench.openInPanel',
			arguments: [{ kind: 'node', connection, node, key: '', parent: connection } satisfies PeerNode],
		};
	item.accessibilityInformation = { label: [kindLabel, node.name, node.description].filter(Boolean).join(', ') };
	return item;
}
