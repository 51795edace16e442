import type { Remote } from '../../base/rpc';
import type { Intent, Question } from '../../model/contracts/browse';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { Draft } from '../../model/contracts/message';
import type { Profile } from '../../model/profile/profile';
import { andList } from '../../model/text/lists';
import type { Mode, ProtocolDescription } from '../../protocols/description';
import { describe } from '../../protocols/descriptions';
import { cancelled } from '../failures';
import { askModal } from '../ui/notify';
import { visibleText } from '../ui/visible-text';

/** The mode of a subscription by its id, or the default mode. */
export function modeOf(description: ProtocolDescription, mode: string | undefined): Mode | undefined {
	const modes = description.subscription?.modes;
	return mode === undefined ? modes?.[0] : modes?.find(({ id }) => id === mode);
}

/**
 * Asks the user for confirmation if the adapter has a question about the current state of the peer, always before a mode
 * that takes messages away, and on a production connection before every action that changes something. Throws `cancelled`
 * if the user declines. Every subscription and action of the user passes through here, also those from a panel.
 */
export async function confirm(
	description: ProtocolDescription,
	engine: Pick<Remote<EngineApi>, 'ask'>,
	intent: Intent,
	{ name, production }: Partial<Pick<Profile, 'name' | 'production'>> = {},
): Promise<void> {
	const question =
		(await engine.ask(intent)) ??
		modeQuestion(description, intent) ??
		(production ? actionQuestion(description, intent) : undefined);
	if (!question) return;
	const mark = production ? `“${name ?? ''}” is marked as production. ` : '';
	const kind = question.harmless && !production ? 'information' : 'warning';
	const choice = await askModal(kind, `${mark}${question.text}`, question.detail, question.button);
	if (choice === undefined) throw cancelled();
}

/** The question before an action that changes something, where the adapter has none of its own. */
function actionQuestion({ actions = [] }: ProtocolDescription, intent: Intent): Question | undefined {
	if (intent.kind !== 'act') return undefined;
	const action = actions.find(({ id }) => id === intent.request.action);
	if (!action?.sideEffect) return undefined;
	const button = action.label.replace(/…$/, '');
	return { text: `${button}?`, detail: action.sideEffect, button };
}

function modeQuestion(description: ProtocolDescription, intent: Intent): Question | undefined {
	if (intent.kind !== 'subscribe') return undefined;
	const { target, mode: id } = intent.subscription;
	const mode = modeOf(description, id);
	if (!mode?.intrusive) return undefined;
	return { text: `${mode.label} “${target}”?`, detail: mode.sideEffect, button: mode.label };
}

/** Ids of connections for which the user has turned the question off until the window is closed. */
const allowed = new Set<string>();

type Marked = Pick<Profile, 'id' | 'name' | 'protocol' | 'production'>;
type Sent = Pick<Draft, 'verb' | 'target'> & { payload?: Uint8Array };

/**
 * Asks for confirmation before anything is sent to a connection marked as production. The question describes `draft`
 * where it is known, followed by `often` for a repeated message. Throws `cancelled` if the user declines.
 */
export async function confirmProduction(profile: Marked, draft?: Sent, often = '') {
	if (profile.production !== true || allowed.has(profile.id)) return;
	const send = 'Send';
	const always = 'Send and Don’t Ask Again in This Window';
	const choice = await askModal(
		'warning',
		`“${profile.name}” is marked as production. Send to it?`,
		draft ? `${summaryOf(profile, draft)}${often}` : '',
		send,
		always,
	);
	if (choice === always) allowed.add(profile.id);
	else if (choice !== send) throw cancelled(`Nothing was sent to “${profile.name}”.`);
}

/**
 * Asks for confirmation before a simulation on a connection marked as production, each time: it sends more than one message.
 * `text`: "50 clients that publish 500 messages/s". Throws `cancelled` if the user declines.
 */
export async function confirmSimulation({ name, production }: Marked, text: string) {
	if (production !== true) return;
	const choice = await askModal('warning', `Start ${text} to “${name}” (production)?`, '', 'Start');
	if (choice === undefined) throw cancelled(`Nothing was sent to “${name}”.`);
}

/** A saved connection of a rule, and what the rule does on it: "PUBLISH farm/vent/set". */
export interface RuleUse {
	profile: Marked;
	text: string;
}

/**
 * Asks for confirmation before a rule starts that receives from connections marked as production or sends to them, once
 * for all of them. Throws `cancelled` if the user declines.
 */
export async function confirmProductionRule(title: string, uses: readonly RuleUse[]): Promise<void> {
	const marked = uses.filter(({ profile }) => profile.production === true && !allowed.has(profile.id));
	if (marked.length === 0) return;
	const names = [...new Set(marked.map(({ profile }) => `“${profile.name}”`))];
	const run = 'Run Rule';
	const always = 'Run and Don’t Ask Again in This Window';
	const is = names.length === 1 ? 'is' : 'are';
	const choice = await askModal(
		'warning',
		`${andList(names)} ${is} marked as production. Run the rule “${title}”?`,
		marked.map(({ profile, text }) => `${visibleText(profile.name, 100)} · ${visibleText(text, 300)}`).join('\n'),
		run,
		always,
	);
	if (choice === always) for (const { profile } of marked) allowed.add(profile.id);
	else if (choice !== run) throw cancelled(`The rule “${title}” was not started.`);
}

/** "Publish · farm/vent/set · 18 bytes" */
function summaryOf({ protocol }: Marked, { verb, target, payload }: Sent): string {
	const label = describe(protocol)?.verbs.find(({ id }) => id === verb)?.label ?? verb;
	const size = payload && `${payload.length.toLocaleString('en')} ${payload.length === 1 ? 'byte' : 'bytes'}`;
	return [label, visibleText(target, 300), size].filter(Boolean).join(' · ');
}
