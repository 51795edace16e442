import { fail } from '../../base/failure';
import type { Remote } from '../../base/rpc';
import type { Intent, Question } from '../../model/contracts/browse';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { Mode, ProtocolDescription } from '../../protocols/description';
import { askModal } from '../ui/notify';

/** The way to receive that a subscription names, or the first. */
export function modeOf(description: ProtocolDescription, mode: string | undefined): Mode | undefined {
	const modes = description.subscription?.modes;
	return mode === undefined ? modes?.[0] : modes?.find(({ id }) => id === mode);
}

/**
 * Asks the user what the peer's state wants asked before this is done; what takes messages away is asked in any case.
 * Throws `cancelled` for a no. Everything that subscribes or acts for the user goes through here, the panel's wishes too.
 */
export async function confirm(
	description: ProtocolDescription,
	engine: Pick<Remote<EngineApi>, 'ask'>,
	intent: Intent,
): Promise<void> {
	const question = (await engine.ask(intent)) ?? ownQuestion(description, intent);
	if (!question) return;
	const choice = await askModal('warning', question.text, question.detail, question.button);
	if (choice === undefined) throw fail('cancelled', 'Nothing was done.');
}

function ownQuestion(description: ProtocolDescription, intent: Intent): Question | undefined {
	if (intent.kind !== 'subscribe') return undefined;
	const { target, mode: id } = intent.subscription;
	const mode = modeOf(description, id);
	if (!mode?.intrusive) return undefined;
	return { text: `${mode.label} “${target}”?`, detail: mode.sideEffect, button: mode.label };
}
