import * as vscode from 'vscode';
import { formatCount } from '../../model/text/words';
import { describe } from '../../protocols/descriptions';
import type { Services } from '../services';
import { plainMarkdown } from '../ui/markdown';
import { label } from './items';
import type { FailedNode, InfoNode, PeerNode, RestNode, SeenNode } from './nodes';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** How a row of what the peer has looks. */
export function peerItem(
	node: PeerNode | InfoNode | FailedNode | RestNode | SeenNode,
	{ log, sessions }: Services,
	open: boolean,
): vscode.TreeItem {
	const { profile } = node.connection.stored;
	const description = describe(profile.protocol);
	switch (node.kind) {
		case 'node':
			return thing(node);
		case 'info': {
			const item = new vscode.TreeItem('');
			item.description = node.text;
			item.iconPath = new vscode.ThemeIcon('info', new vscode.ThemeColor('descriptionForeground'));
			item.tooltip = plainMarkdown(node.text);
			item.contextValue = 'info';
			item.accessibilityInformation = { label: node.text };
			return item;
		}
		case 'failed': {
			const { message, evidence, remedy } = log.clean(node.failure);
			const item = new vscode.TreeItem(message);
			item.description = 'click to try again';
			item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
			item.tooltip = plainMarkdown([message, evidence, remedy?.text].filter(Boolean).join('\n\n'));
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
			const targets = description?.words.targets ?? 'targets';
			const count = sessions.get(profile.id)?.status.topics ?? 0;
			const item = new vscode.TreeItem(`Seen ${targets}`, open ? Expanded : Collapsed);
			item.description = formatCount(count);
			item.iconPath = new vscode.ThemeIcon('list-tree');
			item.tooltip = `The ${targets} of the ${description?.words.messages ?? 'messages'} that arrived or were sent`;
			item.contextValue = 'seen';
			return item;
		}
	}
}

function thing({ connection, node, opened }: PeerNode): vscode.TreeItem {
	const description = describe(connection.stored.profile.protocol);
	const kind = description?.browse?.kinds[node.kind];
	const item = new vscode.TreeItem(label(node.name), node.expandable ? (opened ? Expanded : Collapsed) : None);
	if (node.description) item.description = node.description;
	item.iconPath = new vscode.ThemeIcon(
		node.bad ? 'warning' : (kind?.icon ?? 'circle-small'),
		node.bad ? new vscode.ThemeColor('problemsWarningIcon.foreground') : undefined,
	);
	const lines = (node.properties ?? []).map(({ label, value }) => `${label}: ${value}`);
	item.tooltip = plainMarkdown(
		[`${kind?.label ?? node.kind} ${node.name}`, node.description, ...lines].filter(Boolean).join('\n\n'),
	);
	const sends = description?.verbs.some((verb) => verb.target !== 'none');
	const can = [
		`is-${description?.id}`,
		`kind-${node.kind}`,
		node.subscription && description?.subscription && (node.modes?.length ?? 1) > 0 && 'sub',
		(node.compose || (sends && node.target !== undefined)) && 'compose',
		node.target !== undefined && 'log',
	];
	item.contextValue = `node ${can.filter(Boolean).join(' ')}`;
	if (node.target !== undefined && !node.expandable)
		item.command = {
			title: 'Open in Panel',
			command: 'messagingWorkbench.openInPanel',
			arguments: [{ kind: 'node', connection, node, key: '', parent: connection } satisfies PeerNode],
		};
	item.accessibilityInformation = {
		label: [kind?.label ?? node.kind, node.name, node.description].filter(Boolean).join(', '),
	};
	return item;
}
