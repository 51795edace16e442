import type { Values } from '../../model/profile/field';
import type { ProtocolDescription } from '../../protocols/description';
import type { IdleBytes } from './types';

/** The traffic of an idle connection as its keep-alive has it; undefined: nothing is sent. */
export function idleOf({ comparison }: ProtocolDescription, values: Values): IdleBytes | undefined {
	const idle = comparison?.idle(values);
	if (!idle) return undefined;
	const times = 3600 / idle.every;
	return {
		perHour: { sent: Math.round(idle.sent * times), received: Math.round(idle.received * times) },
		what: `${idle.what} every ${idle.every.toLocaleString('en')} s`,
	};
}
