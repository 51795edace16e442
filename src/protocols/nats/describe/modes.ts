import type { Subscription } from '../../../model/profile/profile';
import type { Mode } from '../../description';
import type { NatsMode } from './ids';
import { checkFilter } from './subjects';

/** Ways to receive. */
export const modes: readonly Mode<NatsMode>[] = [
	{
		id: 'subscribe',
		label: 'Subscribe',
		icon: 'eye',
		placeholder: 'orders.*.created',
		sideEffect: 'The server sends copies to this client from now on. Nothing changes for other clients.',
		fields: [
			{
				key: 'internal',
				label: 'Show internal subjects',
				type: 'boolean',
				default: false,
				help: 'A wildcard at the start leaves out subjects that begin with "$" or "_INBOX", such as those of JetStream.',
				advanced: true,
			},
		],
	},
	{
		id: 'queue',
		label: 'Join Queue Group',
		menu: 'Join Queue Group…',
		stop: 'Leave Queue Group',
		icon: 'organization',
		placeholder: 'jobs.>',
		form: true,
		intrusive: true,
		sideEffect: 'Takes a share of the messages away from the other members of the group.',
		fields: [{ key: 'queue', label: 'Queue group', type: 'text', required: true, placeholder: 'workers' }],
	},
];

/** One sentence that says what is wrong with the target of a subscription, or undefined. */
export function checkTarget(target: string, _mode?: string): string | undefined {
	return checkFilter(target);
}

/** Two queue groups may have the same subject. */
export function identity({ target, mode = 'subscribe', queue = '' }: Subscription): string {
	return JSON.stringify(mode === 'queue' ? [target, mode, queue] : [target, mode]);
}
