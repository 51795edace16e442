import * as vscode from 'vscode';
import { securityWords } from '../../model/contracts/security';
import type { Status } from '../../model/contracts/session';
import { urlWithLookupName } from '../../model/profile/url';
import { formatCount, formatRate, stateText, stateWord } from '../../model/text/words';
import { describe } from '../../protocols/descriptions';
import { idleStatus } from '../connections/sessions';
import type { StoredProfile } from '../profiles/store';
import type { Services } from '../services';
import { plainMarkdown } from '../ui/markdown';
import { visibleText } from '../ui/visible-text';
import { type ConnectionNode, idOf, type Node, type TopicNode } from './nodes';
import { peerItem } from './peer-items';
import { productionUri } from './production-colors';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/**
 * How a node looks. Everything from outside is plain text: labels are no markup, tooltips are escaped. `open`: its
 * children are shown. Then it says nothing that changes with each message, because the editor draws it anew only
 * together with them.
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

/** Everything that is seen of an item without pointing at it: what is equal need not be drawn again. */
export function lookOf({ label, description, iconPath, contextValue, collapsibleState }: vscode.TreeItem): string {
	return JSON.stringify([label, description, iconPath, contextValue, collapsibleState !== None]);
}

/** What is said of a node that is pointed at. */
export function tooltipOf(node: Node, services: Services, open: boolean): vscode.MarkdownString | undefined {
	if (node.kind === 'connection') return connectionTooltip(node, services, open);
	return node.kind === 'topic' ? topicTooltip(node, open) : undefined;
}

function build(node: Node, services: Services, open: boolean): vscode.TreeItem {
	switch (node.kind) {
		case 'connection':
			return connection(node, services, open);
		case 'broken': {
			const { entry, problems } = node.broken;
			const name = (entry as { name?: unknown } | null)?.name;
			const item = new vscode.TreeItem(typeof name === 'string' && name ? name : `Entry ${node.broken.index + 1}`);
			const reason = problems.find(({ severity }) => severity === 'error')?.message ?? '';
			item.description = reason;
			item.tooltip = plainMarkdown(
				`In the ${node.broken.source.label}:\n\n${problems.map(({ message }) => message).join('\n\n')}`,
			);
			item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'));
			item.contextValue = problems.some(({ code }) => code === 'url-password') ? 'broken-password' : 'broken';
			item.command = { title: 'Show in Settings', command: 'messagingWorkbench.showInSettings', arguments: [node] };
			return item;
		}
		case 'topic': {
			const { row } = node;
			const item = new vscode.TreeItem(label(node.flat ? row.path : row.name));
			item.collapsibleState = row.expandable && !node.flat ? (open ? Expanded : Collapsed) : None;
			const count = formatCount(row.total);
			const value = row.preview === undefined ? '' : `${visibleText(row.preview, 80)} · `;
			item.description = open ? below(node) : `${value}${count}${row.rate >= 0.5 ? ` · ${formatRate(row.rate)}` : ''}`;
			const retained = isRetained(node);
			item.contextValue = `topic${canClear(node) ? ' clearable' : ''}${canSubscribe(node) ? ' sub' : ''}`;
			item.iconPath = new vscode.ThemeIcon(retained ? 'pin' : row.messages > 0 ? 'symbol-field' : 'symbol-folder');
			// A mere level is only opened and closed by a click.
			if (row.messages > 0)
				item.command = { title: 'Open in Panel', command: 'messagingWorkbench.openInPanel', arguments: [node] };
			return item;
		}
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
		case 'node':
		case 'info':
		case 'failed':
		case 'rest':
		case 'seen':
			return peerItem(node, services, open);
		case 'filter': {
			const item = new vscode.TreeItem(label(`Filter: ${node.text}`));
			item.iconPath = new vscode.ThemeIcon('filter-filled');
			item.contextValue = 'filter';
			item.command = {
				title: 'Filter…',
				command: 'messagingWorkbench.filterTopics',
				arguments: [node.connection],
			};
			return item;
		}
	}
}

function connection(node: ConnectionNode, services: Services, open: boolean): vscode.TreeItem {
	const { sessions, log } = services;
	const { profile, source } = node.stored;
	const status = sessions.get(profile.id)?.status ?? idleStatus;
	const description = describe(profile.protocol);
	const { state } = status;
	const tree = status.topics > 0 || state.kind === 'open';
	const item = new vscode.TreeItem(profile.name, tree ? (state.kind === 'open' ? Expanded : Collapsed) : None);
	const missing = missingSecrets(services, node.stored);
	const marked = profile.production ? 'production' : '';
	const now = stateWords(status, open);
	item.description = [marked, ...(now ? [now] : [log.redact(urlWithLookupName(profile.url)), missing])]
		.filter(Boolean)
		.join(' · ');
	if (marked) item.resourceUri = productionUri(profile.id);
	item.iconPath = iconOf(state.kind === 'closed' && state.failure ? 'failed' : state.kind);
	const can = [
		description?.subscription && 'sub',
		description?.retained && 'retain',
		description?.browse && 'browse',
		`is-${profile.protocol}`,
		`from-${source.scope}`,
	];
	item.contextValue = `connection-${stateWord(state)} ${can.filter(Boolean).join(' ')}`;
	item.accessibilityInformation = {
		label: [profile.name, marked, now || 'not connected'].filter(Boolean).join(', '),
	};
	return item;
}

/** Of a closed row how much arrives and how long until it is tried again; of an open one what stays: the time of day. */
function stateWords(status: Status, open: boolean): string {
	const { state } = status;
	const clock = (time: number, second?: '2-digit') =>
		new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second });
	if (open && state.kind === 'open' && !state.unfinished) return `open · since ${clock(state.since)}`;
	if (open && state.kind === 'retrying')
		return `next attempt at ${clock(state.at, '2-digit')}: ${state.failure.message}`;
	return stateText(status, Date.now());
}

function connectionTooltip({ stored }: ConnectionNode, services: Services, open: boolean): vscode.MarkdownString {
	const { sessions, log } = services;
	const { profile, source } = stored;
	const status = sessions.get(profile.id)?.status ?? idleStatus;
	const { state } = status;
	return plainMarkdown(
		[
			`${profile.name} (${describe(profile.protocol)?.label ?? profile.protocol})`,
			profile.production && 'Marked as production: sending to it asks first.',
			log.redact(urlWithLookupName(profile.url)),
			stateWords(status, open),
			state.kind === 'open' ? securityWords(state.security, Date.now()) : '',
			'failure' in state && state.failure?.evidence ? `Reason given: ${state.failure.evidence}` : '',
			missingSecrets(services, stored),
			`Saved in the ${source.label}`,
		]
			.filter(Boolean)
			.join('\n\n'),
	);
}

/** What connecting will ask for, because this machine does not have it. */
function missingSecrets({ connecting, secrets }: Services, { profile, source }: StoredProfile): string {
	if (!Array.isArray(profile.secrets) || profile.secrets.length === 0) return '';
	try {
		const stored = secrets.stored(connecting.owner(profile, source.folder));
		const names = profile.secrets.filter((key) => !stored.includes(String(key)));
		return names.length === 0 ? '' : `${names.join(', ')} not stored on this machine`;
	} catch {
		return '';
	}
}

function iconOf(kind: 'failed' | 'closed' | 'connecting' | 'open' | 'retrying' | 'closing'): vscode.ThemeIcon {
	const color = (id: string) => new vscode.ThemeColor(id);
	switch (kind) {
		case 'open':
			return new vscode.ThemeIcon('pass-filled', color('testing.iconPassed'));
		case 'failed':
			return new vscode.ThemeIcon('error', color('testing.iconFailed'));
		case 'retrying':
			return new vscode.ThemeIcon('history', color('problemsWarningIcon.foreground'));
		case 'connecting':
		case 'closing':
			return new vscode.ThemeIcon('loading~spin');
		case 'closed':
			return new vscode.ThemeIcon('circle-large-outline');
	}
}

const retainedOf = (node: TopicNode) => describe(node.connection.stored.profile.protocol)?.retained;

function isRetained(node: TopicNode): boolean {
	const retained = retainedOf(node);
	return retained !== undefined && ((node.row.flags ?? 0) & retained.flag) !== 0;
}

const canSubscribe = ({ connection: { stored } }: TopicNode) =>
	describe(stored.profile.protocol)?.subscription !== undefined;

const canClear = (node: TopicNode) => retainedOf(node) !== undefined;

function below({ row, connection: { stored } }: TopicNode): string {
	return row.below > 0
		? `${formatCount(row.below)} ${describe(stored.profile.protocol)?.words.targets ?? 'targets'}`
		: '';
}

function topicTooltip(node: TopicNode, open: boolean): vscode.MarkdownString {
	const { row, connection } = node;
	const words = describe(connection.stored.profile.protocol)?.words;
	const under = row.below > 0 ? `${below(node)} below` : '';
	const time = row.time === undefined ? '' : `last at ${new Date(row.time).toLocaleTimeString()}`;
	const numbers = [`${formatCount(row.messages)} ${words?.messages ?? 'messages'}`, under, time];
	return plainMarkdown(
		[row.path, ...(open ? [under] : [row.preview ?? '', numbers.filter(Boolean).join(' · ')])]
			.filter(Boolean)
			.join('\n\n'),
	);
}

/** An empty label would show the node's id: an empty level is a level of its own in MQTT. */
export const label = (text: string) => text || '(empty)';
