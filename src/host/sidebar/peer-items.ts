import * as vscode from 'vscode';
import { formatCount } from '../../model/text/words';
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
			return resourceItem(node);
		case 'info': {
			const item = new vscode.TreeItem('');
			item.description = node.text;
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

function resourceItem({ connection, node, opened }: PeerNode): vscode.TreeItem {
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
		node.subscription && description?.subscription && (node.modes?.length ?? 1) > 0 && 'sub',
		(node.compose || canSend) && 'compose',
		node.target !== undefined && 'log',
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
