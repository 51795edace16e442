import type * as vscode from 'vscode';
import { clock } from '../../base/clock';
import { securityWords } from '../../model/contracts/security';
import type { Status } from '../../model/contracts/session';
import { isLoopback, urlWithLookupName } from '../../model/profile/url';
import { formatCount, formatSize, stateText } from '../../model/text/words';
import { describe } from '../../protocols/descriptions';
import { idleStatus } from '../connections/sessions';
import type { StoredProfile } from '../profiles/store';
import type { Services } from '../services';
import { plainMarkdown } from '../ui/markdown';
import type { ConnectionNode, FilterNode, Node, TopicNode } from './nodes';

/** Maximum length of a topic in a tooltip, in characters. */
const maxPath = 300;
const shortened = (path: string) => (path.length > maxPath ? `${path.slice(0, maxPath)}…` : path);

/** VS Code shows the id of a row without a label. A topic level can be empty in MQTT. */
export const nameLabel = (name: string) => name || '(empty)';

/** Whether there are topics or resources of the peer below a connection. */
export const hasRows = ({ topics, state }: Status, protocol: string): boolean =>
	topics > 0 || (state.kind === 'open' && describe(protocol)?.browse !== undefined);

/** The name of a topic, with the levels that share its row. */
export function levelsLabel({ row, connection }: TopicNode): string {
	const separator = describe(connection.stored.profile.protocol)?.separator ?? '';
	return [...(row.above ?? []), row].map(({ name }) => nameLabel(name)).join(separator);
}

/** State of a connection. A collapsed row shows the rate and the countdown; an expanded one only times, which stay. */
export function stateLabel(status: Status, open: boolean): string {
	const { state } = status;
	if (open && state.kind === 'open' && !state.unfinished) return `open · since ${clock(state.since).slice(0, 5)}`;
	if (open && state.kind === 'retrying')
		return `next attempt at ${clock(state.at).slice(0, 8)}: ${state.failure.message}`;
	return stateText(status, Date.now());
}

/** Lists the required secrets that are not stored on this machine. Connecting asks for them. */
export function missingSecrets(
	{ connecting, secrets }: Pick<Services, 'connecting' | 'secrets'>,
	{ profile, source }: StoredProfile,
): string {
	if (!Array.isArray(profile.secrets) || profile.secrets.length === 0) return '';
	try {
		const stored = secrets.stored(connecting.owner(profile, source.folder));
		const names = profile.secrets.filter((key) => !stored.includes(String(key)));
		return names.length === 0 ? '' : `${names.join(', ')} not stored on this machine`;
	} catch {
		return '';
	}
}

/** "1,234 topics", or an empty text without any. */
export function belowLabel({ row, connection: { stored } }: TopicNode): string {
	return row.below > 0
		? `${formatCount(row.below)} ${describe(stored.profile.protocol)?.words.targets ?? 'targets'}`
		: '';
}

/** "10 of 20,115 topics" */
export function matchesLabel({ matches, connection }: FilterNode, { sessions }: Pick<Services, 'sessions'>): string {
	const { id, protocol } = connection.stored.profile;
	const topics = sessions.get(id)?.status.topics ?? 0;
	return `${formatCount(matches)} of ${formatCount(topics)} ${describe(protocol)?.words.targets ?? 'targets'}`;
}

/** Tooltip of a row, computed when the pointer rests on it. */
export function tooltipOf(node: Node, services: Services, open: boolean): vscode.MarkdownString | undefined {
	if (node.kind === 'connection') return connectionTooltip(node, services, open);
	return node.kind === 'topic' ? topicTooltip(node, open) : undefined;
}

function connectionTooltip({ stored }: ConnectionNode, services: Services, open: boolean): vscode.MarkdownString {
	const { sessions, log } = services;
	const { profile, source } = stored;
	const status = sessions.get(profile.id)?.status ?? idleStatus;
	const { state } = status;
	return paragraphs(
		`${profile.name} (${describe(profile.protocol)?.label ?? profile.protocol})`,
		profile.production && 'Marked as production: sending to it asks first.',
		log.redact(urlWithLookupName(profile.url)),
		stateLabel(status, open),
		state.kind === 'open' && securityWords(state.security, Date.now(), isLoopback(profile.url)),
		'failure' in state && state.failure?.evidence && `Reason: ${state.failure.evidence}`,
		missingSecrets(services, stored),
		recordingLabel(status),
		`Saved in the ${source.label}`,
	);
}

/** What is recorded, or why it has ended early. */
function recordingLabel({ recording, history }: Status): string {
	const sizes = recording && `${formatCount(recording.messages)} messages, ${formatSize(recording.bytes)}`;
	return [
		recording && (recording.problem ?? `Recording into ${recording.path} (${sizes})`),
		history && (history.problem ?? `History: ${formatSize(history.bytes)}`),
	]
		.filter(Boolean)
		.join('\n\n');
}

function topicTooltip(node: TopicNode, open: boolean): vscode.MarkdownString {
	const { row, connection } = node;
	const words = describe(connection.stored.profile.protocol)?.words;
	const below = row.below > 0 ? `${belowLabel(node)} below` : '';
	const time = row.time === undefined ? '' : `last at ${clock(row.time).slice(0, 8)}`;
	const numbers = [`${formatCount(row.messages)} ${words?.messages ?? 'messages'}`, below, time];
	return paragraphs(shortened(row.path), ...(open ? [below] : [row.preview, numbers.filter(Boolean).join(' · ')]));
}

/** A tooltip of paragraphs. Empty ones are left out. */
export const paragraphs = (...texts: (string | false | undefined)[]): vscode.MarkdownString =>
	plainMarkdown(texts.filter(Boolean).join('\n\n'));
