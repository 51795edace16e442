import { fail } from '../../../base/failure';
import type { ActResult, Intent, Question } from '../../../model/contracts/browse';
import type { Values } from '../../../model/profile/field';
import type { Act } from '../../adapter';
import { peerText } from '../../shared/peer-text';
import { textValue } from '../../shared/values';
import type { Amqp1Action } from '../describe/ids';
import { type Outcome, outcomeText, type Settling } from '../messages/settling';

const rejected = (values: Values): Outcome => ({
	kind: 'rejected',
	condition: textValue(values, 'condition') ?? '',
	description: textValue(values, 'description') ?? '',
});

const modified = (values: Values): Outcome => ({
	kind: 'modified',
	failed: values.failed !== false,
	undeliverable: values.undeliverable === true,
});

function outcomeOf(action: Amqp1Action, values: Values): Outcome {
	const kind =
		action === 'settle-all'
			? values.outcome
			: { accept: 'accepted', release: 'released', reject: 'rejected', modify: 'modified' }[action];
	if (kind === 'rejected') return rejected(values);
	if (kind === 'modified') return modified(values);
	return { kind: kind === 'released' ? 'released' : 'accepted' };
}

const messages = (count: number) => (count === 1 ? '1 message' : `${count.toLocaleString('en')} messages`);

/** Settles the selected messages, or all that wait. */
export function settle(settling: Settling, act: Act): ActResult {
	const known: readonly string[] = ['accept', 'release', 'reject', 'modify', 'settle-all'] satisfies Amqp1Action[];
	if (!known.includes(act.action)) throw fail('no-action', 'This connection does not support that action.');
	const outcome = outcomeOf(act.action as Amqp1Action, act.values);
	const lines = act.action === 'settle-all' ? settling.lines() : act.messages.map(({ seq }) => seq);
	let done = 0;
	for (const seq of lines) if (settling.settle(seq, outcome)) done++;
	if (done === 0)
		throw fail('settled', 'None of these messages waits for an outcome any more.', {
			remedy: { text: 'The server delivers messages again that were not settled before their link ended.' },
		});
	const missing = lines.length - done;
	return {
		text: `Settled ${messages(done)}: ${outcomeText(outcome)}.${missing > 0 ? ` ${messages(missing)} no longer waited for an outcome.` : ''}`,
		...(missing > 0 && { bad: true }),
	};
}

/** The question before messages are taken. AMQP 1.0 has no way to count those at an address. */
export async function ask(intent: Intent): Promise<Question | undefined> {
	if (intent.kind !== 'subscribe') return undefined;
	const { target, mode } = intent.subscription;
	const address = `"${peerText(target, { most: 100 })}"`;
	switch (mode) {
		case 'release':
			return {
				text: `Receive from ${address} and release?`,
				detail:
					'Messages are taken and put back when no more arrive. Others do not get them meanwhile, their order may change, and some servers count it as a delivery.',
				button: 'Receive and Release',
			};
		case 'receive':
			return {
				text: `Receive from ${address}?`,
				detail:
					'Messages are taken and wait for your outcome. Others do not get them meanwhile. Those that are not settled when receiving ends go back.',
				button: 'Receive',
			};
		case 'consume':
			return {
				text: `Receive from ${address} and accept?`,
				detail: 'All messages of the address are removed as they arrive, and other receivers do not get them.',
				button: 'Receive and Accept',
			};
		default:
			return undefined;
	}
}
