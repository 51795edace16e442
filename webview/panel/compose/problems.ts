import type { Encoded } from '../../../src/model/contracts/payload';
import type { Values } from '../../../src/model/profile/field';
import type { Verb } from '../../../src/protocols/description';
import { firstProblem } from '../../fields/values';
import { isOpen, type PanelStore } from '../store';

/** Why nothing is sent while the connection is not open, and the way out. */
export interface Notice {
	text: string;
	action?: { label: string; run: () => void };
}

/** Undefined while the connection is open. */
export function notOpen(store: PanelStore): Notice | undefined {
	const { state } = store.status;
	const connect = () => store.run(store.remote.connect());
	switch (state.kind) {
		case 'open':
			return undefined;
		case 'retrying':
			return { text: 'Not sent: the connection is being restored.', action: { label: 'Try Now', run: connect } };
		case 'connecting':
			return { text: 'Not sent: still connecting. Send again when the connection is open.' };
		case 'closing':
			return { text: 'Not sent: disconnecting.' };
		case 'closed':
			return { text: 'Not sent: not connected.', action: { label: 'Connect', run: connect } };
	}
}

export function targetProblem(verb: Verb, target: string): string | undefined {
	if (verb.target === 'none' || (verb.target === 'optional' && target === '')) return undefined;
	return verb.checkTarget(target);
}

/** The part of the form to correct before the draft can be sent. */
export function wrongPart(
	store: PanelStore,
	{ verb, target, values, encoded }: { verb: Verb; target: string; values: Values; encoded: Encoded | undefined },
): 'connection' | 'target' | 'fields' | 'payload' | undefined {
	if (targetProblem(verb, target)) return 'target';
	if (firstProblem(verb.fields, values)) return 'fields';
	if (encoded && 'problem' in encoded) return 'payload';
	return isOpen(store.status) ? undefined : 'connection';
}
