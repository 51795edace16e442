import * as vscode from 'vscode';
import { valueAt } from '../../model/profile/fields';
import type { Profile } from '../../model/profile/profile';
import { urlWithLookupName } from '../../model/profile/url';
import { wellFormed } from '../../model/text/text';
import { formatCount, formatRate, stateWord } from '../../model/text/words';
import { describe } from '../../protocols/descriptions';
import { idleStatus } from '../connections/sessions';
import type { Services } from '../services';
import { plainMarkdown } from '../ui/markdown';
import { visibleText } from '../ui/visible-text';
import {
	belowLabel,
	hasRows,
	levelsLabel,
	matchesLabel,
	missingSecrets,
	nameLabel,
	paragraphs,
	stateLabel,
} from './labels';
import { type BrokenNode, type ConnectionNode, idOf, type Node, type TopicNode } from './nodes';
import { peerItem, stateCapabilities } from './peer-items';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/**
 * The tree item of a node. Text from outside is plain: labels have no markup, tooltips are escaped. An `open` row, whose
 * children are shown, has no text that changes with each message, because VS Code redraws it only together with its
 * children.
 */
export function itemOf(node: Node, services: Services, open: boolean): vscode.TreeItem {
	const item = build(node, services, open);
	item.id = idOf(node);
	const { label, description, tooltip, accessibilityInformation: spoken } = item;
	if (typeof label === 'string') item.label = visibleText(label);
	if (typeof description === 'string') item.description = visibleText(description);
	if (typeof tooltip === 'string') item.tooltip = plainMarkdown(tooltip);
	if (spoken) item.accessibilityInformation = { ...spoken, label: visibleText(spoken.label) };
	return item;
}

/** Key of the visible parts of an item. An item with the same key does not need to be redrawn. */
export function appearanceOf({
	label,
	description,
	iconPath,
	contextValue,
	collapsibleState,
}: vscode.TreeItem): string {
	return JSON.stringify([label, description, iconPath, contextValue, collapsibleState !== None]);
}

function build(node: Node, services: Services, open: boolean): vscode.TreeItem {
	switch (node.kind) {
		case 'connection':
			return connectionItem(node, services, open);
		case 'broken':
			return brokenItem(node);
		case 'topic':
			return topicItem(node, open);
		case 'group': {
			const range = `${formatCount(node.from + 1)} – ${formatCount(node.to)}`;
			const item = new vscode.TreeItem(range, open ? Expanded : Collapsed);
			item.iconPath = new vscode.ThemeIcon('list-tree');
			item.contextValue = 'group';
			return item;
		}
		case 'more': {
			const item = new vscode.TreeItem(node.text);
			item.contextValue = 'more';
			item.command = { title: 'Open in Panel', command: 'messagingWorkbench.openPanel', arguments: [node.connection] };
			return item;
		}
		case 'filter': {
			const item = new vscode.TreeItem(`Filter: ${node.text}`);
			item.description = matchesLabel(node, services);
			item.iconPath = new vscode.ThemeIcon('filter-filled');
			item.contextValue = 'filter';
			item.command = { title: 'Filter…', command: 'messagingWorkbench.filterTopics', arguments: [node.connection] };
			return item;
		}
		default:
			return peerItem(node, services, open);
	}
}

function brokenItem(node: BrokenNode): vscode.TreeItem {
	const { entry, index, problems, source } = node.broken;
	const name = (entry as { name?: unknown } | null)?.name;
	const item = new vscode.TreeItem(typeof name === 'string' && name ? name : `Entry ${index + 1}`);
	item.description = problems.find(({ severity }) => severity === 'error')?.message ?? '';
	item.tooltip = paragraphs(`In the ${source.label}:`, ...problems.map(({ message }) => message));
	item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'));
	item.contextValue = problems.some(({ code }) => code === 'url-password') ? 'broken-password' : 'broken';
	item.command = { title: 'Show in Settings', command: 'messagingWorkbench.showInSettings', arguments: [node] };
	return item;
}

function topicItem(node: TopicNode, open: boolean): vscode.TreeItem {
	const { row, flat, connection } = node;
	const { retained, subscription } = describe(connection.stored.profile.protocol) ?? {};
	const item = new vscode.TreeItem(flat ? nameLabel(row.path) : levelsLabel(node));
	item.collapsibleState = row.expandable && !flat ? (open ? Expanded : Collapsed) : None;
	const value = row.preview === undefined ? '' : `${visibleText(row.preview, 80)} · `;
	const rate = row.rate >= 0.5 ? ` · ${formatRate(row.rate)}` : '';
	item.description = open ? belowLabel(node) : `${value}${formatCount(row.total)}${rate}`;
	const capabilities = [subscription && 'sub', 'compose log name', retained && 'clearable'];
	item.contextValue = `topic is-${connection.stored.profile.protocol} ${capabilities.filter(Boolean).join(' ')}`;
	const isRetained = retained !== undefined && ((row.flags ?? 0) & retained.flag) !== 0;
	item.iconPath = new vscode.ThemeIcon(isRetained ? 'bookmark' : row.messages > 0 ? 'symbol-field' : 'symbol-folder');
	// A click on a level without messages only expands or collapses it.
	if (row.messages > 0)
		item.command = { title: 'Open in Panel', command: 'messagingWorkbench.openInPanel', arguments: [node] };
	return item;
}

function connectionItem({ stored }: ConnectionNode, services: Services, open: boolean): vscode.TreeItem {
	const { sessions, log } = services;
	const { profile, source } = stored;
	const status = sessions.get(profile.id)?.status ?? idleStatus;
	const description = describe(profile.protocol);
	const { state } = status;
	const item = new vscode.TreeItem(
		profile.name,
		hasRows(status, profile.protocol) ? (open ? Expanded : Collapsed) : None,
	);
	const mark = profile.production ? 'production' : '';
	const isRecording = status.recording !== undefined && status.recording.problem === undefined;
	const stateText = stateLabel(status, open);
	const idleTexts = [log.redact(urlWithLookupName(profile.url)), missingSecrets(services, stored)];
	item.description = [mark, isRecording && 'recording', ...(stateText ? [stateText] : idleTexts)]
		.filter(Boolean)
		.join(' · ');
	if (mark) item.resourceUri = vscode.Uri.from({ scheme: productionScheme, path: `/${wellFormed(profile.id)}` });
	item.iconPath = iconOf(state.kind === 'closed' && state.failure ? 'failed' : state.kind);
	const capabilities = [
		description?.subscription && 'sub',
		description?.retained && 'retain',
		description?.browse && 'browse',
		`is-${profile.protocol}`,
		`from-${source.scope}`,
		isRecording && 'recording',
		(status.history || hasHistoryField(profile)) && 'history',
		...stateCapabilities(status.states),
	];
	item.contextValue = `connection-${stateWord(state)} ${capabilities.filter(Boolean).join(' ')}`;
	item.accessibilityInformation = {
		label: [profile.name, mark, isRecording && 'recording', stateText || 'not connected'].filter(Boolean).join(', '),
	};
	return item;
}

const hasHistoryField = (profile: Profile) => valueAt(profile, 'record.keep') !== undefined;

const productionScheme = 'messaging-workbench-production';

/** Colors the rows of production connections and adds a letter, as for changed files. The icon keeps showing the state. */
export const productionColors: vscode.FileDecorationProvider = {
	provideFileDecoration(uri) {
		if (uri.scheme !== productionScheme) return undefined;
		const color = new vscode.ThemeColor('messagingWorkbench.productionForeground');
		return { badge: 'P', tooltip: 'Production: sending asks first', color };
	},
};

function iconOf(kind: 'failed' | 'closed' | 'connecting' | 'open' | 'retrying' | 'closing'): vscode.ThemeIcon {
	const icon = (id: string, color?: string) =>
		new vscode.ThemeIcon(id, color ? new vscode.ThemeColor(color) : undefined);
	switch (kind) {
		case 'open':
			return icon('pass-filled', 'testing.iconPassed');
		case 'failed':
			return icon('error', 'testing.iconFailed');
		case 'retrying':
			return icon('history', 'problemsWarningIcon.foreground');
		case 'connecting':
		case 'closing':
			return icon('loading~spin');
		case 'closed':
			return icon('circle-large-outline');
	}
}
